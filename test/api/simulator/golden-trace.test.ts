import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

import type { ContainerDocument } from 'hostcompute';
import { ComputeSystem, HcsError } from 'hostcompute';
import type { Simulator } from 'hostcompute/simulator';

import { containerDocument, hostedDocument, machineDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';

// What the library asks of the host, and what the host answers, call by call. A change of it is a change of behaviour:
// look at it, and accept it with UPDATE_GOLDEN=1.
async function matchesGolden(name: string, lines: readonly string[]): Promise<void> {
  const file = `test/golden/${name}.txt`;
  const actual = lines.join('\n') + '\n';
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, actual);
  assert.equal(actual, await readFile(file, 'utf8'));
}

async function advance<T>(simulator: Simulator, pending: Promise<T>, ms: number, handles = {}): Promise<T> {
  assert.ok(await simulator.reached({ scheduled: 1, callsInside: 0, handles }), 'the host has taken the call');
  await simulator.advance(ms);
  return pending;
}

describe('The simulator trace', () => {
  const bench = useSimulator();

  it('matches the golden file for the lifetime of a container', async () => {
    const { simulator } = bench;
    await simulator.configure({ clock: 'virtual', profile: { create: 350, start: 900, terminate: 250 } });
    await simulator.inject({ function: 'HcsPauseComputeSystem', completionStatus: 0x80004005, delayMs: 10 });
    await simulator.startTrace();
    const host = simulator.host;
    const creating = ComputeSystem.create('web', containerDocument(), { host });
    // A create is two calls, with a moment between them in which none is inside the host.
    const system = await advance(simulator, creating, 1000, { registration: 1 });
    await advance(simulator, system.start(), 2000);
    const process = await system.createProcess({ command: 'cmd /c sim-sleep 500 & exit 3' });
    assert.equal(
      await advance(
        simulator,
        process.exited.then((exit) => exit.exitCode),
        500,
      ),
      3,
    );
    await process.close();
    await assert.rejects(advance(simulator, system.pause(), 10), HcsError);
    await advance(simulator, system.terminate(), 1000);
    await system.close();
    await matchesGolden('container', await simulator.trace());
  });

  // Without latencies: each call is made when the one before it has been answered, and nothing else happens meanwhile.
  async function traced(name: string, scenario: (simulator: Simulator) => Promise<void>): Promise<void> {
    const { simulator } = bench;
    await simulator.configure({ clock: 'virtual' });
    await simulator.startTrace();
    await scenario(simulator);
    await matchesGolden(name, await simulator.trace());
  }

  it('matches the golden file for a virtual machine that crashes with its container', () =>
    traced('crash', async (simulator) => {
      const { host } = simulator;
      await simulator.configure({ siloJobs: true });
      const machine = await ComputeSystem.create('pod@vm', machineDocument(), { host });
      await machine.start();
      const container = await ComputeSystem.create('pod', hostedDocument('pod@vm'), { host });
      await container.start();
      const process = await container.createProcess({ command: 'sim-sleep' });
      await simulator.advance(1000);
      await simulator.exit('pod@vm', { crash: true });
      await Promise.all([process.exited, container.exited, machine.exited]);
      for (const each of [process, container, machine]) await each.close();
      const silo = await ComputeSystem.create('silo', containerDocument(), { host });
      await silo.close();
    }));

  it('matches the golden file for a virtual machine that is saved and restored', () =>
    traced('saved-state', async (simulator) => {
      const { host } = simulator;
      const restoring = machineDocument({ RestoreState: { SaveStateFilePath: 'D:\\vm.vmrs' } });
      await assert.rejects(ComputeSystem.create('second', restoring, { host }), { status: 0x80070002 });
      const first = await ComputeSystem.create('first', machineDocument(), { host });
      await first.start();
      await simulator.advance(2000);
      await first.pause();
      await first.save({ options: { SaveType: 'ToFile', SaveStateFilePath: 'D:\\vm.vmrs' } });
      await first.terminate();
      await first.close();
      const second = await ComputeSystem.create('second', restoring, { host });
      await second.start();
      await second.pause();
      await second.save({ options: { SaveType: 'AsTemplate' } });
      await assert.rejects(second.resume(), { status: 0xc0370105 });
      const clone = await ComputeSystem.create(
        'clone',
        machineDocument({ RestoreState: { TemplateSystemId: 'second' } }),
        { host },
      );
      await clone.start();
      for (const system of [clone, second]) {
        await system.terminate();
        await system.close();
      }
    }));

  it('matches the golden file for random faults', () =>
    traced('chance', async (simulator) => {
      await simulator.configure({ seed: 7 });
      await simulator.inject({
        function: 'HcsGetComputeSystemProperties',
        status: 0x80070006,
        probability: 0.4,
        count: 20,
      });
      await simulator.inject({
        function: 'HcsPauseComputeSystem',
        completionStatus: 0xc0370109,
        probability: 0.5,
        count: 0,
      });
      const system = await ComputeSystem.create('web', containerDocument(), { host: simulator.host });
      await system.start();
      for (let time = 0; time < 20; time++) await system.properties().catch(() => undefined);
      for (let time = 0; time < 8; time++) {
        await system.pause().then(
          () => system.resume(),
          () => undefined,
        );
      }
      await system.close();
    }));

  it('matches the golden file for a service that disconnects and reconnects', () =>
    traced('service', async (simulator) => {
      const { host } = simulator;
      const document: ContainerDocument = { ...containerDocument(), ShouldTerminateOnLastHandleClosed: false };
      const system = await ComputeSystem.create('web', document, { host });
      await system.start();
      const process = await system.createProcess({ command: 'sim-sleep' });
      const { pid } = process;
      const lost = [assert.rejects(system.exited), assert.rejects(process.exited)];
      await simulator.disconnect();
      await Promise.all(lost);
      await assert.rejects(system.pause(), { status: 0x800706ba });
      await simulator.disconnect({ status: 0x800706be });
      await assert.rejects(ComputeSystem.open('web', { host }), { status: 0x800706be });
      await simulator.reconnect();
      await assert.rejects(system.properties(), { status: 0x800706ef });
      const again = await ComputeSystem.open('web', { host });
      const found = await again.openProcess(pid);
      for (const each of [process, system]) await each.close();
      await found.kill();
      await again.terminate();
      await found.close();
      await again.close();
    }));

  it('names the sources of the simulated latencies', async () => {
    for (const { Name, Simulated, Source } of await bench.simulator.profiles()) {
      assert.ok(Simulated);
      assert.match(Source, Name === 'none' ? /^$/ : /^https:/);
    }
  });

  it('rejects advance() and drain() without a virtual clock', async () => {
    await assert.rejects(bench.simulator.advance(1), /the clock must be virtual/);
    await assert.rejects(bench.simulator.drain({ tasks: 5 }), /the clock must be virtual/);
  });
});
