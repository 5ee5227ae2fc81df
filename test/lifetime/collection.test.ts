import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';

import { ExitLatch } from '#dist/host/exit-latch.js';
import { sessionOf } from '#dist/host/host.js';
import { openHandle } from '#dist/host/open-handle.js';
import { ComputeSystem, Host } from 'hostcompute';

import { onKoffi } from '../support/backend.js';
import { runProgram } from '../support/child.js';
import { containerDocument } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { collectUntil } from '../support/gc.js';
import { useSimulator } from '../support/host.js';
import { stopTime } from '../support/time.js';

async function linesOf(program: string): Promise<string[]> {
  const { code, stdout, stderr } = await runProgram(program, [], ['--expose-gc', '--no-warnings']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  return stdout.trim().split(/\r?\n/);
}

describe('A Host without close()', () => {
  it('is closed when it is collected, with one warning that names where it was opened, and its threads end', async () => {
    assert.deepEqual(await linesOf('collected-host'), [
      'warnings of hosts that were closed: 0',
      'HostcomputeWarning: A Host was garbage collected without close(). It has been closed now.',
      'it says where',
      'hosts: 0, more threads than those of the system that is listened to: 0',
      'closed: true',
      'exit of the system that is listened to: UnexpectedExit',
      'the recording ends with end',
    ]);
  });
});

describe('A Simulator that serves', () => {
  it('is not collected', async () => {
    assert.deepEqual(await linesOf('collected-server'), ['collected: true']);
  });
});

describe('A ComputeSystem that once had listeners', () => {
  it('is collected only when it has no listener left', async () => {
    assert.deepEqual(await linesOf('collected-listeners'), [
      'stop: abandoned',
      'kept in vain: none',
      'not kept: none',
      'kept after the end: none',
    ]);
  });
});

describe('A ComputeSystem that runs', () => {
  const bench = useSimulator();

  it('keeps nothing of the waits for its exit that have ended', async () => {
    await using system = await ComputeSystem.create(bench.id(), containerDocument(), { host: bench.simulator.host });
    await system.start();
    let collected = 0;
    const errors = new FinalizationRegistry<undefined>(() => collected++);
    const wait = async (): Promise<void> => {
      const abort = new AbortController();
      const waiting = system.waitForExit({ signal: abort.signal });
      abort.abort();
      await waiting.catch((error: unknown) => errors.register(error as object, undefined));
    };
    for (let i = 0; i < 100; i++) await wait();
    await collectUntil(() => collected >= 99);
    assert.ok(collected >= 99, `${collected} of 100`);
    await system.terminate();
    assert.equal((await system.waitForExit()).status, 0);
  });
});

describe('A closed ComputeSystem', () => {
  const bench = useSimulator();

  it('leaves none of its notifications behind while the host is open', async () => {
    let seen = 0;
    let collected = 0;
    const notifications = new FinalizationRegistry<undefined>(() => collected++);
    const use = async (): Promise<void> => {
      const system = await ComputeSystem.create(bench.id(), containerDocument(), { host: bench.simulator.host });
      system.on('notification', (notification) => {
        seen++;
        notifications.register(notification, undefined);
      });
      await system.start();
      await system.close();
    };
    await use();
    await collectUntil(() => collected === seen);
    assert.deepEqual([seen, collected], [2, 2]);
  });
});

describe('A ComputeSystem that is collected while its host is being closed', () => {
  const bench = useSimulator();

  it('is closed with the host, and not by itself', async () => {
    const host = await Host.open('simulated');
    let collected = false;
    const systems = new FinalizationRegistry<undefined>(() => (collected = true));
    const drop = async (): Promise<WeakRef<object>> => {
      const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
      systems.register(system, undefined);
      return new WeakRef(system);
    };
    const dropped = await drop();
    // A call inside the host keeps the close from its end.
    const fault = await bench.simulator.inject({ function: 'HcsGetServiceProperties', block: true });
    const asked = assert.rejects(host.serviceProperties(), { code: 'ERR_HC_CLOSED' });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    // It is gone in the turn in which the close begins, and the session is notified of that in a later one.
    const gone = (): boolean => {
      (globalThis as { gc?: () => void }).gc!();
      return dropped.deref() === undefined;
    };
    assert.ok(await eventually(turn, gone));
    const closed = host.close();
    assert.equal(collected, false);
    await asked;
    assert.ok(await eventually(turn, () => collected));
    await turn();
    const { systems: open, callsInFlight } = host.ledger();
    assert.deepEqual([open, callsInFlight], [1, 1]);
    await fault.release();
    await closed;
    assert.ok(await bench.simulator.reached({ handles: { system: 0 } }));
  });
});

describe('A handle of which no object could be made', () => {
  const bench = useSimulator();

  it('is closed, and leaves nothing behind while the host is open', async () => {
    const { id } = await bench.create();
    let collected = false;
    const subjects = new FinalizationRegistry<undefined>(() => (collected = true));
    const open = async (): Promise<void> => {
      const subject = { systemId: id };
      subjects.register(subject, undefined);
      const session = sessionOf(bench.simulator.host, 'test');
      const make = (): never => {
        throw new Error('it cannot be made');
      };
      const opened = openHandle({ session, name: 'HcsOpenComputeSystem', input: { id }, subject, options: {}, make });
      await assert.rejects(opened, { message: 'it cannot be made' });
    };
    await open();
    await collectUntil(() => collected);
    assert.ok(collected);
    assert.ok(await bench.simulator.reached({ handles: { system: 1 } }));
  });
});

describe('A settled wait for an exit', () => {
  it('leaves nothing behind', async () => {
    const latch = new ExitLatch<void>();
    const heapAfterWaits = async (): Promise<number> => {
      using time = stopTime();
      const waits = Promise.all(Array.from({ length: 20_000 }, () => latch.within(10)));
      await time.pass(10);
      assert.ok((await waits).every((exited) => !exited));
      (globalThis as { gc?: () => void }).gc!();
      return process.memoryUsage().heapUsed;
    };
    const first = await heapAfterWaits();
    let last = first;
    for (let i = 0; i < 5; i++) last = await heapAfterWaits();
    // 100,000 waiters would be 10 MiB.
    assert.ok(last - first < 3 * 2 ** 20, `the heap has grown by ${last - first}`);
  });
});

describe('A host with many calls', () => {
  const bench = useSimulator();

  it('keeps none of those that have ended until a full collection', async () => {
    const { host } = bench.simulator;
    const collect = (globalThis as unknown as { gc: (options: { type: 'minor' | 'major' }) => void }).gc;
    const oldBytes = (): number =>
      getHeapSpaceStatistics().find(({ space_name: n }) => n === 'old_space')!.space_used_size;
    const cycle = async (): Promise<void> => {
      const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
      await system.start();
      await system.terminate();
      await system.close();
    };
    const cycles = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        await Promise.all(Array.from({ length: 20 }, cycle));
        collect({ type: 'minor' });
      }
    };
    await cycles();
    collect({ type: 'major' });
    const before = oldBytes();
    await cycles();
    const grown = oldBytes() - before;
    // Maps whose tables outlive their entries have kept 7,400 of each; what is compiled meanwhile counts as well. koffi has a
    // queue of its own.
    const most = onKoffi ? 10_000 : 5000;
    assert.ok(grown < 400 * most, `${grown} bytes of 400 cycles`);
  });
});
