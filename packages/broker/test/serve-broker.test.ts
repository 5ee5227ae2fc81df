import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { SystemDocument } from 'hostcompute';
import { Host, LayerStore } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import type { ServedBroker } from '../src/index.js';
import { serveBroker } from '../src/index.js';
import type { ClientProcess } from './support/served.js';
import { clientOf } from './support/served.js';

const document = (more: object = {}): SystemDocument => ({
  Owner: 'mine',
  SchemaVersion: { Major: 2, Minor: 1 },
  Container: { GuestOs: { HostName: 'web' }, ...more },
});

// Paths are held by the form of Linux here; the tests of windows-folders and of the transport run on Windows as well.
if (process.platform === 'linux') {
  describe('A served broker', () => {
    let folder: string;
    let name: string;
    let broker: ServedBroker;
    let simulator: Simulator;
    let clients: ClientProcess[];
    const me = process.getuid!();
    const others = me === 0 ? [12345, 12346] : [];

    const policy = (
      limits: object = {},
      calls = ['look', 'list', 'service', 'run', 'state', 'create', 'layers'],
    ): string =>
      JSON.stringify({
        version: 1,
        rules: [
          {
            name: 'tests',
            users: [me, ...others].map((user) => `uid:${user}`),
            prefix: 'test',
            calls,
            folders: [
              { path: join(folder, 'layers'), use: ['layers'], access: 'read' },
              { path: join(folder, 'work'), use: ['layers'], access: 'write' },
            ],
            limits,
          },
        ],
      });
    const serve = async (limits?: object): Promise<void> => {
      writeFileSync(join(folder, 'policy.json'), policy(limits), { mode: 0o600 });
      broker = await serveBroker({
        name,
        host: 'simulated',
        policy: join(folder, 'policy.json'),
        audit: join(folder, 'audit.jsonl'),
        layers: join(folder, 'layers.jsonl'),
      });
    };
    const client = async (user?: number): Promise<ClientProcess> => {
      const made = await clientOf(name, user === me ? undefined : user);
      clients.push(made);
      return made;
    };
    const empty = { clients: 0, handles: 0, callsInFlight: 0 };
    const untilEmpty = async (): Promise<void> => {
      while (JSON.stringify(broker.server.state()) !== JSON.stringify(empty)) await turn();
    };
    const plain = document();

    beforeEach(async () => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostcompute-broker-')));
      chmodSync(folder, 0o755);
      for (const each of ['layers', 'work']) mkdirSync(join(folder, each));
      name = join(folder, 'socket');
      clients = [];
      simulator = await Simulator.open();
      await simulator.reset();
    });
    afterEach(async () => {
      for (const each of clients) await each.kill();
      await broker.close();
      assert.deepEqual(broker.server.state(), empty);
      await simulator.close();
      rmSync(folder, { recursive: true });
    });

    it('serves vmcompute.dll, and refuses a client that asks for computecore.dll with what to do', async () => {
      await serve();
      await assert.rejects(Host.open({ broker: name }, { api: 'computecore' }), {
        code: 'ERR_HC_LIBRARY',
        remedy: 'Open it with { api: "vmcompute" } or { api: "auto" }.',
      });
      await using host = await Host.open({ broker: name }, { api: 'auto' });
      assert.equal(host.api, 'vmcompute');
    });

    it('shows a client its own systems, by its own names and owner', async () => {
      await serve();
      const one = await client();
      await one.does({ create: 'web', document: plain });
      await one.does({ start: 'web' });
      assert.deepEqual(await one.does({ list: true }), [['web', 'mine']]);
      assert.equal(await one.does({ find: 'web' }), 'web');
      const [system] = (await simulator.state()).Systems;
      assert.match(system!.Id, /^test-[\da-f]{16}-web$/);
    });

    for (const user of others.slice(0, 1)) {
      it('hides the systems of a user from another', async () => {
        await serve();
        const one = await client(user);
        const other = await client(others[1]);
        await one.does({ create: 'web', document: plain });
        assert.deepEqual(await other.does({ list: true }), []);
        const [system] = (await simulator.state()).Systems;
        for (const id of ['web', system!.Id]) {
          assert.equal((await other.ask({ find: id })).code, 'HCS_E_SYSTEM_NOT_FOUND');
        }
        await other.does({ create: 'web', document: plain });
        assert.deepEqual(await other.does({ list: true }), [['web', 'mine']]);
        assert.equal((await simulator.state()).Systems.length, 2);
      });

      it('serves nobody whom no rule names', async () => {
        await serve();
        await assert.rejects(
          clientOf(name, 54321),
          /The broker .* (?:is served by no process|does not answer|does not serve)/,
        );
      });
    }

    it('ends the systems and undoes the mounts of a killed client', async () => {
      await using local = await Host.open('simulated');
      const base = join(folder, 'layers', 'base');
      mkdirSync(join(base, 'Files'), { recursive: true });
      writeFileSync(join(base, 'Files.$wcidirs$'), Buffer.from([0x10, 0, 0, 0]));
      await (await LayerStore.open(join(folder, 'layers'), { host: local })).processBaseImage(base);
      await serve();
      const one = await client();
      const storage = await one.does({ mount: 'scratch', folder: join(folder, 'work'), parents: [base] });
      await one.does({ create: 'web', document: document({ Storage: storage }) });
      await one.does({ start: 'web' });
      assert.equal((await simulator.state()).Systems[0]!.State, 'Running');
      await one.kill();
      await untilEmpty();
      const { Systems, Layers } = await simulator.state();
      assert.deepEqual(
        Systems.filter(({ State }) => State !== 'Stopped'),
        [],
      );
      assert.deepEqual(Layers, []);
    });

    it('holds a user to the limits of the policy over all connections, and gives back what goes', async () => {
      await serve({ systems: 2, connections: 3 });
      const one = await client();
      const two = await client();
      await one.does({ create: 'a', document: plain });
      await two.does({ create: 'b', document: plain });
      const third = await one.ask({ create: 'c', document: plain });
      assert.match(third.message!, /The policy allows this user 2 systems; this would be 3\. Close others first\./);
      await two.kill();
      // What a client had counts until the host has closed it.
      const { server } = broker;
      while (server.state().clients !== 1 || server.state().handles !== 1) await turn();
      await one.does({ create: 'c', document: plain });
      await client();
      await client();
      await assert.rejects(client(), /does not serve this user/);
    });

    it('writes each decision before the call, and its result after it', async () => {
      await serve();
      const one = await client();
      await one.does({ create: 'web', document: plain });
      const refused = await one.ask({ create: 'worse', document: document({ RegistryChanges: 1, Unknown: 1 }) });
      assert.notEqual(refused.code, undefined);
      const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; call?: string; allowed?: boolean; user?: string });
      assert.equal(lines[0]!.event, 'connect');
      const creates = lines.filter(({ call, event }) => (call ?? '').includes('HcsCreate') && event === 'decision');
      assert.deepEqual(
        creates.map(({ allowed }) => allowed),
        [true, false],
      );
      assert.ok(lines.some(({ event }) => event === 'result'));
    });

    it('is a command, which reads the policy again on SIGHUP and ends on SIGTERM', async () => {
      await serve();
      await broker.close();
      const program = fileURLToPath(new URL('../src/program.js', import.meta.url));
      const files = ['policy.json', 'audit.jsonl', 'layers.jsonl'].map((file) => join(folder, file));
      const words = ['--name', name, '--policy', files[0]!, '--audit', files[1]!, '--layers', files[2]!];
      const child = spawn(process.execPath, [program, ...words, '--host', 'simulated'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      const line = async (): Promise<string> => String(((await once(child.stdout, 'data')) as [Buffer])[0]).trim();
      assert.equal(await line(), `The simulated host is served at ${name}`);
      const one = await client();
      await one.does({ create: 'web', document: plain });
      writeFileSync(files[0]!, policy({}, ['look']));
      child.kill('SIGHUP');
      assert.equal(await line(), 'The policy has been read again');
      const { message } = await one.ask({ create: 'more', document: plain });
      assert.match(message!, /does not allow vmcompute\.HcsCreateComputeSystem to this user/);
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
      assert.equal(existsSync(name), false);
    });
  });
}
