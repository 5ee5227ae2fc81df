import assert from 'node:assert/strict';
import { once } from 'node:events';

import type { Notification } from 'hostcompute';
import { ComputeSystem, isServiceGone } from 'hostcompute';
import type { FaultRule } from 'hostcompute/simulator';
import { Simulator } from 'hostcompute/simulator';

import { useSimulator } from '../../support/host.js';

describe('A provoked fault', () => {
  const bench = useSimulator();

  it('disconnects the service at once, and reconnects it when cleared', async () => {
    const { simulator } = bench;
    const system = await bench.running();
    const told = once(system, 'disconnect');
    const fault = await simulator.provoke('service-disconnects');
    await told;
    await assert.rejects(system.exited, isServiceGone);
    await assert.rejects(ComputeSystem.list({}, { host: simulator.host }), isServiceGone);
    await fault.clear();
    assert.equal((await ComputeSystem.list({}, { host: simulator.host })).length, 1);
  });

  it('delivers notifications from many threads at once, and none is lost', async () => {
    const [system, other] = [await bench.running(), await bench.running()];
    const heard = new Map<ComputeSystem, Notification[]>();
    for (const each of [system, other]) {
      const notifications: Notification[] = [];
      heard.set(each, notifications);
      each.on('notification', (notification) => notifications.push(notification));
    }
    await bench.simulator.provoke('notifications-from-many-threads', system.id);
    await bench.simulator.reached({ undelivered: 0 });
    await system.terminate(); // comes after them
    const storm = heard.get(system)!.filter(({ type }) => type === 'SystemOperationCompletion');
    assert.equal(storm.length, 1000);
    assert.deepEqual(heard.get(other), []);
    await bench.simulator.provoke('notifications-from-many-threads');
    await bench.simulator.reached({ undelivered: 0 });
    await other.terminate();
    assert.equal(heard.get(other)!.filter(({ type }) => type === 'SystemOperationCompletion').length, 1000);
  });

  it('delivers notifications after close, without calling listeners', async () => {
    const { simulator } = bench;
    const system = await bench.running();
    const process = await bench.run('sim-sleep', system);
    let heard = 0;
    system.on('notification', () => heard++);
    process.on('notification', () => heard++);
    await simulator.provoke('notification-after-close');
    await simulator.startTrace();
    await process.close();
    await system.close();
    assert.ok(await simulator.reached({ scheduled: 0, undelivered: 0 }));
    const late = (await simulator.trace()).filter((line) => line.endsWith(' after unregistering'));
    assert.deepEqual(late, [
      `notify ProcessExited "${system.id}"/${process.pid} 0x00000000 after unregistering`,
      `notify SystemExited "${system.id}" 0x00000000 after unregistering`,
    ]);
    await simulator.state(); // what comes to the event loop comes before its answer
    assert.equal(heard, 0);
  });

  it('does not affect calls on other systems when limited to one', async () => {
    const fault = await bench.simulator.provoke('access-denied', 'web');
    await assert.rejects(ComputeSystem.open('web', { host: bench.simulator.host }), { code: 'HCS_E_ACCESS_DENIED' });
    await bench.running();
    await fault.clear();
    assert.equal((await bench.simulator.state()).Rules, 0);
  });
});

describe('A missing function', () => {
  const bench = useSimulator();

  it('is false in host.functions and is never called', async () => {
    const { simulator } = bench;
    const { host } = simulator;
    const system = await bench.running();
    await system.properties(); // the host has it, which may not be remembered
    const name = 'HcsGetComputeSystemProperties';
    const before = (await simulator.state()).Calls[`vmcompute.${name}`];
    const fault = await simulator.inject({ function: name, missing: true });
    assert.deepEqual(
      [host.functions[`vmcompute.${name}`], host.functions['vmcompute.HcsStartComputeSystem']],
      [false, true],
    );
    await assert.rejects(system.properties(), { code: 'ERR_HC_SYMBOL', functionName: name, systemId: system.id });
    assert.equal((await simulator.state()).Calls[`vmcompute.${name}`], before);
    await fault.clear();
    assert.equal(host.functions[`vmcompute.${name}`], true);
    assert.equal((await system.properties()).State, 'Running');
  });

  it('is restored when all faults are cleared, and after a reset', async () => {
    const { simulator } = bench;
    const name = 'HcsEnumerateComputeSystems';
    for (const end of [() => simulator.clear(), () => simulator.reset()]) {
      await simulator.inject({ function: name, missing: true });
      const again = await simulator.inject({ function: name, missing: true });
      await again.clear();
      await again.clear();
      assert.equal(simulator.host.functions[`vmcompute.${name}`], false);
      await end();
      assert.equal(simulator.host.functions[`vmcompute.${name}`], true);
    }
  });

  it('is missing in one host only', async () => {
    await using other = await Simulator.open();
    await bench.simulator.inject({ function: 'HcsEnumerateComputeSystems', missing: true });
    assert.deepEqual(await ComputeSystem.list({}, { host: other.host }), []);
  });

  it("makes kill('SIGTERM') terminate, as on a Windows version without signals", async () => {
    const process = await bench.run('sim-sleep');
    await bench.simulator.provoke('export-missing');
    assert.equal(await process.kill('SIGTERM'), true);
    await process.exited;
    const { Calls } = await bench.simulator.state();
    assert.deepEqual([Calls['vmcompute.HcsSignalProcess'] ?? 0, Calls['vmcompute.HcsTerminateProcess']], [0, 1]);
  });

  const wrong: readonly [field: string, rule: FaultRule][] = [
    ['rule.status', { function: 'HcsOpenProcess', missing: true, status: 5 }],
    ['rule.system', { function: 'HcsOpenProcess', missing: true, system: 'web' }],
    ['rule.function', { function: 'HcsNoSuchThing' as 'HcsOpenProcess', missing: true }],
  ];
  for (const [field, rule] of wrong) {
    it(`rejects an invalid ${field}`, async () => {
      await assert.rejects(bench.simulator.inject(rule), { code: 'ERR_HC_ARGUMENT', field });
    });
  }
});
