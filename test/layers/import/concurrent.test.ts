import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';

import type { HcsAbortError, ImportLayerOptions } from 'hostcompute';
import { importLayer } from 'hostcompute';

import { FolderStore, list } from '../../support/layers/layer-folder.js';
import { file, folder, tar } from '../../support/layers/tar.js';

const archive = (content: string): Buffer => tar(folder('Files'), file('Files/a', content));

function load(store: FolderStore, id: string, content: string, options: Partial<ImportLayerOptions> = {}) {
  return importLayer(Readable.from([archive(content)]), { store, id, parents: [], ...options });
}

/** A source that never ends after its first bytes. */
function endless(): { source: Readable; reached: Promise<void> } {
  let reach!: () => void;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  let isFirst = true;
  const read = function (this: Readable): void {
    if (isFirst) this.push(archive('a').subarray(0, 1024));
    else reach();
    isFirst = false;
  };
  return { source: new Readable({ read, highWaterMark: 1 }), reached };
}

describe('Concurrent imports into one id', () => {
  for (const parents of [[], ['base']]) {
    it(`produce one layer and one rejection, for ${parents.length === 0 ? 'a base layer' : 'a layer with a parent'}`, async () => {
      using store = new FolderStore();
      await load(store, 'base', 'base');
      for (let round = 0; round < 3; round++) {
        const id = `new-${String(round)}`;
        const results = await Promise.allSettled([
          load(store, id, 'one', { parents }),
          load(store, id, 'two', { parents }),
        ]);
        const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
        assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
        assert.deepEqual((refused.reason as { field?: string }).field, 'id');
        assert.deepEqual(list(store.pathOf(id)), ['FileTimes', 'Files.$wcidirs$', 'Files/', 'Files/a']);
      }
      assert.ok(!store.calls.some((call) => call.startsWith('destroy')));
    });
  }

  it('do not affect the running import when the second is refused', async () => {
    using store = new FolderStore();
    const { source, reached } = endless();
    const abort = new AbortController();
    const first = importLayer(source, { store, id: 'new', parents: [], signal: abort.signal });
    await reached;
    await assert.rejects(load(store, 'new', 'two'), { code: 'ERR_HC_ARGUMENT', field: 'id' });
    assert.ok(existsSync(store.pathOf('new')));
    abort.abort();
    await assert.rejects(first, { code: 'ABORT_ERR' });
    assert.deepEqual([store.calls, store.listAll()], [[], []]);
  });

  it('do not overwrite a folder that something else created meanwhile', async () => {
    using store = new FolderStore();
    const { source, reached } = endless();
    const abort = new AbortController();
    const first = importLayer(source, { store, id: 'other', parents: [], signal: abort.signal });
    await reached;
    mkdirSync(store.pathOf('new'));
    writeFileSync(join(store.pathOf('new'), 'mine'), 'x');
    await assert.rejects(load(store, 'new', 'two'), { field: 'id' });
    assert.deepEqual(list(store.pathOf('new')), ['mine']);
    abort.abort();
    await assert.rejects(first, { code: 'ABORT_ERR' });
  });

  it('use an existing empty folder, once', async () => {
    using store = new FolderStore();
    mkdirSync(store.pathOf('new'));
    const results = await Promise.allSettled([load(store, 'new', 'one'), load(store, 'new', 'two')]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.deepEqual(list(store.pathOf('new')), ['FileTimes', 'Files.$wcidirs$', 'Files/', 'Files/a']);
  });
});

describe('An import callback', () => {
  it('rejects the import with the error that it throws while the archive is read', async () => {
    using store = new FolderStore();
    const failure = new Error('of the caller');
    let phase = '';
    const parts = [tar(folder('Files'), file('Files/a', Buffer.alloc(8 * 2 ** 20)))];
    // The first progress of the writing thread comes after a while: the source goes on until then.
    const source = new Readable({
      read() {
        this.push(parts.shift() ?? Buffer.alloc(512));
      },
    });
    const onProgress = (progress: { phase: string }): void => {
      ({ phase } = progress);
      throw failure;
    };
    await assert.rejects(importLayer(source, { store, id: 'new', parents: [], onProgress }), failure);
    assert.equal(phase, 'read');
    assert.ok(source.destroyed);
    assert.deepEqual([store.calls, store.listAll()], [[], []]);
  });

  it('rejects the import with the reason of its promise', async () => {
    using store = new FolderStore();
    const failure = new Error('of the caller');
    for (const at of ['read', 'host']) {
      const onProgress = async ({ phase }: { phase: string }): Promise<void> => {
        await Promise.resolve();
        if (phase === at) throw failure;
      };
      await assert.rejects(load(store, 'new', 'x', { onProgress: onProgress }), failure);
      assert.deepEqual(store.listAll(), []);
    }
  });

  it('rejects the import also when it throws after everything is read', async () => {
    using store = new FolderStore();
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'host') throw new RangeError('of the caller');
    };
    await assert.rejects(load(store, 'new', 'x', { onProgress }), RangeError);
    assert.deepEqual(store.listAll(), []);
  });
});

describe('An aborted import', () => {
  it('names the operation and the layer in its error', async () => {
    using store = new FolderStore();
    const { source, reached } = endless();
    const abort = new AbortController();
    const importing = importLayer(source, { store, id: 'new', parents: [], signal: abort.signal });
    await reached;
    abort.abort();
    await assert.rejects(importing, (error: HcsAbortError) => {
      assert.deepEqual([error.operation, error.layer], ['importLayer', store.pathOf('new')]);
      assert.match(error.message, /^importLayer of layer ".*new" was \w+ after \d+ ms$/);
      return true;
    });
  });
});

describe('Imports one after the other', () => {
  /** Node numbers its threads. */
  const nextThread = async (): Promise<number> => {
    const worker = new Worker('', { eval: true });
    const { threadId } = worker;
    await worker.terminate();
    return threadId;
  };

  it('start no thread but the first, also after one that failed and one that was aborted', async () => {
    using store = new FolderStore();
    await load(store, 'first', 'one');
    const before = await nextThread();
    await load(store, 'second', 'two');
    await assert.rejects(importLayer(Readable.from([tar(file('evil'))]), { store, id: 'evil', parents: [] }));
    const { source, reached } = endless();
    const abort = new AbortController();
    const aborted = importLayer(source, { store, id: 'aborted', parents: [], signal: abort.signal });
    await reached;
    abort.abort();
    await assert.rejects(aborted, { code: 'ABORT_ERR' });
    await load(store, 'third', 'three');
    assert.equal(await nextThread(), before + 1);
  });
});
