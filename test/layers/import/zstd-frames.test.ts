import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LayerError } from 'hostcompute';
import { importLayer } from 'hostcompute';

import { largestWindow, ZstdFrames } from '#dist/layers/import/archive/zstd-frames.js';

import { FolderStore } from '../../support/layers/layer-folder.js';
import { file, folder, tar } from '../../support/layers/tar.js';
import { written } from '../../support/layers/written-layer.js';

const magic = [0x28, 0xb5, 0x2f, 0xfd];

/** A block: its bytes as they are, or one byte so many times. */
function block(bytes: Uint8Array, isLast: boolean, repeated?: number): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE(((repeated ?? bytes.length) << 3) | (repeated === undefined ? 0 : 2) | (isLast ? 1 : 0), 0, 3);
  return Buffer.concat([header, bytes]);
}

/** A frame with a window of 2 to the power of `windowLog`. */
function frame(windowLog: number, ...blocks: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([...magic, 0, (windowLog - 10) << 3]), ...blocks]);
}

/** A frame to be skipped. */
function skippable(content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a53, 0);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

const archive = tar(folder('Files'), file('Files/a', 'hello'));

describe('The frames of a zstd archive', () => {
  it('are refused before memory is allocated for a window that is too large', async () => {
    const bomb = frame(
      30,
      ...Array.from({ length: 4 }, () => block(Buffer.alloc(1), false, 1)),
      block(Buffer.alloc(1), true, 1),
    );
    assert.equal(bomb.length, 26);
    const before = process.memoryUsage().arrayBuffers;
    const { failure } = await written(bomb);
    assert.match(failure?.reason ?? '', /window of 1073741824 bytes/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 27);
  });

  it('are refused for a large window in a later frame, with any chunk size', async () => {
    const bytes = Buffer.concat([frame(20, block(archive, true)), frame(31, block(archive, true))]);
    for (const chunkSize of [1, 7, bytes.length]) {
      const { layer, failure } = await written(bytes, { chunkSize });
      assert.equal(layer, undefined);
      assert.match(failure?.reason ?? '', /window/);
    }
  });

  it('are refused for a single segment that is too large', () => {
    const header = Buffer.alloc(14);
    Buffer.from([...magic, 0xe0]).copy(header);
    header.writeBigUInt64LE(BigInt(largestWindow) + 1n, 5);
    assert.throws(() => new ZstdFrames().check(header), { name: 'Refusal', message: /window/ });
  });

  it('are read with the largest window, in several frames, after a skippable one, with any chunk size', async () => {
    const half = archive.length / 2;
    const bytes = Buffer.concat([
      skippable(Buffer.from('pzstd')),
      frame(27, block(archive.subarray(0, half), true)),
      skippable(Buffer.alloc(0)),
      frame(17, block(archive.subarray(half), true)),
    ]);
    for (const chunkSize of [1, 3, 1000, bytes.length]) {
      const { layer, failure } = await written(bytes, { chunkSize });
      assert.deepEqual([failure?.reason, layer?.compression, layer?.entries], [undefined, 'zstd', 2]);
    }
  });

  it('are refused when other data follows, or the last one is truncated', async () => {
    const whole = frame(17, block(archive, true));
    assert.match(
      (await written(Buffer.concat([whole, Buffer.from('something else')]))).failure?.reason ?? '',
      /after the end of the zstd/,
    );
    assert.match((await written(whole.subarray(0, -1))).failure?.reason ?? '', /cannot be decompressed/);
  });

  // Where Node has zstd, it does not move its window.
  if (process.versions.zstd === undefined) {
    it('are refused with far more blocks than content', async () => {
      const one = block(Buffer.from([0]), false);
      const { failure } = await written(frame(27, ...Array.from({ length: 400 }, () => one)));
      assert.match(failure?.reason ?? '', /far more blocks/);
    }).timeout(120_000);
  }

  it('do not block an abort of the import while they are decompressed', async () => {
    using store = new FolderStore();
    const path = join(store.folder, 'slow.tar.zst');
    // Each block of one byte moves a window of 128 MiB where Node has no zstd: seconds in one piece.
    const one = block(Buffer.from([0]), false);
    writeFileSync(path, frame(27, ...Array.from({ length: 100 }, () => one)));
    const abort = new AbortController();
    const importing = importLayer(path, { store, id: 'new', parents: [], signal: abort.signal });
    abort.abort();
    await assert.rejects(importing, { code: 'ABORT_ERR' });
  });

  it('are reported with the layer, not with an entry', async () => {
    using store = new FolderStore();
    mkdirSync(join(store.folder, 'in'));
    const path = join(store.folder, 'in', 'layer.tar.zst');
    writeFileSync(path, frame(30, block(archive, true)));
    await assert.rejects(importLayer(path, { store, id: 'new', parents: [] }), (error: LayerError) => {
      assert.equal(error.entry, undefined);
      assert.match(error.message, /^the layer .*window/i);
      return true;
    });
  });
});
