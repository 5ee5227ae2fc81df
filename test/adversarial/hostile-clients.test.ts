import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { ComputeSystem, Host } from 'hostcompute';
import type { HostServer } from 'hostcompute/remote';
import { serveHost } from 'hostcompute/remote';
import { Simulator } from 'hostcompute/simulator';

import { functionKeys } from '../../src/remote/arguments.js';
import { allowing } from '../support/allowing-policy.js';
import { containerDocument } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { RawConnection, rawClient, wire } from '../support/raw-client.js';

const onWindows = process.platform === 'win32';

/** The same numbers each time. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('Hostile clients of a server, 200 at once', () => {
  let folder: string;
  let name: string;
  let server: HostServer;
  let simulator: Simulator;
  let hostile: RawConnection[];
  const many = 200;

  const { u32, text, given, none, wanted } = wire;
  const create = (id: string): Buffer =>
    Buffer.concat([
      u32(functionKeys.indexOf('vmcompute.HcsCreateComputeSystem')),
      given(text(id)),
      given(text(JSON.stringify(containerDocument()))),
      none,
      wanted,
      wanted,
    ]);
  const framed = (bytes: Buffer): Buffer => Buffer.concat([u32(bytes.length), u32(0), bytes]);
  const client = async (): Promise<RawConnection> => {
    const { life, calls } = await rawClient(name);
    hostile.push(life, calls);
    return calls;
  };
  const until = async (done: () => boolean): Promise<void> => {
    assert.ok(await eventually(turn, done));
  };
  /** Somebody else is served as ever. */
  const works = async (): Promise<void> => {
    await using host = await Host.open({ broker: name });
    await using system = await ComputeSystem.create('honest', containerDocument(), { host });
    await system.start();
    await using child = await system.createProcess({ command: 'cmd /c ver' });
    child.stdout.resume();
    assert.equal((await child.exited).exitCode, 0);
    await system.terminate();
  };
  const leave = async (): Promise<void> => {
    for (const { socket } of hostile) socket.destroy();
    await until(() => server.state().clients === 0 && server.state().handles === 0);
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    name = onWindows ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'host');
    simulator = await Simulator.open();
    await simulator.reset();
    server = await serveHost({ name, policy: allowing, host: 'simulated' });
  });
  beforeEach(() => {
    hostile = [];
  });
  after(async () => {
    await server.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stop in the middle of a request, at another byte each, and disturb nobody', async () => {
    const request = framed(create('cut'));
    for (let at = 0; at < many; at++) {
      const { socket } = await client();
      socket.write(request.subarray(0, Math.floor((at * request.length) / many)));
    }
    assert.equal(server.state().clients, many);
    await works();
    await leave();
    await works();
  });

  it('go at another byte of a request each, and leave nothing', async () => {
    const request = framed(create('gone'));
    for (let cut = 0; cut < request.length; cut += 3) {
      const calls = await client();
      calls.socket.write(request.subarray(0, cut));
      for (const { socket } of hostile.splice(0)) socket.destroySoon();
    }
    await works();
    await leave();
    assert.ok(await simulator.reached({ callsInside: 0, handles: { system: 0, process: 0, registration: 0 } }));
  });

  it('do not read what they are answered, and keep nobody waiting', async () => {
    const list = framed(
      Buffer.concat([u32(functionKeys.indexOf('vmcompute.HcsGetServiceProperties')), none, wanted, wanted]),
    );
    const requests = Buffer.concat(Array<Buffer>(64).fill(list));
    for (let at = 0; at < many; at++) (await client()).socket.pause().write(requests);
    await works();
    await leave();
  });

  it('send arbitrary bytes in the place of requests, and end their own connections only', async () => {
    const number = numbersFrom(15);
    const whole = create('fuzzed');
    for (let round = 0; round < 2 * many; round++) {
      const calls = await client();
      const bytes = Buffer.from(whole);
      bytes.writeUInt32LE(number(functionKeys.length + 2), 0);
      for (let change = number(6); change >= 0; change--) bytes[number(bytes.length)] = number(256);
      calls.socket.write(framed(bytes.subarray(0, 4 + number(bytes.length - 3))));
      if (round % 2 === 1) for (const { socket } of hostile.splice(0)) socket.destroySoon();
    }
    await works();
    await leave();
  });

  it('connect and say nothing, and the others find a place', async () => {
    for (let at = 0; at < many; at++) {
      const connection = new RawConnection(name);
      hostile.push(connection);
      await once(connection.socket, 'connect');
    }
    await works();
    await leave();
  });
});
