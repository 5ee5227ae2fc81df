import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Readable } from 'node:stream';

import type { Notification } from 'hostcompute';
import { importLayer } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { useLayers } from '../../support/layers/layers.js';
import { file, folder, tar } from '../../support/layers/tar.js';

describe('Listeners', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  const request = new AsyncLocalStorage<string>();

  it('run in the AsyncLocalStorage context in which each was added', async () => {
    const system = await bench.running();
    const seen: string[] = [];
    const note = (): void => void seen.push(String(request.getStore()));
    request.run('on', () => system.on('notification', note));
    request.run('addListener', () => system.addListener('notification', note));
    request.run('once', () => system.once('notification', note));
    request.run('prependListener', () => system.prependListener('notification', note));
    request.run('prependOnceListener', () => system.prependOnceListener('notification', note));
    system.on('notification', note);
    await request.run('other', () => system.pause());
    assert.deepEqual(seen, ['prependOnceListener', 'prependListener', 'on', 'addListener', 'once', 'undefined']);
    seen.length = 0;
    await system.resume();
    assert.deepEqual(seen, ['prependListener', 'on', 'addListener', 'undefined']);
  });

  it('are removed and listed as with any EventEmitter', async () => {
    const system = await bench.running();
    const seen: string[] = [];
    const first = (): void => void seen.push('first');
    const second = (): void => void seen.push('second');
    system.on('notification', first).once('notification', second).on('exit', first);
    assert.deepEqual(system.listeners('notification'), [first, second]);
    assert.equal(system.listenerCount('notification', second), 1);
    system.off('notification', first).off('notification', second);
    assert.equal(system.listenerCount('notification'), 0);
    const emitted = once(system, 'notification');
    await system.pause();
    await emitted;
    assert.deepEqual(seen, []);
    assert.deepEqual(system.eventNames().sort(), ['exit']);
    system.removeAllListeners();
    assert.equal(system.listenerCount('exit'), 0);
    assert.throws(() => system.on('exit', 'no function' as never), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => system.once('exit', undefined as never), { code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('are called with the emitter as this, once for each time that they were added', async () => {
    const system = await bench.running();
    const seen: unknown[] = [];
    function note(this: unknown): void {
      seen.push(this);
    }
    system.once('exit', note).on('exit', note);
    await system.terminate();
    await system.exited;
    assert.deepEqual(
      seen.map((each) => each === system),
      [true, true],
    );
  });

  it('added with once() are called once even when an earlier listener emits the event again', async () => {
    const system = await bench.running();
    const notification: Notification = { type: 'ServiceDisconnect', number: 0x01000000, status: 0 };
    let emits = 1;
    let calls = 0;
    system.on('disconnect', () => {
      if (emits++ === 1) system.emit('disconnect', notification);
    });
    system.once('disconnect', () => calls++);
    system.emit('disconnect', notification);
    assert.equal(calls, 1);
  });

  it('of a process, and readers of its notifications, keep their context', async () => {
    const child = await bench.run('cmd /c exit');
    const seen: (string | undefined)[] = [];
    const read = request.run('reader', async () => {
      for await (const { type } of child.notifications()) seen.push(`${type} ${request.getStore()}`);
    });
    await request.run('exit', () =>
      once(
        child.on('exit', () => seen.push(request.getStore())),
        'exit',
      ),
    );
    await read;
    assert.deepEqual(seen.sort(), ['ProcessExited reader', 'exit']);
  });

  it('of import progress and of a layer store keep their context', async () => {
    await layers.chain();
    const archive = Readable.from([tar(folder('Files'), file('Files/a.txt', 'a'))]);
    const seen = new Set<string | undefined>();
    const onProgress = (): void => void seen.add(request.getStore());
    await request.run('import', () =>
      importLayer(archive, { store: layers.store, id: 'third', parents: ['app', 'base'], onProgress }),
    );
    assert.deepEqual([...seen], ['import']);

    const store = await layers.open({ retry: { rounds: 2, delayMs: 1 } });
    await store.createScratch('scratch', ['app', 'base']);
    const retried = request.run(
      'retry',
      () => new Promise((resolve) => store.once('retry', () => resolve(request.getStore()))),
    );
    await bench.simulator.inject({ function: 'ActivateLayer', nth: 1, status: 0x80070015 });
    await (await store.mount('scratch', ['app', 'base'])).close();
    assert.equal(await retried, 'retry');
  });
});
