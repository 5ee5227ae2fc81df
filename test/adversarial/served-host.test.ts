import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { ComputeSystem, Host } from 'hostcompute';
import type { HostPolicy, HostServer } from 'hostcompute/remote';
import { serveHost } from 'hostcompute/remote';
import { Simulator } from 'hostcompute/simulator';

import { allowing, policyNow } from '../support/allowing-policy.js';
import { containerDocument } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { RawConnection, rawClient, wire } from '../support/raw-client.js';

const onWindows = process.platform === 'win32';

describe('A server of a host', () => {
  let folder: string;
  let name: string;
  let policy: HostPolicy;
  let server: HostServer;
  let simulator: Simulator;
  let served = 0;

  const until = async (done: () => boolean): Promise<void> => {
    assert.ok(await eventually(turn, done));
  };
  const create = (host: Host): Promise<ComputeSystem> => ComputeSystem.create('web', containerDocument(), { host });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    simulator = await Simulator.open();
  });
  beforeEach(async () => {
    await simulator.reset();
    policy = allowing;
    const last = `host-${++served}`;
    name = onWindows ? `\\\\.\\pipe\\${basename(folder)}-${last}` : join(folder, last);
    server = await serveHost({ name, policy: policyNow(() => policy), host: 'simulated' });
  });
  afterEach(async () => {
    await server.close();
    assert.deepEqual(server.state(), { clients: 0, handles: 0, callsInFlight: 0 });
  });
  after(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const answer of [null, 'yes', 5, {}, { allow: null }, { refuse: 5n, message: 'x' }, { refuse: 5 }]) {
    const told = typeof answer === 'object' ? `of the members ${Object.keys(answer ?? {}).join(', ')}` : typeof answer;
    it(`refuses a call about which the policy says something else (${answer === null ? 'null' : told})`, async () => {
      policy = { ...allowing, decide: () => answer as never };
      await using host = await Host.open({ broker: name });
      await assert.rejects(create(host), { code: 'E_ACCESSDENIED' });
      assert.equal((await simulator.state()).Handles.System, 0);
    });
  }

  it('serves on when the policy returns no calls for a client that has gone, and no texts', async () => {
    policy = { ...allowing, disconnected: () => 5 as never, notification: () => 5 as never };
    const host = await Host.open({ broker: name });
    const system = await create(host);
    await system.start();
    await host.close();
    await until(() => server.state().handles === 0);
    await using next = await Host.open({ broker: name });
    assert.deepEqual(await ComputeSystem.list({}, { host: next }), []);
  });

  it('says that a client has gone when the host has closed what it had', async () => {
    const handles: number[] = [];
    policy = {
      ...allowing,
      disconnected: () => {
        handles.push(server.state().handles);
        return [];
      },
    };
    const { life, calls } = await rawClient(name);
    const { text, given, none, wanted } = wire;
    const document = JSON.stringify(containerDocument());
    const parts = [given(text('web')), given(text(document)), none, wanted, wanted];
    assert.equal(await calls.call('HcsCreateComputeSystem', ...parts), 0xc0370103);
    life.socket.destroy();
    calls.socket.destroy();
    await until(() => handles.length === 1);
    assert.deepEqual(handles, [0]);
  });

  it('ends the connection of a request that would keep the others waiting', async () => {
    const { life, calls } = await rawClient(name);
    const { text, given, u32 } = wire;
    const driver = given(u32(1), text(''));
    const layers = (count: number): Buffer =>
      given(u32(count), ...Array<Buffer>(count).fill(Buffer.concat([Buffer.alloc(20), text('')])));
    const prepare = (count: number): Promise<number | undefined> =>
      calls.call('PrepareLayer', driver, given(text('x')), layers(count));
    assert.notEqual(await prepare(4096), undefined);
    assert.equal(await prepare(4097), undefined);
    life.socket.destroy();
    const long = await rawClient(name);
    assert.equal(await long.calls.call('HcsCreateComputeSystem', given(text('x'.repeat(4 << 20)))), undefined);
    long.life.socket.destroy();
  });

  it('registers a client 64 times on a handle', async () => {
    const { life, calls } = await rawClient(name);
    const { text, given, none, wanted } = wire;
    const document = JSON.stringify(containerDocument());
    calls.send(wire.u32(1), given(text('web')), given(text(document)), none, wanted, wanted);
    const handle = (await calls.receive())!.subarray(4, 12);
    const register = (): Promise<number | undefined> =>
      calls.call('HcsRegisterComputeSystemCallback', given(handle), given(), given(Buffer.alloc(8)), wanted);
    for (let count = 0; count < 64; count++) assert.equal(await register(), 0);
    assert.equal(await register(), 0x80070718);
    life.socket.destroy();
    calls.socket.destroy();
  });

  it('drops the oldest of too many connections that say nothing', async function () {
    if (onWindows) this.timeout(30_000);
    const first = new RawConnection(name);
    await once(first.socket, 'connect');
    const others: RawConnection[] = [];
    for (let count = 0; count < 512; count++) {
      const next = new RawConnection(name);
      others.push(next);
      await once(next.socket, 'connect');
    }
    assert.equal(await first.receive(), undefined);
    const host = await Host.open({ broker: name });
    await host.close();
    for (const { socket } of others) socket.destroy();
  });
});
