import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/documents.js';

const onWindows = process.platform === 'win32';
const greeted = { welcome: 0, otherVersion: 1, noSession: 4 };

/** A frame: how many bytes it has, how many streams come beside them, and the bytes. */
function frame(bytes: Buffer, claims = bytes.length): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(claims, 0);
  return Buffer.concat([header, bytes]);
}

/** The first frame of a server: version, answer, session. */
async function greeting(socket: Socket): Promise<{ list: number; answer: number; session: Buffer }> {
  let got = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    got = Buffer.concat([got, chunk]);
    if (got.length >= 8 && got.length >= 8 + got.readUInt32LE(0)) break;
  }
  return { list: got.readUInt32LE(8 + 8), answer: got[8 + 12]!, session: got.subarray(8 + 13) };
}

/** What a client says first. The list of functions is that of the server, which tells it to everybody. */
function hello(list: number, purpose: number, session: Buffer = Buffer.alloc(24)): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(0x48435231, 0);
  bytes.writeUInt16LE(1, 4);
  bytes.writeUInt32LE(list, 8);
  return frame(Buffer.concat([bytes, Buffer.from([purpose]), session]));
}

describe('A remote simulator with a hostile client', () => {
  let folder: string;
  let server: ChildProcess;
  let simulator: Simulator;
  let list: number;
  const sockets: Socket[] = [];
  const path = (): string => (onWindows ? `\\\\.\\pipe\\${basename(folder)}-hostile` : join(folder, 'hostile.sock'));

  const start = async (program: string, ...args: string[]): Promise<ChildProcess> => {
    const child = fork(fileURLToPath(new URL(`./programs/${program}.js`, import.meta.url)), [path(), ...args]);
    await once(child, 'message');
    return child;
  };
  const open = async (...bytes: Buffer[]): Promise<Socket> => {
    const socket = connect(path());
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    for (const each of bytes) socket.write(each);
    return socket;
  };
  const life = async (): Promise<Buffer> => {
    const { answer, session } = await greeting(await open(hello(list, 0)));
    assert.equal(answer, greeted.welcome);
    return session;
  };
  /** Another client is served as ever. */
  const works = async (): Promise<void> => {
    const { host } = simulator;
    await using system = await ComputeSystem.create('beside', containerDocument(), { host });
    await system.start();
    await system.terminate();
  };
  const ended = async (socket: Socket): Promise<void> => {
    socket.resume();
    // Also by an error, which is not looked at.
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    server = await start('serve-host');
    simulator = await Simulator.connect(path());
    ({ list } = await greeting(await open(frame(Buffer.from('what is this?')))));
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(async () => {
    await simulator.close();
    const over = once(server, 'exit');
    server.kill('SIGKILL');
    await over;
    rmSync(folder, { recursive: true, force: true });
  });

  it('says which version it speaks to one that speaks another', async () => {
    const { answer } = await greeting(await open(frame(Buffer.from('what is this?'))));
    assert.equal(answer, greeted.otherVersion);
    const other = hello(list, 0);
    other.writeUInt16LE(2, 8 + 4);
    assert.equal((await greeting(await open(other))).answer, greeted.otherVersion);
    await works();
  });

  it('lets nobody into the session of another client', async () => {
    const session = await life();
    for (let byte = 0; byte < session.length; byte++) {
      const guess = Buffer.from(session);
      guess[byte]! ^= 1;
      assert.equal((await greeting(await open(hello(list, 1, guess)))).answer, greeted.noSession, `byte ${byte}`);
    }
    assert.equal((await greeting(await open(hello(list, 1, session)))).answer, greeted.welcome);
    await works();
  });

  it('serves others while a first message stops at any byte, and after it is cut off there', async () => {
    const whole = hello(list, 0);
    for (let cut = 0; cut < whole.length; cut++) await open(whole.subarray(0, cut));
    await works();
    for (const socket of sockets) socket.destroy();
    await works();
  });

  it('serves others while a request stops at any byte, and after it is cut off there', async () => {
    const session = await life();
    const request = frame(Buffer.concat([Buffer.from([0, 0, 0, 0, 1, 1, 2, 0, 0, 0]), Buffer.from('{}', 'utf16le')]));
    for (let cut = 0; cut < request.length; cut++) {
      const socket = await open(hello(list, 1, session));
      assert.equal((await greeting(socket)).answer, greeted.welcome);
      socket.write(request.subarray(0, cut));
    }
    await works();
    for (const socket of sockets) socket.destroy();
    await works();
  });

  it('disconnects one that claims more bytes than a request may have', async () => {
    const socket = await open(hello(list, 1, await life()));
    assert.equal((await greeting(socket)).answer, greeted.welcome);
    socket.write(frame(Buffer.alloc(16), 17 * 2 ** 20));
    await ended(socket);
    await works();
  });

  it('disconnects one that asks for a function that there is not, or for less than its arguments', async () => {
    for (const request of [Buffer.from([255, 255, 0, 0]), Buffer.from([1, 0, 0, 0, 1]), Buffer.alloc(0)]) {
      const socket = await open(hello(list, 1, await life()));
      assert.equal((await greeting(socket)).answer, greeted.welcome);
      socket.write(frame(request));
      await ended(socket);
    }
    await works();
  });

  // Windows cannot stop a process.
  if (!onWindows) {
    it('goes on when a client does not read its notifications', async () => {
      const client = await start('remote-client', 'watch');
      client.kill('SIGSTOP');
      const data = 'x'.repeat(1000);
      for (let i = 0; i < 5; i++) await simulator.notify({ system: 'watched', type: 0x77, data, count: 1000 });
      assert.ok(await simulator.reached({ undelivered: 0 }));
      await works();
      const over = once(client, 'exit');
      client.kill('SIGKILL');
      await over;
      assert.ok(await simulator.reached({ handles: { system: 0, process: 0, registration: 0 } }));
    });
  }
});
