import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';

import type { OperationOptions } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';
import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';

const many = 10_000;

/** Timers that were started and have neither ended nor been cleared. */
function countTimers(): Disposable & { readonly running: number } {
  const { setTimeout: start, clearTimeout: clear } = globalThis;
  const running = new Set<unknown>();
  const counted = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): NodeJS.Timeout => {
    const timer = start(() => {
      running.delete(timer);
      callback(...args);
    }, ms);
    running.add(timer);
    return timer;
  };
  const cleared = (timer?: NodeJS.Timeout): void => {
    running.delete(timer);
    clear(timer);
  };
  Object.assign(globalThis, { setTimeout: counted, clearTimeout: cleared });
  return {
    get running() {
      return running.size;
    },
    [Symbol.dispose]: () => void Object.assign(globalThis, { setTimeout: start, clearTimeout: clear }),
  };
}

describe('Ten thousand aborted calls', () => {
  const bench = useSimulator();

  /** Makes the calls while the host hangs in them, and aborts each. Most are queued, some are inside the host. */
  async function abortAll(
    optionsOf: (call: number, signal: AbortSignal) => OperationOptions,
    controllerOf: (call: number) => AbortController,
  ): Promise<void> {
    const { simulator } = bench;
    const warnings: string[] = [];
    const warned = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', warned);
    // Its threads all hang, so the simulated host is controlled through another one.
    await using host = await Host.open('simulated', { maxWorkers: 4 });
    const id = bench.id();
    await using system = await ComputeSystem.create(id, containerDocument(), { host });
    await simulator.inject({ function: 'vmcompute.HcsGetComputeSystemProperties', block: true, count: many });
    const calls = Array.from({ length: many }, (_, call) =>
      assert.rejects(system.properties([], optionsOf(call, controllerOf(call).signal)), { name: 'AbortError' }),
    );
    // The last call first: what is found by a search from the front is found last.
    for (let call = many - 1; call >= 0; call--) controllerOf(call).abort();
    await Promise.all(calls);
    for (let call = 0; call < many; call++) {
      assert.equal(getEventListeners(controllerOf(call).signal, 'abort').length, 0);
    }
    process.off('warning', warned);
    assert.deepEqual(warnings, []);
    await simulator.clear();
    await eventually(turn, () => host.stuckCalls === 0 && host.ledger().callsInFlight === 0);
    const { stuckCalls, callsInFlight } = host.ledger();
    assert.deepEqual({ stuckCalls, callsInFlight }, { stuckCalls: 0, callsInFlight: 0 });
    assert.equal((await system.properties()).Id, id);
  }

  it('leave no listener, call or timer behind with a shared signal', async () => {
    using timers = countTimers();
    const one = new AbortController();
    await abortAll(
      (_, signal) => ({ signal }),
      () => one,
    );
    assert.ok(timers.running < 32, `${timers.running} timers run`);
  });

  it('leave no listener, call or timer behind with signals and deadlines of their own', async () => {
    using timers = countTimers();
    const controllers = Array.from({ length: many }, () => new AbortController());
    await abortAll(
      (call, signal) => ({ signal, timeoutMs: 100_000 + call }),
      (call) => controllers[call]!,
    );
    assert.ok(timers.running < 32, `${timers.running} timers run`);
  });
});
