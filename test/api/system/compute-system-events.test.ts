import assert from 'node:assert/strict';
import { once } from 'node:events';

import type { CrashReport, Notification, SystemExit } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { uncaughtBy } from '../../support/uncaught.js';
import { stopTime } from '../../support/time.js';

describe('ComputeSystem#exited', () => {
  const bench = useSimulator();

  it('fulfils with the exit that the host reports', async () => {
    const system = await bench.running();
    await bench.simulator.exit(system.id, {
      status: 0xc0370106,
      data: JSON.stringify({ ExitType: 'UnexpectedExit', Attribution: [{ GuestCrash: { CrashParameters: [1] } }] }),
    });
    const exit = await system.exited;
    assert.equal(exit.status, 0xc0370106);
    assert.equal(exit.exitType, 'UnexpectedExit');
    assert.deepEqual(exit.attribution, [{ GuestCrash: { CrashParameters: [1] } }]);
    assert.equal(exit.error?.code, 'HCS_E_UNEXPECTED_EXIT');
  });

  it('has no error after a normal exit', async () => {
    const system = await bench.running();
    await system.shutdown();
    const exit = await system.exited;
    assert.equal(exit.status, 0);
    assert.equal(exit.error, undefined);
  });

  it('rejects when the service disconnects first', async () => {
    const system = await bench.running();
    const exited = assert.rejects(system.exited, { code: 'HCS_E_SERVICE_DISCONNECT', systemId: system.id });
    const told = once(system, 'disconnect');
    await bench.simulator.disconnect();
    await exited;
    await told;
    await bench.simulator.reconnect();
  });

  it('rejects when the system is closed first', async () => {
    const system = await bench.running();
    const exited = assert.rejects(system.exited, { code: 'ERR_HC_CLOSED' });
    await system.close();
    await exited;
    await assert.rejects(system.exited, { code: 'ERR_HC_CLOSED' });
  });

  it('keeps an exit that came before the close', async () => {
    const system = await bench.running();
    await system.terminate();
    await system.exited;
    await system.close();
    assert.equal((await system.exited).status, 0);
  });

  it('is inferred when the host reports that the system has stopped but its exit was lost', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', completion: 'now', loseExit: true });
    using time = stopTime();
    await system.terminate();
    await system.terminate();
    await time.pass(1000);
    const exit = await system.exited;
    assert.equal(exit.inferred, true);
    assert.equal(exit.error, undefined);
  });
});

describe('Events of a ComputeSystem', () => {
  const bench = useSimulator();

  it('reach a listener added after create(), from the create completion on', async () => {
    await bench.simulator.configure({ completion: 'early' });
    const system = await bench.create();
    const seen: string[] = [];
    system.on('notification', ({ type }) => seen.push(type));
    await system.start();
    await system.terminate();
    await system.exited;
    assert.deepEqual(seen, ['SystemCreateCompleted', 'SystemStartCompleted', 'SystemExited']);
  });

  it('include an exit that followed at once for a listener added after create()', async () => {
    await bench.simulator.inject({ function: 'HcsCreateComputeSystem', completion: 'now' });
    const system = await bench.create();
    const exit = once(system, 'exit') as Promise<[SystemExit]>;
    await bench.simulator.exit(system.id, { status: 0xc0370106 });
    assert.equal((await exit)[0].status, 0xc0370106);
  });

  it('include exit once, however often the host repeats it', async () => {
    const system = await bench.running();
    let exits = 0;
    system.on('exit', () => exits++);
    await system.terminate();
    await bench.simulator.notify({ system: system.id, type: 1, count: 3 }).catch(() => undefined);
    await system.exited;
    await bench.simulator.state();
    assert.equal(exits, 1);
  });

  it('include crash with the parsed report', async () => {
    const system = await bench.running();
    const crash = once(system, 'crash') as Promise<[CrashReport]>;
    await bench.simulator.notify({ system: system.id, type: 6, data: '{"CrashParameters":[9]}' });
    const [{ report, notification }] = await crash;
    assert.deepEqual(report, { CrashParameters: [9] });
    assert.equal(notification.type, 'SystemCrashReport');
  });

  it('pass on unknown numbers, and ignore flag bits in known ones', async () => {
    const system = await bench.running();
    const seen: Notification[] = [];
    const both = new Promise<void>((resolve) => {
      system.on('notification', (notification) => {
        if (seen.push(notification) === 2) resolve();
      });
    });
    await bench.simulator.notify({ system: system.id, type: 0x77, data: 'what', status: 0x80004005 });
    await bench.simulator.notify({ system: system.id, type: 0x80000006 });
    await both;
    assert.deepEqual(seen, [
      { type: 'Unknown', number: 0x77, status: 0x80004005, data: 'what' },
      { type: 'SystemCrashReport', number: 0x80000006, status: 0 },
    ]);
  });

  it('pass on malformed and huge data unchanged', async () => {
    const system = await bench.running();
    const data = ['{"a":', 'ü\ud83d\ude00'.repeat(200_000), ''];
    const queue = system.notifications();
    for (const text of data) await bench.simulator.notify({ system: system.id, type: 6, data: text });
    for (const text of data) assert.equal(((await queue.next()).value as Notification).data, text);
  });

  it('reach all listeners when one throws', async () => {
    const system = await bench.running();
    const thrown = await uncaughtBy(async () => {
      const queue = system.notifications();
      system.on('notification', ({ number }) => {
        if (number === 0x70) throw new Error('from the listener');
      });
      const others: number[] = [];
      system.on('notification', ({ number }) => others.push(number));
      await bench.simulator.notify({ system: system.id, type: 0x70 });
      await bench.simulator.notify({ system: system.id, type: 0x71 });
      assert.equal(((await queue.next()).value as Notification).number, 0x70);
      assert.equal(((await queue.next()).value as Notification).number, 0x71);
      await system.terminate();
      assert.deepEqual(others, [0x70, 0x71, 1]);
    });
    assert.deepEqual(thrown, ['Error: from the listener']);
  });
});

