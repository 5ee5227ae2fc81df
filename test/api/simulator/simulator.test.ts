import assert from 'node:assert/strict';

import type { CrashReport, SystemDocument } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { hostedDocument, machineDocument } from '../../support/documents.js';
import { openings, useSimulator } from '../../support/host.js';

describe('Simulator state', () => {
  const bench = useSimulator();

  it('lists what is open, and which call opened it', async () => {
    const { simulator } = bench;
    const { Open: before } = await simulator.state();
    assert.deepEqual(before, []);
    const system = await bench.running();
    const again = await ComputeSystem.open(system.id, { host: simulator.host });
    const process = await bench.run('sim-sleep', again);
    const state = await simulator.state();
    const made = state.Systems[0]!.Call;
    assert.deepEqual(
      state.Open.filter(({ Kind }) => Kind !== 'Registration').map(({ Kind, Function, Process }) => [
        Kind,
        Function,
        Process,
      ]),
      [
        ['System', 'vmcompute.HcsCreateComputeSystem', undefined],
        ['System', 'vmcompute.HcsOpenComputeSystem', undefined],
        ['Process', 'vmcompute.HcsCreateProcess', process.pid],
        ['Program', 'vmcompute.HcsCreateProcess', process.pid],
      ],
    );
    assert.equal(state.Open[0]!.Call, made);
    const calls = state.Open.map(({ Call }) => Call);
    assert.deepEqual(
      calls,
      calls.toSorted((a, b) => a - b),
    );
    assert.match(
      openings(state),
      new RegExp(`^System ${system.id}, opened by call ${made}, vmcompute.HcsCreateComputeSystem$`, 'm'),
    );
    assert.match(
      openings(state),
      new RegExp(`^Process ${system.id}/${process.pid}, opened by call \\d+, vmcompute.HcsCreateProcess$`, 'm'),
    );
    await again.close();
    const left = (await simulator.state()).Open.filter(({ Function }) => Function === 'vmcompute.HcsOpenComputeSystem');
    assert.deepEqual(left, []);
  });
});

describe('A simulated virtual machine', () => {
  const bench = useSimulator();
  const start = async (id: string, document: SystemDocument): Promise<ComputeSystem> => {
    const system = await ComputeSystem.create(id, document, { host: bench.simulator.host });
    await system.start();
    return system;
  };

  it('crashes with a report, and ends the containers that it hosts', async () => {
    const machine = await start(bench.id(), machineDocument());
    const hosted = await start(bench.id(), hostedDocument(machine.id));
    assert.equal((await hosted.properties()).HostingSystemId, machine.id);
    const notifications: string[] = [];
    const reports: CrashReport[] = [];
    machine.on('notification', ({ type }) => notifications.push(type));
    machine.on('crash', (report) => reports.push(report));
    await bench.simulator.exit(machine.id, { crash: true });
    const [exit, hostedExit] = await Promise.all([machine.exited, hosted.exited]);
    assert.equal(exit.error?.code, 'HCS_E_UNEXPECTED_EXIT');
    assert.ok(exit.attribution[0] && 'GuestCrash' in exit.attribution[0]);
    assert.equal(hostedExit.error?.code, 'HCS_E_UNEXPECTED_EXIT');
    assert.deepEqual(notifications, [
      'SystemCrashInitiated',
      'SystemCrashReport',
      'SystemGuestConnectionClosed',
      'SystemExited',
    ]);
    assert.equal(reports.at(-1)?.report.SystemId, machine.id);
    await Promise.all([machine.close(), hosted.close()]);
  });

  it('resumes from a saved state', async () => {
    const { host } = bench.simulator;
    const restoring = machineDocument({ RestoreState: { SaveStateFilePath: 'D:\\saved.vmrs' } });
    await assert.rejects(ComputeSystem.create(bench.id(), restoring, { host }), {
      code: 'ERROR_FILE_NOT_FOUND',
      status: 0x80070002,
    });
    const first = await start(bench.id(), machineDocument({ ComputeTopology: { Memory: { SizeInMB: 512 } } }));
    await first.pause();
    await first.save({ options: { SaveType: 'ToFile', SaveStateFilePath: 'D:\\saved.vmrs' } });
    await first.terminate();
    await first.close();
    const second = await start(bench.id(), restoring);
    const { State, Memory } = await second.properties(['Memory']);
    assert.equal(State, 'Running');
    assert.equal(
      (Memory as { VirtualMachineMemory: { AssignedMemory: number } }).VirtualMachineMemory.AssignedMemory,
      512 * 256,
    );
    await second.terminate();
    await second.close();
  });
});

