import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';

import type { CallMessage, NotificationMessage } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';
import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';

/** What is published on a channel while `work` runs; each message as it was then. */
async function published<M>(name: string, work: () => Promise<unknown>): Promise<M[]> {
  const messages: M[] = [];
  const note = (message: unknown): void => void messages.push({ ...(message as M) });
  subscribe(name, note);
  try {
    await work();
  } finally {
    unsubscribe(name, note);
  }
  return messages;
}

describe('The channel hostcompute:call', () => {
  const bench = useSimulator();

  it('publishes the start and the end of each call, with its duration and code', async () => {
    const id = bench.id();
    const messages = await published<CallMessage>('hostcompute:call', async () => {
      await using system = await ComputeSystem.create(id, containerDocument(), { host: bench.simulator.host });
      await system.start();
      await assert.rejects(system.start());
    });
    const ofSystem = messages.filter(({ systemId }) => systemId === id);
    assert.deepEqual(
      ofSystem.map(({ operation, code }) => [operation, code]),
      [
        ['HcsCreateComputeSystem', undefined],
        ['HcsCreateComputeSystem', 'S_OK'],
        ['HcsStartComputeSystem', undefined],
        ['HcsStartComputeSystem', 'S_OK'],
        ['HcsStartComputeSystem', undefined],
        ['HcsStartComputeSystem', 'HCS_E_INVALID_STATE'],
        ['HcsCloseComputeSystem', undefined],
        ['HcsCloseComputeSystem', 'S_OK'],
      ],
    );
    for (const { code, durationMs } of ofSystem) assert.equal(durationMs === undefined, code === undefined);
    assert.ok(ofSystem.every(({ durationMs = 0 }) => durationMs >= 0));
  });

  it('publishes the code of a call that times out, and no documents or command lines', async () => {
    const system = await bench.running();
    const messages = await published<CallMessage>('hostcompute:call', async () => {
      await bench.simulator.inject({ function: 'HcsCreateProcess', block: true });
      const command = { command: 'cmd /c secret', env: { TOKEN: 'secret' } };
      await assert.rejects(system.createProcess(command, { timeoutMs: 20 }), { code: 'ERR_HC_TIMEOUT' });
    });
    await bench.simulator.clear();
    assert.equal(messages.at(-1)?.code, 'ERR_HC_TIMEOUT');
    assert.doesNotMatch(JSON.stringify(messages), /secret|cmd/);
    assert.ok(await bench.noneStuck());
  });

  it('publishes one object for both, first in the async context of the caller', async () => {
    const system = await bench.running();
    const storage = new AsyncLocalStorage<string>();
    const starts: unknown[] = [];
    const ends: unknown[] = [];
    const note = (message: unknown): void => {
      if ((message as CallMessage).code === undefined) starts.push(message, storage.getStore());
      else ends.push(message);
    };
    subscribe('hostcompute:call', note);
    await storage.run('caller', () => system.pause());
    unsubscribe('hostcompute:call', note);
    await system.resume();
    assert.equal(starts.length, 2);
    assert.equal(starts[0], ends[0]);
    assert.equal(starts[1], 'caller');
  });
});

describe('The channel hostcompute:notification', () => {
  const bench = useSimulator();

  it('publishes type, code and ids of each notification', async () => {
    const messages = await published<NotificationMessage>('hostcompute:notification', async () => {
      const child = await bench.run('cmd /c exit 2');
      await child.exited;
      await child.system.terminate();
      await child.system.exited;
    });
    const ids = messages.map(({ type, code, systemId, processId }) => [type, code, typeof systemId, typeof processId]);
    assert.deepEqual(ids, [
      ['SystemCreateCompleted', 'S_OK', 'string', 'undefined'],
      ['SystemStartCompleted', 'S_OK', 'string', 'undefined'],
      ['ProcessExited', 'S_OK', 'string', 'number'],
      ['SystemExited', 'S_OK', 'string', 'undefined'],
    ]);
    assert.doesNotMatch(JSON.stringify(messages), /ExitCode|data/);
  });

  it('publishes the ids with notifications of the second handle of a kill, too', async () => {
    const { simulator } = bench;
    const child = await bench.run('sim-sleep');
    const crashes: unknown[] = [];
    const note = (message: unknown): void => {
      const { type, systemId } = message as NotificationMessage;
      if (type === 'SystemCrashReport') crashes.push(systemId);
    };
    const signal = await simulator.inject({ function: 'HcsSignalProcess', block: true });
    const terminate = await simulator.inject({ function: 'HcsTerminateProcess', block: true });
    const signalled = child.kill('SIGTERM');
    assert.ok(await simulator.reached({ blockedCalls: 1 }));
    const killed = child.kill();
    assert.ok(await simulator.reached({ blockedCalls: 2 }));
    subscribe('hostcompute:notification', note);
    await simulator.notify({ system: child.system.id, type: 6 });
    await eventually(turn, () => crashes.length === 2);
    unsubscribe('hostcompute:notification', note);
    assert.deepEqual(crashes, [child.system.id, child.system.id]);
    await terminate.release();
    await killed;
    await signal.release();
    await signalled;
  });

  it('publishes before the listeners are called', async () => {
    const system = await bench.running();
    const order: string[] = [];
    system.on('notification', () => order.push('listener'));
    const note = (): void => void order.push('channel');
    subscribe('hostcompute:notification', note);
    await system.pause();
    unsubscribe('hostcompute:notification', note);
    assert.deepEqual(order, ['channel', 'listener']);
  });
});
