import assert from 'node:assert/strict';

import type { HostOptions, Process, ProcessCommand } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import type { SimulatorConfiguration, SimulatorState } from 'hostcompute/simulator';
import { Simulator } from 'hostcompute/simulator';

import { inTermsOfVmcompute } from './api.js';
import { containerDocument, linuxContainerDocument } from './documents.js';
import { eventually } from './eventually.js';

/** The simulator that the test at hand has to itself: fresh before it, and found empty after it. */
export interface Bench {
  readonly simulator: Simulator;
  /** Ids that no other test uses. */
  id(): string;
  create(options?: HostOptions): Promise<ComputeSystem>;
  running(): Promise<ComputeSystem>;
  /** A running container with a guest of Linux. */
  runningLinux(): Promise<ComputeSystem>;
  /** Closes it at the end of the test. */
  keep<T extends AsyncDisposable>(opened: T): T;
  /** Whether the host has finished, and told of, every call that was given up. */
  noneStuck(): Promise<boolean>;
  /** A process in a running system, or in this one. */
  run(command: ProcessCommand | string, system?: ComputeSystem): Promise<Process>;
}

let count = 0;

/** What is open, line by line, with the calls that opened it. */
export function openings(state: SimulatorState): string {
  return state.Open.map(({ Kind, Function, Call, System, Process }) => {
    const subject = Process === undefined ? System : `${System}/${String(Process)}`;
    return `${Kind} ${subject}, opened by call ${String(Call)}, ${Function}`;
  }).join('\n');
}

// What the host has finished comes back by way of a thread and the event loop, each in its own time.
async function settled(simulator: Simulator, done: () => boolean): Promise<boolean> {
  return eventually(() => simulator.state(), done);
}

/** For documents that come from elsewhere: what they name of networks does not exist. */
export const foreignDocuments: SimulatorConfiguration = { unknownNetworks: true };

/** Gives each test of the enclosing suite its simulator, and fails a test that leaves a handle open in it. */
export function useSimulator(configuration: SimulatorConfiguration = {}): Bench {
  let simulator: Simulator;
  let created: AsyncDisposable[] = [];

  beforeEach(async () => {
    simulator = inTermsOfVmcompute(await Simulator.open());
    await simulator.reset();
    await simulator.configure(configuration);
    created = [];
  });

  afterEach(async () => {
    await simulator.clear();
    await Promise.all(created.map((each) => each[Symbol.asyncDispose]()));
    const none = { system: 0, process: 0, registration: 0, disk: 0 };
    const empty = await simulator.reached({ handles: none, callsInside: 0 }, 5000);
    const state = await simulator.state();
    const left = (): number[] => {
      const { systems, processes, stuckCalls } = simulator.host.ledger();
      return [systems, processes, stuckCalls];
    };
    await settled(simulator, () => left().every((each) => each === 0));
    const leftInLedger = left();
    // The thread of a call that has returned frees its texts.
    const textsOf = ({ Open }: typeof state): typeof state.Open => Open.filter(({ Kind }) => Kind === 'Text');
    let texts = textsOf(state);
    await eventually(
      async () => (texts = textsOf(await simulator.state())),
      () => texts.length === 0,
    );
    // What was given up is undone when it comes back.
    let { Layers: layers } = await simulator.state();
    await eventually(
      async () => ({ Layers: layers } = await simulator.state()),
      () => layers.length === 0,
    );
    const { Misfreed: misfreed } = await simulator.state();
    await simulator.close();
    assert.ok(empty, `left behind:\n${openings(state)}\n${JSON.stringify(state)}`);
    assert.deepEqual(texts, [], 'texts of the host were not freed');
    assert.deepEqual(misfreed, [], 'texts were freed by the function for those of another library');
    assert.deepEqual(layers, [], 'layers are active');
    assert.deepEqual(leftInLedger, [0, 0, 0], 'the ledger is not empty');
  });

  const id = (): string => `test-${process.pid}-${++count}`;
  const create = async (options: HostOptions = {}): Promise<ComputeSystem> => {
    const system = await ComputeSystem.create(id(), containerDocument(), { host: simulator.host, ...options });
    created.push(system);
    return system;
  };
  const started = async (system: ComputeSystem): Promise<ComputeSystem> => {
    await system.start();
    return system;
  };
  const running = async (): Promise<ComputeSystem> => started(await create());
  return {
    keep(opened) {
      created.push(opened);
      return opened;
    },
    get simulator() {
      return simulator;
    },
    id,
    create,
    running,
    noneStuck: () => settled(simulator, () => simulator.host.stuckCalls === 0),
    async runningLinux() {
      const name = id();
      const system = await ComputeSystem.create(name, linuxContainerDocument(name), { host: simulator.host });
      created.push(system);
      return started(system);
    },
    async run(command, system) {
      const parameters = typeof command === 'string' ? { command } : command;
      const process = await (system ?? (await running())).createProcess(parameters);
      created.push(process);
      return process;
    },
  };
}
