import assert from 'node:assert/strict';

import type { HcsError, Notification, NotificationType } from 'hostcompute';

import { useSimulator } from '../../support/host.js';

async function typesOf(notifications: AsyncIterable<Notification>): Promise<NotificationType[]> {
  const types: NotificationType[] = [];
  for await (const { type } of notifications) types.push(type);
  return types;
}

describe('notifications()', () => {
  const bench = useSimulator();

  it('yields only the requested types, and ends with the system', async () => {
    const system = await bench.running();
    const chosen = typesOf(system.notifications({ types: ['SystemResumeCompleted', 'SystemExited'] }));
    const none = typesOf(system.notifications({ types: [] }));
    await system.pause();
    await system.resume();
    await system.terminate();
    assert.deepEqual(await chosen, ['SystemResumeCompleted', 'SystemExited']);
    assert.deepEqual(await none, []);
  });

  it('yields the last notification of an ended system if its type is requested', async () => {
    const system = await bench.running();
    await system.terminate();
    await system.exited;
    assert.deepEqual(await typesOf(system.notifications()), ['SystemExited']);
    assert.deepEqual(await typesOf(system.notifications({ types: ['SystemCrashReport'] })), []);
  });

  it('works for a process', async () => {
    const child = await bench.run('cmd /c exit 3');
    const types = typesOf(child.notifications());
    await child.exited;
    assert.deepEqual(await types, ['ProcessExited']);
  });

  it('rejects a reader when the signal aborts, and then ends', async () => {
    const system = await bench.running();
    const controller = new AbortController();
    const notifications = system.notifications({ signal: controller.signal });
    const read = notifications.next();
    const second = notifications.next();
    controller.abort(new Error('enough'));
    await assert.rejects(read, (error: HcsError) => {
      assert.equal(error.name, 'AbortError');
      assert.equal(error.code, 'ABORT_ERR');
      assert.equal(error.systemId, system.id);
      assert.equal((error.cause as Error).message, 'enough');
      return true;
    });
    assert.equal((await second).done, true);
    assert.equal((await notifications.next()).done, true);
  });

  it('yields pending notifications before it rejects for the signal', async () => {
    const system = await bench.running();
    const controller = new AbortController();
    const notifications = system.notifications({ signal: controller.signal });
    await system.pause();
    controller.abort();
    await system.resume();
    assert.equal(((await notifications.next()).value as Notification).type, 'SystemPauseCompleted');
    await assert.rejects(notifications.next(), { name: 'AbortError' });
    assert.equal((await notifications.next()).done, true);
  });

  it('ends after return(), even with an unread rejection of its aborted signal', async () => {
    const system = await bench.running();
    const controller = new AbortController();
    const notifications = system.notifications({ signal: controller.signal });
    await system.pause();
    controller.abort();
    await notifications.return?.();
    assert.equal((await notifications.next()).done, true);
  });

  it('throws for an aborted signal and for unknown types', async () => {
    const system = await bench.running();
    assert.throws(() => system.notifications({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.throws(() => system.notifications({ types: ['SystemExited', 'Exit' as never] }), {
      code: 'ERR_HC_ARGUMENT',
      field: 'options.types[1]',
    });
    assert.throws(() => system.notifications({ types: 'SystemExited' as never }), { field: 'options.types' });
    assert.throws(() => system.notifications({ signal: {} as never }), { field: 'options.signal' });
  });
});
