import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import * as zlib from 'node:zlib';

import { exportLayer } from 'hostcompute';

import { uncaughtBy } from '../../support/uncaught.js';
import { FakeStore } from './fake-store.js';
import { readTar } from './tar-reader.js';
import { stream as streams, TestFolder, TransportTree } from './transport-tree.js';

const all = ['activate layer', 'prepare layer p b', 'unprepare layer', 'export layer p b', 'deactivate layer'];

const parents = ['p', 'b'];
const large = 3_000_000;

/** A store with one layer, and whatever the test wants beside a large file in it. */
function layerStore(folder: TestFolder, make: (tree: TransportTree) => void = () => undefined): FakeStore {
  const store = new FakeStore(folder.path);
  const layer = new TransportTree(store.pathOf('layer')).raw('sandbox.vhdx', 'disk');
  const tree = new TransportTree(join(layer.root, 'tree')).directory('Files').tombstones('gone');
  tree.file('Files/a', 0x20, [streams.data(Buffer.alloc(large, 'content '))]);
  const time = 133444736002500000n;
  const times = { creation: time, access: time, write: time, change: time };
  tree.times('Files', times).times('Files/a', times);
  make(tree);
  return store;
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('exportLayer()', () => {
  it('returns the tar with its digests, and restores the state of the host', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const { stream, result } = exportLayer({ store, id: 'layer', parents });
    const tar = await buffer(stream);
    assert.deepEqual(store.calls, all);
    assert.deepEqual(store.leftovers(), []);
    assert.deepEqual(
      readTar(tar).map(({ name, body }) => [name, body.length]),
      [
        ['Files', 0],
        ['Files/.wh.gone', 0],
        ['Files/a', large],
      ],
    );
    assert.deepEqual(await result, {
      diffId: digestOf(tar),
      digest: digestOf(tar),
      size: tar.length,
      tarSize: tar.length,
      entries: 3,
      notExported: [],
      notExportedCount: 0,
    });
  });

  it('reads a layer without parents in place', async () => {
    using folder = new TestFolder();
    const store = new FakeStore(folder.path);
    new TransportTree(store.pathOf('layer')).directory('Files').file('Files/a').raw('blank.vhdx', 'disk');
    const { stream, result } = exportLayer({ store, id: 'layer', parents: [] });
    assert.deepEqual(
      readTar(await buffer(stream)).map(({ name }) => name),
      ['Files', 'Files/a'],
    );
    assert.deepEqual((await result).notExported, []);
    assert.deepEqual(store.calls, ['activate layer', 'deactivate layer']);
  });

  it('prepares only a layer with its own disk', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    rmSync(join(store.pathOf('layer'), 'sandbox.vhdx'));
    await buffer(exportLayer({ store, id: 'layer', parents }).stream);
    assert.deepEqual(store.calls, ['activate layer', 'export layer p b', 'deactivate layer']);
  });

  it('compresses with gzip, with the diffID of the tar and the digest of the output', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const plain = await buffer(exportLayer({ store, id: 'layer', parents }).stream);
    const { stream, result } = exportLayer({ store, id: 'layer', parents, format: 'gzip' });
    const packed = await buffer(stream);
    assert(zlib.gunzipSync(packed).equals(plain));
    const { diffId, digest, size, tarSize } = await result;
    assert.deepEqual([diffId, digest], [digestOf(plain), digestOf(packed)]);
    assert.deepEqual([size, tarSize], [packed.length, plain.length]);
  });

  it('compresses with zstd where Node supports it, and throws elsewhere', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Buffer) => Buffer };
    const options = { store, id: 'layer', parents, format: 'zstd' } as const;
    if (zstdDecompressSync === undefined) {
      assert.throws(() => exportLayer(options), {
        code: 'ERR_HC_ARGUMENT',
        message: /on this version of Node; received "zstd"/,
      });
      return;
    }
    const { stream, result } = exportLayer(options);
    assert.equal(digestOf(zstdDecompressSync(await buffer(stream))), (await result).diffId);
  });

  it('reports what the tar does not contain', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder, (tree) => tree.file('Files/b', 0x820));
    const { stream, result } = exportLayer({ store, id: 'layer', parents });
    stream.resume();
    const { notExported, notExportedCount } = await result;
    assert.deepEqual([notExported[0]?.entry, notExported[0]?.what, notExportedCount], ['Files/b', 'compression', 1]);
  });

  it('makes no call before the stream is read', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const { stream, result } = exportLayer({ store, id: 'layer', parents });
    stream.destroy();
    await once(stream, 'close');
    assert.deepEqual(store.calls, []);
    await assert.rejects(result, { code: 'ERR_HC_LAYER', message: /destroyed before its end/ });
  });

  it('buffers a bounded amount, whatever the size of the layer', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder, (tree) => {
      tree.file('Files/b', 0x220, [streams.sparse({}, 100_000_000)]);
    });
    const { stream: waiting } = exportLayer({ store, id: 'layer', parents });
    await once(waiting, 'readable');
    // While one export goes to its end, another that began earlier waits for its reader.
    const { stream: read, result } = exportLayer({ store, id: 'layer', parents });
    read.resume();
    assert((await result).size > 100_000_000);
    assert(waiting.readableLength < 3_000_000, `${waiting.readableLength} bytes are held`);
    waiting.destroy();
    await once(waiting, 'close');
    assert.deepEqual(store.leftovers(), []);
  });

  for (const [failing, calls] of [
    ['activate', all.slice(0, 1)],
    ['prepare', [...all.slice(0, 2), 'deactivate layer']],
    ['unprepare', [...all.slice(0, 3), 'deactivate layer']],
    ['export', all],
    ['deactivate', all],
  ] as const) {
    it(`rejects with the failure of ${failing}, and undoes completed steps`, async () => {
      using folder = new TestFolder();
      const store = layerStore(folder);
      store.failing = failing;
      const { stream, result } = exportLayer({ store, id: 'layer', parents });
      await assert.rejects(buffer(stream), { message: `${failing} failed` });
      await assert.rejects(result, { message: `${failing} failed` });
      assert.deepEqual(store.calls, calls);
      assert.deepEqual(store.leftovers(), []);
    });
  }

  it('rejects with the name of a file that cannot be read, and undoes completed steps', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder, (tree) => tree.raw('Files/bad', 'abc'));
    const { stream, result } = exportLayer({ store, id: 'layer', parents });
    const expected = { name: 'LayerError', code: 'ERR_HC_LAYER', entry: 'Files/bad', reason: /3 bytes/ };
    await assert.rejects(buffer(stream), expected);
    await assert.rejects(result, expected);
    assert.deepEqual(store.calls, all);
    assert.deepEqual(store.leftovers(), []);
  });

  it('reports the first failure when undoing fails as well', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder, (tree) => tree.raw('Files/bad', 'abc'));
    store.failing = 'deactivate';
    await assert.rejects(buffer(exportLayer({ store, id: 'layer', parents }).stream), { entry: 'Files/bad' });
  });

  for (const [name, give] of [
    ['destroyed', (stream: Readable) => stream.destroy()],
    ['destroyed with an error', (stream: Readable) => stream.destroy(new Error('enough'))],
  ] as const) {
    it(`stops when it is ${name} halfway, and undoes all steps before it closes`, async () => {
      using folder = new TestFolder();
      const store = layerStore(folder);
      const { stream, result } = exportLayer({ store, id: 'layer', parents });
      stream.on('error', () => undefined);
      stream.once('data', () => give(stream));
      await new Promise((resolve) => stream.once('close', resolve));
      assert.deepEqual(store.calls, all);
      assert.deepEqual(store.leftovers(), []);
      await assert.rejects(result, /destroyed before its end|enough/);
    });
  }

  it('closes when it is destroyed while the end of the layer is on its way', async () => {
    using folder = new TestFolder();
    const store = new FakeStore(folder.path);
    new TransportTree(store.pathOf('layer')).directory('Files').file('Files/a');
    const { stream } = exportLayer({ store, id: 'layer', parents: [] });
    stream.once('data', () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); // the thread gets to its end meanwhile
      stream.destroy();
    });
    await once(stream, 'close');
    assert.deepEqual(store.calls, ['activate layer', 'deactivate layer']);
    const next = exportLayer({ store, id: 'layer', parents: [] });
    assert.equal((await buffer(next.stream)).length, (await next.result).size);
  });

  it('rejects when it is destroyed with the end of the tar still unread', async () => {
    using folder = new TestFolder();
    const store = new FakeStore(folder.path);
    new TransportTree(store.pathOf('layer')).directory('Files').file('Files/a');
    const { stream, result } = exportLayer({ store, id: 'layer', parents: [] });
    const isUndone = new Promise<void>((resolve) => {
      store.during = (call) => {
        if (call === 'deactivate') resolve();
      };
    });
    await once(stream, 'readable');
    await isUndone;
    await turn();
    assert(stream.readableLength > 0);
    stream.destroy();
    await assert.rejects(result, /destroyed before its end/);
  });

  it('stops after the current host call when it is destroyed during one', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const { stream } = exportLayer({ store, id: 'layer', parents });
    store.during = (call) => {
      if (call === 'export') stream.destroy();
    };
    stream.resume();
    await once(stream, 'close');
    assert.deepEqual(store.calls, all);
    assert.deepEqual(store.leftovers(), []);
  });

  it('stops when the signal is aborted', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const controller = new AbortController();
    const { stream, result } = exportLayer({ store, id: 'layer', parents, signal: controller.signal });
    stream.once('data', () => controller.abort());
    await assert.rejects(buffer(stream), { name: 'AbortError' });
    await assert.rejects(result, { name: 'AbortError' });
    assert.deepEqual(store.leftovers(), []);
  });

  it('rejects without an uncaught error when the signal is already aborted', async () => {
    using folder = new TestFolder();
    const store = layerStore(folder);
    const thrown = await uncaughtBy(async () => {
      const { result } = exportLayer({ store, id: 'layer', parents, signal: AbortSignal.abort() });
      await assert.rejects(result, { name: 'AbortError' });
      await turn();
    });
    assert.deepEqual(thrown, []);
  });

  const wrong: Record<string, [Readonly<Record<string, unknown>>, string]> = {
    'no store': [{ store: {} }, 'store'],
    'an unknown option': [{ compression: 'gzip' }, 'options.compression'],
    'an invalid signal': [{ signal: {} }, 'options.signal'],
    'no id': [{ id: '' }, 'id'],
    'parents that are not an array': [{ parents: 'p' }, 'parents'],
    'a parent that is not a string': [{ parents: ['p', 7] }, 'parents'],
    'an unknown format': [{ format: 'zip' }, 'format'],
  };
  for (const [name, [options, field]] of Object.entries(wrong)) {
    it(`throws at once for ${name}`, () => {
      using folder = new TestFolder();
      const right = { store: new FakeStore(folder.path), id: 'layer', parents };
      assert.throws(() => exportLayer({ ...right, ...options }), {
        code: 'ERR_HC_ARGUMENT',
        field,
      });
      assert(existsSync(folder.path));
    });
  }
});
