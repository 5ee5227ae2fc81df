import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';

import type { ComputeSystem } from 'hostcompute';

import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';
import { stopTime } from '../../support/time.js';

describe('ComputeSystem#close()', () => {
  const bench = useSimulator();

  const methods: readonly [name: string, call: (system: ComputeSystem) => Promise<unknown>][] = [
    ['start', (system) => system.start()],
    ['shutdown', (system) => system.shutdown()],
    ['terminate', (system) => system.terminate()],
    ['pause', (system) => system.pause()],
    ['resume', (system) => system.resume()],
    ['save', (system) => system.save()],
    ['properties', (system) => system.properties()],
    ['modify', (system) => system.modify({ GuestRequest: { ResourceType: 'HvSocket' } })],
    ['stop', (system) => system.stop()],
  ];
  for (const [name, call] of methods) {
    it(`makes a later ${name}() reject with ERR_HC_CLOSED`, async () => {
      const system = await bench.create();
      await system.close();
      await assert.rejects(call(system), {
        code: 'ERR_HC_CLOSED',
        systemId: system.id,
        message: /: the system is closed$/,
      });
    });
  }

  it('is idempotent', async () => {
    const system = await bench.create();
    await Promise.all([system.close(), system.close()]);
    await system.close();
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCloseComputeSystem'], 1);
  });

  it('waits for a call inside the host', async () => {
    const system = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', block: true });
    const properties = system.properties();
    await bench.simulator.reached({ blockedCalls: 1 });
    const order: string[] = [];
    const closed = system.close().then(() => order.push('closed'));
    await bench.simulator.state();
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCloseComputeSystem'] ?? 0, 0);
    const read = properties.then(() => order.push('read'));
    await fault.release();
    await Promise.all([closed, read]);
    assert.deepEqual(order, ['read', 'closed']);
  });

  it('rejects calls that wait for a notification', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'lost' });
    const started = assert.rejects(system.start(), { code: 'ERR_HC_CLOSED' });
    await bench.simulator.reached({ callsInside: 0 });
    await system.close();
    await started;
  });

  for (const options of [{ timeoutMs: 0 }, { signal: AbortSignal.abort() }, null]) {
    it(`changes nothing when it rejects ${JSON.stringify(options)}`, async () => {
      const system = await bench.create();
      await assert.rejects(system.close(options as object));
      await system.start();
      await system.terminate();
      assert.equal((await system.exited).status, 0);
    });
  }

  it('can be called from a listener', async () => {
    const system = await bench.running();
    const closed = new Promise<void>((resolve, reject) => {
      system.on('exit', () => void system.close().then(resolve, reject));
    });
    await system.terminate();
    await closed;
    assert.equal((await bench.simulator.state()).Handles.System, 0);
  });

  it('unregisters before it closes', async () => {
    const system = await bench.create();
    await system.close();
    const { Calls } = await bench.simulator.state();
    assert.equal(Calls['vmcompute.HcsUnregisterComputeSystemCallback'], 1);
  });

  it('can be retried when the host fails it', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsCloseComputeSystem', status: 0x80070005 });
    await assert.rejects(system.close(), { code: 'E_ACCESSDENIED', operation: 'HcsCloseComputeSystem' });
    await system.close();
    assert.ok(await bench.simulator.reached({ handles: { system: 0 } }));
  });

  it('fulfils when the host no longer knows the handle', async () => {
    const system = await bench.create();
    await bench.simulator.reset();
    await system.close();
    assert.equal(bench.simulator.host.ledger().systems, 0);
  });

  it('terminates a system whose document requests it', async () => {
    const system = await bench.running();
    await system.close();
    assert.deepEqual((await bench.simulator.state()).Systems, []);
  });

  it('rejects at its deadline, and counts as stuck until the call returns', async () => {
    const system = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsCloseComputeSystem', block: true });
    await assert.rejects(system.close({ timeoutMs: 20 }), {
      code: 'ERR_HC_TIMEOUT',
      operation: 'HcsCloseComputeSystem',
    });
    assert.equal(bench.simulator.host.stuckCalls, 1);
    const again = system.close();
    // Not release(): the host may not hold it yet.
    await fault.clear();
    await again;
    assert.ok(await bench.noneStuck());
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCloseComputeSystem'], 1);
    await system.close();
  });
});

