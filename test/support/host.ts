import assert from 'node:assert/strict';

import type { HostOptions } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from './documents.js';

/** The simulator that the test at hand has to itself: fresh before it, and found empty after it. */
export interface Bench {
  readonly simulator: Simulator;
  /** Ids that no other test uses. */
  id(): string;
  create(options?: HostOptions): Promise<ComputeSystem>;
  running(): Promise<ComputeSystem>;
}

let count = 0;

/** Gives each test of the enclosing suite its simulator, and fails a test that leaves a handle open in it. */
export function useSimulator(): Bench {
  let simulator: Simulator;
  let created: ComputeSystem[] = [];

  beforeEach(async () => {
    simulator = await Simulator.open();
    await simulator.reset();
    created = [];
  });

  afterEach(async () => {
    await simulator.clear();
    await Promise.all(created.map((system) => system.close()));
    const none = { system: 0, process: 0, registration: 0 };
    const empty = await simulator.reached({ handles: none, callsInside: 0 }, 5000);
    const state = await simulator.state();
    await simulator.close();
    assert.ok(empty, `left behind: ${JSON.stringify(state)}`);
  });

  const id = (): string => `test-${process.pid}-${++count}`;
  const create = async (options: HostOptions = {}): Promise<ComputeSystem> => {
    const system = await ComputeSystem.create(id(), containerDocument(), { host: simulator.host, ...options });
    created.push(system);
    return system;
  };
  return {
    get simulator() {
      return simulator;
    },
    id,
    create,
    async running() {
      const system = await create();
      await system.start();
      return system;
    },
  };
}
