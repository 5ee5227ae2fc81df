import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ComputeSystem, LayerStore, reap } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { limited } from '../support/backend.js';
import { containerDocument } from '../support/documents.js';
import { frame, greeting, hello, rawClient, wire } from '../support/raw-client.js';
import { textOf } from '../support/text.js';

const onWindows = process.platform === 'win32';

const greeted = { welcome: 0, otherVersion: 1, noSession: 4 };

describe('A remote simulator', () => {
  let folder: string;
  let children: ChildProcess[];
  const place = (name: string): string =>
    onWindows ? `\\\\.\\pipe\\${basename(folder)}-${name}` : join(folder, `${name}.sock`);
  const path = (): string => place('host');

  // Begun, and has said its first word.
  const begin = async (program: string, ...args: string[]): Promise<ChildProcess> => {
    const child = fork(fileURLToPath(new URL(`./programs/${program}.js`, import.meta.url)), [path(), ...args]);
    children.push(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => assert.fail(`${program} ended with ${String(code)}`)),
    ]);
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
  };

  // One for all: a process has one such host in its life.
  let simulator: Simulator;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    children = [];
    await begin('serve-host');
    simulator = await Simulator.connect(path());
  });
  beforeEach(async () => {
    await simulator.reset();
  });
  after(async () => {
    await simulator.close();
    for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is not the simulator of this process', async () => {
    const host = simulator.host;
    assert.equal(host.kind, 'simulated');
    await using system = await ComputeSystem.create('elsewhere', containerDocument(), { host });
    assert.equal((await ComputeSystem.list({}, { host })).length, 1);
    await using local = await Simulator.open();
    assert.deepEqual(await ComputeSystem.list({ Ids: [system.id] }, { host: local.host }), []);
  });

  for (const api of ['vmcompute', 'computecore'] as const) {
    it(`supports streams, notifications and processes through ${api}`, async () => {
      const own = await Simulator.connect(path(), { api });
      const { host } = own;
      assert.equal(host.api, api);
      await using system = await ComputeSystem.create('streams', containerDocument(), { host });
      await system.start();
      await using child = await system.createProcess({ command: 'sim-cat' });
      const text = textOf(child.stdout);
      const sent = 'ü漢😀'.repeat(50_000);
      child.stdin.end(sent);
      assert.equal(await text, sent);
      assert.equal((await child.exited).exitCode, 0);
      const { exited } = system;
      await simulator.exit('streams');
      assert.equal((await exited).status, 0xc0370106);
      await system.close();
      await own.close();
    });
  }

  it('keeps the systems of a killed client as Windows does, and reap() terminates them', async () => {
    const { host } = simulator;
    const client = await begin('remote-client', 'churn');
    await kill(client);
    // The host closes what the client had open, as it finds out.
    const none = { system: 0, process: 0, registration: 0 };
    assert.ok(await simulator.reached({ handles: none, callsInside: 0, undelivered: 0 }));
    const left = await ComputeSystem.list({ Owners: ['killed'] }, { host });
    // Beside them may be one that its last request creates, and closes, late.
    const isLeft = (id: string): boolean => id.startsWith('left');
    const ids = left.map(({ Id }) => Id!).filter(isLeft);
    assert.deepEqual(ids, ['left-1', 'left-2']);
    assert.ok(!left.some(({ Id }) => Id === 'ends-with-its-last-handle'));
    const found = await reap({ owner: 'killed', dryRun: true, host });
    assert.deepEqual(
      found.filter(({ id }) => isLeft(id)).map(({ id, outcome }) => [id, outcome]),
      ids.map((id) => [id, 'found']),
    );
    const reaped = await reap({ owner: 'killed', host });
    assert.deepEqual(
      reaped.filter(({ id }) => isLeft(id)).map(({ id, outcome }) => [id, outcome]),
      ids.map((id) => [id, 'terminated']),
    );
    assert.deepEqual(await ComputeSystem.list({}, { host }), []);
    assert.ok(await simulator.reached({ handles: none, programs: 0, pipes: 0, undelivered: 0 }));
  });

  it('keeps the layers that a killed client mounted: the next lists, unmounts and destroys them', async () => {
    const { host } = simulator;
    const layers = join(folder, 'layers');
    const active = async (): Promise<string[]> => (await simulator.state()).Layers.map(({ Name }) => Name);
    const client = await begin('remote-client', 'mount', layers);
    await kill(client);
    assert.deepEqual(await active(), ['scratch']);
    const store = await LayerStore.open(layers, { host });
    await assert.rejects(store.destroy('scratch'), { code: 'ERROR_SHARING_VIOLATION' });
    // The system that runs on it is left as well.
    await assert.rejects(store.unprepare('scratch'), { code: 'ERROR_SHARING_VIOLATION' });
    assert.deepEqual(
      (await reap({ owner: 'killed', host })).map(({ id, outcome }) => [id, outcome]),
      [['on-the-layer', 'terminated']],
    );
    await store.unprepare('scratch');
    await store.deactivate('scratch');
    assert.deepEqual(await active(), []);
    await store.destroy('scratch');
    assert.equal(await store.exists('scratch'), false);
  });

  it('is shared by all its clients', async () => {
    const client = await begin('remote-client', 'churn');
    const system = await ComputeSystem.open('left-1', { host: simulator.host });
    assert.equal((await system.processes()).length, 1);
    const { exited } = system;
    await system.terminate();
    assert.equal((await exited).status, 0);
    await system.close();
    await kill(client);
  });

  // Windows removes the name of a pipe with its last handle.
  if (!onWindows) {
    if (!limited('workerThreads')) {
      it('keeps its socket file while its process lives, when the worker thread that served it has ended', async () => {
        const program = fileURLToPath(new URL('./programs/serve-in-worker.js', import.meta.url));
        const server = fork(program, [place('worker')]);
        children.push(server);
        const ended = once(server, 'exit');
        assert.equal((await once(server, 'message'))[0], true);
        assert.deepEqual(await ended, [0, null]);
      });
    }

    it('removes its socket file when it ends, unless another server owns it by then', async () => {
      for (const isReplaced of [false, true]) {
        const socket = join(folder, `ending-${String(isReplaced)}.sock`);
        const server = fork(fileURLToPath(new URL('./programs/serve-host.js', import.meta.url)), [socket]);
        children.push(server);
        await once(server, 'message');
        assert.ok(existsSync(socket));
        if (isReplaced) {
          rmSync(socket);
          writeFileSync(socket, 'of another');
        }
        const ended = once(server, 'exit');
        server.disconnect();
        assert.deepEqual(await ended, [0, null]);
        assert.equal(existsSync(socket), isReplaced);
      }
    });
  }

  for (const api of ['vmcompute', 'computecore'] as const) {
    it(`disconnects its clients on ${api} when it is killed`, async () => {
      const own = new URL('./programs/serve-host.js', import.meta.url);
      const second = place(`second-${api}`);
      const server = fork(fileURLToPath(own), [second]);
      children.push(server);
      await once(server, 'message');
      const env = { ...process.env, HOSTCOMPUTE_API: api };
      const program = new URL('./programs/remote-client.js', import.meta.url);
      const client = fork(fileURLToPath(program), [second, 'watch'], { env });
      children.push(client);
      await once(client, 'message');
      const told = once(client, 'message');
      const ended = once(client, 'exit');
      await kill(server);
      assert.deepEqual(await told, [{ told: [true, true], refused: [true, true], left: [0, 0, 0, 0, 0] }, undefined]);
      assert.deepEqual(await ended, [0, null]);
    });
  }

  it('disconnects a client as a whole, when its requests take more bytes than they may', async () => {
    // Its first message is that its system is disconnected.
    const client = await begin('remote-client', 'oversized');
    if (client.exitCode === null) assert.deepEqual(await once(client, 'exit'), [0, null]);
    assert.ok(await simulator.reached({ handles: { system: 0, process: 0, registration: 0 } }));
  });

  it('rejects a name without a server, and a second name', async () => {
    await assert.rejects(Simulator.connect(place('nobody')), /this process has the host at/);
    await assert.rejects(simulator.serve(place('again')), /this host is already at/);
    await using local = await Simulator.open();
    await assert.rejects(local.serve(path()), /is served by another process/);
    if (onWindows) return;
    await assert.rejects(local.serve(join(folder, 'x'.repeat(200))), /more characters than the path of a socket/);
    await assert.rejects(local.serve(join(folder, 'nowhere', 'host.sock')), /cannot be served: No such file/);
  });

  it('is found by its default name, and ends with the command that serves it', async () => {
    const program = fileURLToPath(new URL('../../../dist/simulator/program.js', import.meta.url));
    const env = { ...process.env, HOSTCOMPUTE_SIMULATOR_SOCKET: place('command') };
    const command = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(command.stdout, 'data')) as [Buffer];
    assert.equal(line.toString().trim(), `The simulated host is served at ${place('command')}`);
    const client = fileURLToPath(new URL('./programs/remote-client.js', import.meta.url));
    const found = spawn(process.execPath, [client, 'default', 'list'], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    assert.deepEqual(await once(found, 'exit'), [0, null]);
    const ended = once(command, 'exit');
    command.kill();
    await ended;
  });

  describe('with a hostile client', () => {
    let list: number;
    const sockets: Socket[] = [];
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
      ({ list } = await greeting(await open(frame(Buffer.from('what is this?')))));
    });
    afterEach(() => {
      for (const socket of sockets.splice(0)) socket.destroy();
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
      socket.write(frame(Buffer.alloc(16), 65 * 2 ** 20));
      await ended(socket);
      await works();
    });

    it('disconnects one that sends bytes over the connection of its life', async () => {
      const socket = await open(hello(list, 0));
      assert.equal((await greeting(socket)).answer, greeted.welcome);
      socket.write(frame(Buffer.alloc(16), 2 ** 20));
      await ended(socket);
      await works();
    });

    it('disconnects one whose requests take more bytes together than they may', async () => {
      const session = await life();
      const most = Buffer.alloc(64 * 2 ** 20 - 1);
      const unfinished = async (): Promise<Socket> => {
        const socket = await open(hello(list, 1, session));
        assert.equal((await greeting(socket)).answer, greeted.welcome);
        socket.write(frame(most, most.length + 1));
        return socket;
      };
      const together = await Promise.all([unfinished(), unfinished(), unfinished()]);
      await Promise.race(together.map(ended));
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

    it('refuses operations that are none and functions that do not travel, and closes what is left', async () => {
      const { calls, life: whole } = await rawClient(path());
      sockets.push(calls.socket, whole.socket);
      const { given, none, wanted } = wire;
      const number = (value: number): Buffer => given(wire.u32(value), wire.u32(256));
      assert.equal(await calls.call('HcsShutDownComputeSystem', number(16), number(0x8000), none), 0x80070006);
      assert.equal(await calls.call('HcsGetOperationResult', number(0x8000), wanted), 0x80070006);
      // A callback without a listener.
      assert.equal(await calls.call('HcsCreateOperation', number(0), given(), wanted), 0);
      assert.ok(await simulator.reached({ handles: { operation: 1 } }));
      assert.equal(await calls.call('HcsGetOperationContext', number(16)), undefined);
      whole.socket.destroy();
      assert.ok(await simulator.reached({ handles: { operation: 0 } }));
      await works();
    });

    // Windows cannot stop a process.
    if (!onWindows) {
      it('goes on when a client does not read its notifications', async () => {
        const client = await begin('remote-client', 'watch');
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
});
