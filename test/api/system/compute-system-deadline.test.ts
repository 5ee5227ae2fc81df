import assert from 'node:assert/strict';

import type { ComputeSystem, HcsTimeoutError } from 'hostcompute';
import { isTimeout } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';
import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';
import { stopTime } from '../../support/time.js';

describe('Deadlines and aborts', () => {
  const bench = useSimulator();

  it('reject at the deadline with an error that describes the call', async () => {
    const system = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsStartComputeSystem', block: true });
    using time = stopTime();
    const started = system.start({ timeoutMs: 300 });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    void time.pass(300);
    await assert.rejects(started, (error: HcsTimeoutError) => {
      assert.equal(error.name, 'TimeoutError');
      assert.equal(error.code, 'ERR_HC_TIMEOUT');
      assert.equal(error.operation, 'HcsStartComputeSystem');
      assert.equal(error.systemId, system.id);
      assert.equal(error.elapsedMs, 300);
      assert.equal(error.lastNotification?.type, 'SystemCreateCompleted');
      assert.ok(isTimeout(error));
      return true;
    });
    assert.equal(bench.simulator.host.stuckCalls, 1);
    await fault.clear();
    await system.terminate();
    assert.ok(await bench.noneStuck());
  });

  it('are counted from the start of each call, also for calls with the same timeoutMs', async () => {
    const system = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', block: true, count: 2 });
    using time = stopTime();
    const timedOut = (call: Promise<unknown>): Promise<void> =>
      assert.rejects(call, (error: HcsTimeoutError) => {
        assert.equal(error.code, 'ERR_HC_TIMEOUT');
        assert.equal(error.elapsedMs, 300);
        return true;
      });
    const first = timedOut(system.properties([], { timeoutMs: 300 }));
    setTimeout(() => undefined, 100);
    await time.pass(100);
    const second = timedOut(system.properties([], { timeoutMs: 300 }));
    await time.pass(200);
    await first;
    await time.pass(100);
    await second;
    await fault.clear();
    assert.ok(await bench.noneStuck());
  });

  it('do not affect other systems while a call hangs', async () => {
    const hanging = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsStartComputeSystem', system: hanging.id, block: true });
    using time = stopTime();
    const hung = assert.rejects(hanging.start({ timeoutMs: 200 }), { code: 'ERR_HC_TIMEOUT' });
    const others = await Promise.all(Array.from({ length: 20 }, () => bench.running()));
    await Promise.all(others.map((system) => system.terminate()));
    await time.pass(200);
    await hung;
    await fault.release();
  });

  it('let a terminate proceed while a start hangs', async () => {
    const system = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsStartComputeSystem', block: true });
    const hung = assert.rejects(system.start({ timeoutMs: 10 }), { code: 'ERR_HC_TIMEOUT' });
    await bench.simulator.reached({ blockedCalls: 1 });
    await system.terminate();
    await hung;
    await fault.release();
  });

  it('reject with the reason of the signal as the cause', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'lost' });
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const started = assert.rejects(system.start({ signal: controller.signal }), {
      name: 'AbortError',
      code: 'ABORT_ERR',
      cause: reason,
      systemId: system.id,
    });
    controller.abort(reason);
    await started;
  });

  it('share a signal among many calls without a warning', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', onWarning);
    const { signal } = new AbortController();
    const system = await bench.running();
    await Promise.all(Array.from({ length: 30 }, () => system.properties([], { signal })));
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });

  it('do not let one lost completion delay later calls', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsPauseComputeSystem', completion: 'lost' });
    const controller = new AbortController();
    const paused = assert.rejects(system.pause({ signal: controller.signal }), { code: 'ABORT_ERR' });
    while ((await system.properties()).State !== 'Paused') {}
    controller.abort();
    await paused;
    assert.equal(bench.simulator.host.stuckCalls, 1);
    await system.resume();
    await system.pause();
    assert.ok(await bench.noneStuck());
    await system.resume();
  });

  it('make no call for an aborted signal', async () => {
    const system = await bench.create();
    await assert.rejects(system.start({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsStartComputeSystem'] ?? 0, 0);
  });

  for (const [what, fault] of [
    ['is still inside the host', { block: true }],
    ['waits for its notification', { completion: 'lost' }],
  ] as const) {
    it(`terminate and close a system whose create() times out while it ${what}`, async () => {
      const rule = await bench.simulator.inject({ function: 'HcsCreateComputeSystem', ...fault });
      const controller = new AbortController();
      const given = assert.rejects(bench.create({ signal: controller.signal }), { code: 'ABORT_ERR' });
      while (((await bench.simulator.state()).Calls['vmcompute.HcsCreateComputeSystem'] ?? 0) === 0) {}
      controller.abort();
      await given;
      await rule.clear();
      assert.ok(await bench.simulator.reached({ handles: { system: 0, registration: 0 }, callsInside: 0 }));
      assert.deepEqual((await bench.simulator.state()).Systems, []);
      assert.ok(await bench.noneStuck());
    });
  }

  it('never make a call that timed out before a thread was free', async () => {
    await using crowded = await crowdedHost();
    const system = await crowded.create();
    const faults = await crowded.block(2);
    const started = system.start({ timeoutMs: 10 });
    await assert.rejects(started, { code: 'ERR_HC_TIMEOUT' });
    await faults.release();
    await system.terminate();
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsStartComputeSystem'] ?? 0, 0);
  });

  it('infer a lost exit when the host reports that the system has stopped', async () => {
    const system = await bench.running();
    await bench.simulator.provoke('lost-exit');
    using time = stopTime();
    const terminated = assert.rejects(system.terminate({ timeoutMs: 300 }), { code: 'ERR_HC_TIMEOUT' });
    let made = 0;
    const look = async (): Promise<unknown> =>
      ({ 'vmcompute.HcsTerminateComputeSystem': made = 0 } = (await bench.simulator.state()).Calls);
    assert.ok(await eventually(look, () => made === 1));
    await time.pass(300);
    await terminated;
    let stopped: boolean | undefined;
    const ask = async (): Promise<unknown> => ({ Stopped: stopped } = await system.properties());
    assert.ok(await eventually(ask, () => stopped === true));
    void time.pass(1000);
    const { inferred, exitType } = await system.exited;
    assert.deepEqual([inferred, exitType], [true, 'ForcedExit']);
  });

  // A host of two threads, all of which can be made busy.
  async function crowdedHost() {
    const { ComputeSystem, Host } = await import('hostcompute');
    const host = await Host.open('simulated', { maxWorkers: 2 });
    const busy: Promise<unknown>[] = [];
    return {
      create: (): Promise<ComputeSystem> => ComputeSystem.create(bench.id(), containerDocument(), { host }),
      async block(count: number) {
        const rule = await bench.simulator.inject({ function: 'HcsGetServiceProperties', count, block: true });
        for (let i = 0; i < count; i++) busy.push(host.serviceProperties());
        await bench.simulator.reached({ blockedCalls: count });
        return rule;
      },
      async [Symbol.asyncDispose]() {
        await Promise.all(busy);
        await host.close();
      },
    };
  }

  for (const timeoutMs of [0, -1, NaN, '5']) {
    it(`reject ${JSON.stringify(timeoutMs)} as a deadline`, async () => {
      const system = await bench.create();
      await assert.rejects(system.start({ timeoutMs: timeoutMs as number }), { field: 'options.timeoutMs' });
    });
  }

  it('reject an invalid signal', async () => {
    const system = await bench.create();
    await assert.rejects(system.start({ signal: {} as AbortSignal }), { field: 'options.signal' });
  });
});