describe('ComputeSystem#notifications()', () => {
  const bench = useSimulator();

  it('delivers 100,000 notifications, none lost, in order', async () => {
    const system = await bench.running();
    const count = 100_000;
    const queue = system.notifications();
    await bench.simulator.notify({ system: system.id, type: 0x77, count, sequence: true });
    for (let i = 0; i < count; i++) {
      const { value } = (await queue.next()) as IteratorYieldResult<Notification>;
      if (value.data !== String(i)) assert.fail(`expected ${i}, got ${value.data}`);
    }
  });

  it('delivers 100,000 notifications from eight threads, none lost', async () => {
    const system = await bench.running();
    const count = 100_000;
    const seen = new Set<string | undefined>();
    const queue = system.notifications();
    await bench.simulator.notify({ system: system.id, type: 0x77, count, sequence: true, threads: 8 });
    for (let i = 0; i < count; i++) seen.add(((await queue.next()).value as Notification).data);
    assert.equal(seen.size, count);
  });

  it('ends after the exit, the last notification', async () => {
    const system = await bench.running();
    const types: string[] = [];
    const reading = (async () => {
      for await (const { type } of system.notifications()) types.push(type);
    })();
    await system.terminate();
    await reading;
    assert.equal(types.at(-1), 'SystemExited');
  });

  it('yields the exit to a late reader and ends', async () => {
    const system = await bench.running();
    await system.terminate();
    await system.exited;
    const types: string[] = [];
    for await (const { type } of system.notifications()) types.push(type);
    assert.deepEqual(types, ['SystemExited']);
  });

  it('ends when the system is closed', async () => {
    const system = await bench.running();
    const queue = system.notifications();
    const next = queue.next();
    await system.close();
    let read = await next;
    while (read.done !== true) read = await queue.next();
    assert.equal(read.value, undefined);
  });

  it('delivers all notifications to each of two readers', async () => {
    const system = await bench.running();
    const [first, second] = [system.notifications(), system.notifications()];
    await bench.simulator.notify({ system: system.id, type: 0x77, count: 2, sequence: true });
    for (const queue of [first, second]) {
      assert.equal(((await queue.next()).value as Notification).data, '0');
      assert.equal(((await queue.next()).value as Notification).data, '1');
    }
  });
});

describe('1,000 systems at once', () => {
  const bench = useSimulator();

  it('run in one process without a thread each', async () => {
    const { host } = bench.simulator;
    const systems = await Promise.all(
      Array.from({ length: 1000 }, () => ComputeSystem.create(bench.id(), containerDocument(), { host })),
    );
    await Promise.all(systems.map((system) => system.start()));
    assert.equal((await ComputeSystem.list({}, { host })).length, 1000);
    assert.ok((await bench.simulator.state()).Threads < 20);
    assert.ok(host.threads < 20, String(host.threads));
    await Promise.all(systems.map((system) => system.terminate()));
    await Promise.all(systems.map((system) => system.close()));
  });
});
