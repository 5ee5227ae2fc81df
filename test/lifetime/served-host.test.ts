import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { HcsError } from 'hostcompute';
import { ComputeSystem, grantVmGroupAccess, Host, isAccessDenied } from 'hostcompute';
import type { Caller, Completed, HostPolicy, HostServer, RemoteCall } from 'hostcompute/remote';
import { serveHost } from 'hostcompute/remote';
import { Simulator } from 'hostcompute/simulator';

import { allowing, policyNow } from '../support/allowing-policy.js';
import { containerDocument } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { rawClient, wire } from '../support/raw-client.js';
import { textOf } from '../support/text.js';

const onWindows = process.platform === 'win32';

describe('serveHost()', () => {
  let folder: string;
  let name: string;
  let policy: HostPolicy;
  let server: HostServer;
  let simulator: Simulator;
  let children: ChildProcess[];
  let served = 0;

  const asked = policyNow(() => policy);
  const open = (): Promise<Host> => Host.open({ broker: name });
  /** Threads and descriptors of this process, where the system tells. */
  const resources = (): number =>
    process.platform === 'linux' ? ['task', 'fd'].flatMap((of) => readdirSync(`/proc/self/${of}`)).length : 0;
  const create = (host: Host, id = 'web'): Promise<ComputeSystem> =>
    ComputeSystem.create(id, containerDocument(), { host });
  const until = async (done: () => boolean): Promise<void> => {
    assert.ok(await eventually(turn, done));
  };
  const begin = async (id: string): Promise<ChildProcess> => {
    const child = fork(fileURLToPath(new URL('./programs/served-client.js', import.meta.url)), [name, id]);
    children.push(child);
    await once(child, 'message');
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    simulator = await Simulator.open();
  });
  beforeEach(async () => {
    await simulator.reset();
    policy = allowing;
    children = [];
    const last = `host-${++served}`;
    name = onWindows ? `\\\\.\\pipe\\${basename(folder)}-${last}` : join(folder, last);
    server = await serveHost({ name, policy: asked, host: 'simulated' });
  });
  afterEach(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child);
    await server.close();
    assert.deepEqual(server.state(), { clients: 0, handles: 0, callsInFlight: 0 });
  });
  after(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves the API, streams included', async () => {
    await using host = await open();
    assert.equal(host.kind, 'brokered');
    await using system = await create(host);
    await system.start();
    await using child = await system.createProcess({ command: 'sim-cat' });
    const text = textOf(child.stdout);
    const sent = 'ü漢😀'.repeat(50_000);
    child.stdin.end(sent);
    assert.equal(await text, sent);
    assert.equal((await child.exited).exitCode, 0);
    const { exited } = system;
    await simulator.exit('web');
    assert.equal((await exited).status, 0xc0370106);
  });

  it('serves vmcompute.dll only, and refuses computecore.dll by name', async () => {
    await assert.rejects(Host.open({ broker: name }, { api: 'computecore' }), {
      code: 'ERR_HC_LIBRARY',
      message: /cannot be opened for computecore\.dll: .* Open it with \{ api: "vmcompute" \}/,
    });
    await using host = await Host.open({ broker: name }, { api: 'auto' });
    assert.equal(host.api, 'vmcompute');
    await assert.rejects(grantVmGroupAccess(fileURLToPath(import.meta.url), { host }), {
      operation: 'HcsGrantVmGroupAccess',
      status: 0x8007007f,
    });
    // A client that asks all the same.
    const { calls, life } = await rawClient(name);
    const { none, wanted } = wire;
    assert.equal(await calls.call('HcsCreateOperation', none, none, wanted), 0x8007007f);
    for (const { socket } of [calls, life]) socket.destroy();
    await until(() => server.state().clients === 1);
  });

  it('says who the caller is, by what the system proves', async () => {
    const callers: Caller[] = [];
    policy = { ...allowing, connected: (_, caller) => callers.push(caller) === 1 };
    await using host = await open();
    assert.equal(host.kind, 'brokered');
    const [caller] = callers;
    assert.match(caller!.user, onWindows ? /^S-1-5-/ : new RegExp(`^uid:${process.getuid!()}$`));
    assert.ok(caller!.groups.length > 0);
  });

  it('does not serve whom the policy does not', async () => {
    policy = { ...allowing, connected: () => false };
    await assert.rejects(open(), (error: HcsError) => {
      assert.equal(error.code, 'ERR_HC_LIBRARY');
      assert.match(error.message, /does not serve this user\. Start the broker, and see that its policy/);
      return true;
    });
    await until(() => server.state().clients === 0);
  });

  it('refuses a call with the status and the message of the policy', async () => {
    policy = { ...allowing, decide: ({ name }) => refused(name === 'HcsStartComputeSystem') };
    await using host = await open();
    await using system = await create(host);
    await assert.rejects(system.start(), (error: HcsError) => {
      assert.ok(isAccessDenied(error));
      assert.match(error.message, /Not on a Monday\./);
      return true;
    });
    assert.equal((await simulator.state()).Systems[0]!.State, 'Created');
  });

  const refused = (is: boolean): ReturnType<HostPolicy['decide']> =>
    is ? { refuse: 0x80070005, message: 'Not on a Monday.' } : { allow: {} };

  it('makes the call with the inputs of the policy, and answers with its outputs', async () => {
    policy = {
      ...allowing,
      decide: ({ name, inputs }) => ({
        allow: name === 'HcsCreateComputeSystem' ? { id: `mine-${String(inputs.id)}` } : {},
      }),
      completed: ({ name }) =>
        name === 'HcsGetComputeSystemProperties' ? { properties: '{"Id":"renamed"}' } : undefined,
    };
    await using host = await open();
    await using system = await create(host);
    assert.deepEqual(await system.properties(), { Id: 'renamed' });
    assert.equal((await simulator.state()).Systems[0]!.Id, 'mine-web');
  });

  it('passes on of a notification what the policy lets the client read', async () => {
    policy = { ...allowing, notification: (_, text) => text.replace('secret', '(left out)') };
    await using host = await open();
    await using system = await create(host);
    const raised = new Promise<string | undefined>((resolve) => {
      system.on('notification', ({ type, data }) => {
        if (type === 'SystemPassThru') resolve(data);
      });
    });
    await simulator.notify({ system: 'web', type: 0x10, data: 'a secret' });
    assert.equal(await raised, 'a (left out)');
  });

  it('closes what a killed client had open, and then undoes what the policy says', async () => {
    const undone: string[] = [];
    policy = {
      ...allowing,
      disconnected: () => [
        {
          library: 'vmcompute',
          name: 'HcsGetServiceProperties',
          inputs: { propertyQuery: '{"PropertyTypes":["Basic"]}' },
        },
      ],
    };
    await simulator.startTrace();
    await kill(await begin('left'));
    await until(() => server.state().handles === 0 && server.state().clients === 0);
    await until(() => server.state().callsInFlight === 0);
    const lines = await simulator.trace();
    for (const line of lines) undone.push(...(/Hcs(?:Close|GetService)\w+/.exec(line) ?? []));
    assert.deepEqual([...new Set(undone)], ['HcsCloseProcess', 'HcsCloseComputeSystem', 'HcsGetServiceProperties']);
    // Its document says that it ends with its last handle.
    assert.deepEqual(
      (await simulator.state()).Systems.filter(({ State }) => State !== 'Stopped'),
      [],
    );
  });

  it('closes what a call opens for a client that has gone, and terminates it', async () => {
    await simulator.inject({ function: 'vmcompute.HcsCreateComputeSystem', block: true });
    const completed: string[] = [];
    policy = {
      ...allowing,
      completed: ({ name }, { status }) => void completed.push(`${name} ${status.toString(16)}`),
    };
    const document = { ...containerDocument(), ShouldTerminateOnLastHandleClosed: false };
    const host = await open();
    const creating = assert.rejects(ComputeSystem.create('late', document, { host }));
    assert.ok(await simulator.reached({ callsInside: 1 }));
    await server.close({ timeoutMs: 0 });
    await creating;
    await host.close();
    await simulator.clear();
    assert.ok(await simulator.reached({ callsInside: 0, handles: { system: 0 } }));
  });

  it('makes no call for a client that goes while the policy decides', async () => {
    const decided = new EventEmitter();
    const completed: [string, Completed][] = [];
    policy = {
      ...allowing,
      decide: async ({ name }: RemoteCall) => {
        if (name !== 'HcsStartComputeSystem') return { allow: {} };
        decided.emit('asked');
        await once(decided, 'answer');
        return { allow: {} };
      },
      completed: ({ name }, answer) => void completed.push([name, answer]),
    };
    const child = fork(fileURLToPath(new URL('./programs/served-client.js', import.meta.url)), [name, 'undecided']);
    children.push(child);
    await once(decided, 'asked');
    await kill(child);
    await until(() => server.state().clients === 0);
    decided.emit('answer');
    await until(() => completed.some(([function_]) => function_ === 'HcsStartComputeSystem'));
    assert.equal(completed.find(([function_]) => function_ === 'HcsStartComputeSystem')![1].status, 0x80004004);
    await until(() => server.state().handles === 0);
    assert.ok(await simulator.reached({ callsInside: 0 }));
  });

  it('serves others while the host does not answer one', async () => {
    await using host = await open();
    await using system = await create(host);
    const fault = await simulator.inject({ function: 'vmcompute.HcsStartComputeSystem', block: true, system: 'web' });
    const starting = system.start();
    assert.ok(await simulator.reached({ callsInside: 1 }));
    await kill(await begin('other'));
    await fault.release();
    await starting;
  });

  it('refuses when the policy throws, and goes on', async () => {
    const warning = once(process, 'warning') as Promise<[{ code?: string }]>;
    policy = {
      ...allowing,
      decide: () => {
        throw new Error('a defect');
      },
    };
    await using host = await open();
    await assert.rejects(create(host), isAccessDenied);
    assert.equal((await warning)[0].code, 'HC_POLICY');
    policy = allowing;
    await using system = await create(host);
    assert.equal(system.id, 'web');
  });

  it('keeps from the client the texts that the policy could not look at', async () => {
    process.once('warning', () => undefined);
    policy = {
      ...allowing,
      completed: () => {
        throw new Error('a defect');
      },
    };
    await using host = await open();
    await using system = await create(host);
    await assert.rejects(system.properties(), { code: 'ERR_HC_DOCUMENT' });
  });

  it('disconnects its clients when it is closed, and another may serve there', async () => {
    await using host = await open();
    await using system = await create(host);
    const gone = once(system, 'disconnect');
    await server.close();
    await gone;
    assert.equal(!onWindows && existsSync(name), false);
    server = await serveHost({ name, policy: asked, host: 'simulated' });
    await using again = await open();
    await using other = await create(again, 'again');
    assert.equal(other.id, 'again');
    // A handle of the connection that has ended is none of the new one.
    await assert.rejects(system.properties());
  });

  it('keeps nothing of a client that has gone', async () => {
    await (await open()).close();
    await until(() => server.state().clients === 0);
    const before = resources();
    for (let count = 0; count < 20; count++) await (await open()).close();
    // Threads end in their own time.
    await until(() => server.state().clients === 0 && resources() <= before);
  });

  it('rejects a name that another serves, and one that is none', async () => {
    await assert.rejects(serveHost({ name, policy: asked, host: 'simulated' }), {
      code: 'ERR_HC_SERVE',
      message: /is served by another process\.$/,
    });
    await assert.rejects(serveHost({ name: 'relative', policy: asked, host: 'simulated' }), {
      code: 'ERR_HC_ARGUMENT',
    });
    await assert.rejects(Host.open({ broker: 'relative' }), { code: 'ERR_HC_ARGUMENT' });
  });
});
