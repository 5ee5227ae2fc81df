import assert from 'node:assert/strict';

import type { OperationOptions, Process } from 'hostcompute';
import { ComputeSystem, HcsError } from 'hostcompute';
import type { FaultScenario } from 'hostcompute/simulator';
import { faults } from 'hostcompute/simulator';

import type { Bench } from '../support/host.js';
import { useSimulator } from '../support/host.js';
import { containerDocument } from '../support/documents.js';

/** What a call is made on: a running system with a process, both of their own. */
interface Scene {
  readonly bench: Bench;
  readonly system: ComputeSystem;
  readonly process: Process;
  /** Systems and processes that a call has opened. */
  readonly opened: (ComputeSystem | Process)[];
}

type Call = (scene: Scene, options: OperationOptions & { timeoutMs: number }) => Promise<unknown>;

const keep = async <T extends ComputeSystem | Process>({ opened }: Scene, made: Promise<T>): Promise<void> => {
  opened.push(await made);
};

const calls: Readonly<Record<string, Call>> = {
  'ComputeSystem.create': (scene, options) =>
    keep(
      scene,
      ComputeSystem.create(scene.bench.id(), containerDocument(), { host: scene.bench.simulator.host, ...options }),
    ),
  'ComputeSystem.open': (scene, options) =>
    keep(scene, ComputeSystem.open(scene.system.id, { host: scene.bench.simulator.host, ...options })),
  'ComputeSystem.list': ({ bench }, options) => ComputeSystem.list({}, { host: bench.simulator.host, ...options }),
  'ComputeSystem#start': async (scene, options) => {
    const made = await scene.bench.create(options);
    await made.start(options);
  },
  'ComputeSystem#pause': ({ system }, options) => system.pause(options),
  'ComputeSystem#shutdown': ({ system }, options) => system.shutdown(options),
  'ComputeSystem#terminate': ({ system }, options) => system.terminate(options),
  'ComputeSystem#stop': ({ system }, { timeoutMs }) => system.stop({ graceMs: 100, forceMs: timeoutMs }),
  'ComputeSystem#properties': ({ system }, options) => system.properties(['Statistics'], options),
  'ComputeSystem#modify': ({ system }, options) => system.modify({ ResourcePath: 'x', RequestType: 'Add' }, options),
  'ComputeSystem#processes': ({ system }, options) => system.processes(options),
  'ComputeSystem#createProcess': (scene, options) =>
    keep(scene, scene.system.createProcess({ command: ['sim-cat'] }, options)),
  'ComputeSystem#openProcess': (scene, options) => keep(scene, scene.system.openProcess(scene.process.pid, options)),
  'ComputeSystem#close': ({ system }, options) => system.close(options),
  'Process#kill': ({ process }, options) => process.kill(options),
  'Process#signal': ({ process }, options) => process.signal('SIGTERM', options),
  'Process#resizeConsole': ({ process }, options) => process.resizeConsole(80, 25, options),
  'Process#closeStdin': ({ process }, options) => process.closeStdin(options),
  'Process#properties': ({ process }, options) => process.properties(options),
  'Process#close': ({ process }, options) => process.close(options),
  'Host#serviceProperties': ({ bench }, options) => bench.simulator.host.serviceProperties(undefined, options),
};

/** Whether the fault keeps a call from its end: no other may make one miss its deadline. */
const holds = ({ rules }: FaultScenario): boolean =>
  rules.some(({ block, completion, loseExit }) => block === true || completion === 'lost' || loseExit === true);

/** The error is the one that the fault makes, and says so by a name of its own. */
function assertExplains(scenario: FaultScenario, error: unknown): void {
  const { rules } = scenario;
  assert.ok(error instanceof HcsError, `${error as Error}`);
  assert.notEqual(error.operation, '');
  if (error.status !== 0) {
    assert.doesNotMatch(error.code, /^HRESULT_/);
    const statuses = rules.flatMap(({ status, completionStatus }) => [status, completionStatus]);
    assert.ok(statuses.includes(error.status), error.message);
  } else if (error.code === 'ERR_HC_TIMEOUT') {
    assert.ok(holds(scenario), error.message);
  } else {
    assert.equal(error.code, 'ERR_HC_DOCUMENT');
    assert.ok(
      rules.some(({ properties }) => properties !== undefined),
      error.message,
    );
  }
}

describe('Every call under every fault', () => {
  const bench = useSimulator();

  for (const scenario of faults) {
    describe(scenario.name, () => {
      for (const [title, call] of Object.entries(calls)) {
        it(`settles ${title}, and leaves nothing behind`, async () => {
          const system = await bench.running();
          const process = await bench.run({ command: 'sim-sleep', stdio: ['pipe', 'ignore', 'ignore'] }, system);
          process.stdin!.on('error', () => undefined);
          const other = await bench.running();
          const scene: Scene = { bench, system, process, opened: [] };
          const fault = await bench.simulator.provoke(scenario.name);

          const options = { timeoutMs: holds(scenario) ? 150 : 20_000 };
          const outcome = await call(scene, options).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (outcome !== undefined) assertExplains(scenario, outcome);

          // No other system is disturbed: neither its state nor what it can do.
          await fault.clear();
          assert.equal((await other.properties()).State, 'Running');
          await other.terminate();
          for (const each of scene.opened) await each.close();
        });
      }
    });
  }
});