describe('Unknown input of the simulated host', () => {
  const bench = useSimulator();
  const change = '{"ResourcePath":"VirtualMachine/Devices/Odd","RequestType":"Add","Settings":1}';
  const misspelt = '{"ResourcePath":"Container/Memory/SizeInMB","RequestType":"Addd","Settings":512}';

  it('is ignored and traced', async () => {
    const { simulator } = bench;
    await simulator.startTrace();
    const document = { ...machineDocument(), Odd: 1 } as SystemDocument;
    await using system = await ComputeSystem.create(bench.id(), document, { host: simulator.host, validate: 'off' });
    await system.modify(change, { validate: 'off' });
    const skipped = (await simulator.trace()).filter((line) => line.startsWith('skip'));
    assert.deepEqual(skipped, ['skip member "$.Odd"', 'skip resource "VirtualMachine/Devices/Odd"']);
    await system.terminate();
  });

  it('is listed in the state, whether or not it is traced', async () => {
    const { simulator } = bench;
    const system = await bench.create();
    for (let i = 0; i < 2; i++) {
      await system.modify(change, { validate: 'off' });
      await system.modify(misspelt, { validate: 'off' });
    }
    const known = ['resource "VirtualMachine/Devices/Odd"', 'word "$.RequestType: Addd"'];
    assert.deepEqual((await simulator.state()).Skipped, known);
    await simulator.startTrace();
    assert.deepEqual((await simulator.state()).Skipped, known);
  });

  it('is rejected in strict mode', async () => {
    await bench.simulator.configure({ strict: true });
    const system = await bench.create();
    for (const document of [change, misspelt])
      await assert.rejects(system.modify(document, { validate: 'off' }), { code: 'HCS_E_INVALID_JSON' });
    assert.deepEqual((await bench.simulator.state()).Skipped, []);
  });
});

describe('The user of the simulated host', () => {
  const bench = useSimulator();

  it('can open only the systems that they created', async () => {
    const { host } = bench.simulator;
    const system = await bench.create();
    await bench.simulator.configure({ user: 'somebody else' });
    await assert.rejects(ComputeSystem.open(system.id, { host }), { code: 'E_ACCESSDENIED', status: 0x80070005 });
    await system.start();
    await bench.simulator.configure({ user: 'Administrator' });
    await (await ComputeSystem.open(system.id, { host })).close();
  });
});

describe('A pipe that the host leaves open', () => {
  const bench = useSimulator();

  it('ends when the process is closed', async () => {
    await bench.simulator.inject({ function: 'HcsCreateProcess', keepPipes: true });
    const process = await bench.run('cmd /c echo hello');
    assert.equal((await process.exited).exitCode, 0);
    let ended = false;
    process.stdout!.on('end', () => (ended = true));
    process.stdout!.setEncoding('utf8');
    for await (const text of process.stdout!) {
      assert.equal(text, 'hello\r\n');
      break;
    }
    assert.equal(ended, false);
    assert.equal((await bench.simulator.state()).Pipes, 3);
    await process.close();
    assert.ok(await bench.simulator.reached({ pipes: 0 }));
  });

  it('is distinguished from an absent stream', async () => {
    await bench.simulator.inject({ function: 'HcsCreateProcess', invalidStreams: true });
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
    assert.deepEqual([process.stdin, process.stdout, process.stderr], [null, null, null]);
    await process.close();
  });
});

describe('A service that disconnects during calls', () => {
  const bench = useSimulator();

  it('fails them with its status', async () => {
    const system = await bench.create();
    await bench.simulator.disconnect({ status: 0x800706be });
    await assert.rejects(system.start(), { status: 0x800706be });
    await bench.simulator.reconnect();
  });
});

describe('An unknown member of simulator options', () => {
  const bench = useSimulator();

  const wrong: readonly [field: string, call: (simulator: Simulator) => Promise<unknown>][] = [
    ['configuration.clok', (simulator) => simulator.configure({ clok: 'virtual' } as never)],
    ['profile.begin', (simulator) => simulator.configure({ profile: { begin: 1 } as never })],
    ['rule.statuss', (simulator) => simulator.inject({ function: 'HcsStartComputeSystem', statuss: 1 } as never)],
    ['notification.types', (simulator) => simulator.notify({ system: 'x', types: 1 } as never)],
    ['end.exitcode', (simulator) => simulator.exit('x', { exitcode: 1 } as never)],
    ['disconnect.code', (simulator) => simulator.disconnect({ code: 1 } as never)],
    ['drain.task', (simulator) => simulator.drain({ task: 1 } as never)],
    ['counters.callInside', (simulator) => simulator.reached({ callInside: 1 } as never)],
    ['handles.systems', (simulator) => simulator.reached({ handles: { systems: 1 } as never })],
    ['settings.timeout', () => Simulator.open({ timeout: 1 } as never)],
  ];
  for (const [field, call] of wrong) {
    it(`is rejected: ${field}`, async () => {
      await assert.rejects(call(bench.simulator), { code: 'ERR_HC_ARGUMENT', field });
    });
  }

  it('is rejected with the closest known name', async () => {
    const configured = bench.simulator.configure({ clok: 'virtual' } as never);
    await assert.rejects(configured, { remedy: 'Did you mean clock?' });
  });
});