describe('ComputeSystem#stop()', () => {
  const bench = useSimulator();

  it("returns 'stopped' when the guest shuts down", async () => {
    const system = await bench.running();
    assert.equal(await system.stop(), 'stopped');
    assert.equal((await system.exited).exitType, 'GracefulExit');
  });

  it("returns 'stopped' when the system has already exited", async () => {
    const system = await bench.running();
    await system.terminate();
    assert.equal(await system.stop(), 'stopped');
  });

  it("returns 'terminated' when the guest does not respond in time", async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', block: true });
    assert.equal(await system.stop({ graceMs: 20 }), 'terminated');
    assert.equal((await system.exited).exitType, 'ForcedExit');
  });

  it("returns 'terminated' when the guest refuses", async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', status: 0x80070032 });
    assert.equal(await system.stop(), 'terminated');
  });

  it("returns 'terminated' when the system was never started", async () => {
    const system = await bench.create();
    assert.equal(await system.stop(), 'terminated');
  });

  it("returns 'abandoned' when shutdown and terminate fail", async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', status: 0xc0370109 });
    await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', status: 0xc0370109 });
    using time = stopTime();
    const stopped = system.stop({ graceMs: 1000, forceMs: 20 });
    while (((await bench.simulator.state()).Calls['vmcompute.HcsTerminateComputeSystem'] ?? 0) === 0) {}
    await time.pass(20);
    assert.equal(await stopped, 'abandoned');
  });

  it("returns 'terminated' when the host denies terminate but the system exits", async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', status: 0x80070005 });
    const stopped = system.stop({ graceMs: 0 });
    await bench.simulator.exit(system.id);
    assert.equal(await stopped, 'terminated');
  });

  it('waits as long as its options say, without a limit if requested', async () => {
    const system = await bench.running();
    await bench.simulator.configure({ completion: 'now', profile: { shutdown: 30 } });
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', completion: 'now', loseExit: true });
    const stopped = system.stop({ graceMs: Infinity });
    await bench.simulator.reached({ callsInside: 0 });
    await bench.simulator.notify({ system: system.id, type: 1 });
    assert.equal(await stopped, 'stopped');
  });

  it("returns 'abandoned' when terminate never returns", async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', block: true });
    await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', block: true });
    using time = stopTime();
    const stopped = system.stop({ graceMs: 300, forceMs: 400 });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    await time.pass(300);
    assert.ok(await bench.simulator.reached({ blockedCalls: 2 }));
    await time.pass(400);
    assert.equal(await stopped, 'abandoned');
    assert.equal(bench.simulator.host.stuckCalls, 2);
  });

  it("returns 'stopped' when the exit notification is lost but the host reports the exit", async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', completion: 'now', loseExit: true });
    await system.shutdown();
    assert.equal(await system.stop({ graceMs: 20 }), 'stopped');
  });

  it('leaves no timer behind when its signal aborts while it waits for the exit', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', completion: 'now', loseExit: true });
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const controller = new AbortController();
    const stopped = assert.rejects(system.stop({ signal: controller.signal }), { name: 'AbortError' });
    assert.ok(await eventually(turn, () => timers() > before));
    controller.abort();
    await stopped;
    assert.equal(timers(), before);
  });

  it('does not shut down with graceMs: 0', async () => {
    const system = await bench.running();
    assert.equal(await system.stop({ graceMs: 0 }), 'terminated');
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsShutdownComputeSystem'] ?? 0, 0);
  });

  it('rejects invalid options', async () => {
    const system = await bench.create();
    for (const verb of ['start', 'terminate', 'stop', 'close'] as const) {
      await assert.rejects(system[verb](null as never), { field: 'options' });
    }
  });

  it('rejects invalid limits', async () => {
    const system = await bench.create();
    await assert.rejects(system.stop({ graceMs: -1 }), { field: 'options.graceMs' });
    await assert.rejects(system.stop({ forceMs: NaN }), { field: 'options.forceMs' });
  });
});
