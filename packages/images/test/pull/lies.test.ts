import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { ImageError } from '../../src/image-error.js';
import type { BuiltImage } from '../support/built-image.js';
import { builtImage, digestOf, hexOf, imageOf, layerOf } from '../support/built-image.js';
import { useImages } from '../support/image-bench.js';
import type { ImageRegistry } from '../support/image-registry.js';
import { startImageRegistry } from '../support/image-registry.js';

describe('ImageStore#pull(), where content lies', () => {
  const bench = useImages();
  let image: BuiltImage;
  let registry: ImageRegistry;
  beforeEach(async () => {
    image = await builtImage();
    registry = await startImageRegistry({ 1: image });
  });
  afterEach(() => registry[Symbol.asyncDispose]());

  const pathOf = (folder: string, digest: string): string => join(bench.folder, folder, digest.slice('sha256:'.length));
  const layers = (): string[] => readdirSync(bench.images.layers.folder);
  const refused = async (of: BuiltImage, expected: object): Promise<void> => {
    await using other = await startImageRegistry({ 1: of });
    await assert.rejects(bench.images.pull(other.reference), expected);
    assert.deepEqual(await bench.images.list(), []);
    assert.deepEqual(
      other.paths.filter((path) => of.layers.some(({ digest }) => path.includes(digest))),
      [],
    );
  };

  it('refuses a blob of another digest, deletes it, and takes the right one the next time', async () => {
    const [, middle] = image.layers;
    const wrong = gzipSync(Buffer.alloc(middle!.size * 2, 'x')).subarray(0, middle!.size);
    registry.replace(middle!, Buffer.concat([wrong, Buffer.alloc(middle!.size - wrong.length)]));
    await assert.rejects(bench.images.pull(registry.reference), (error: ImageError) => {
      assert.equal(error.code, 'ERR_HC_IMAGE_CONTENT');
      assert.ok(error.message.includes(middle!.digest), error.message);
      return true;
    });
    assert.ok(!existsSync(pathOf('downloads', middle!.digest)));
    assert.ok(!existsSync(pathOf('blobs/sha256', middle!.digest)));
    // The layer below is whole, the one of the wrong blob is not there.
    assert.ok(layers().every((name) => name === hexOf(image.tars[0]!)));
    assert.deepEqual(await bench.images.list(), []);
    registry.honest();
    assert.equal((await bench.images.pull(registry.reference)).layers.length, 3);
  });

  it('refuses a layer whose tar is another than the configuration says, naming both', async () => {
    const wrong = digestOf(Buffer.from('another'));
    const diffIds = [digestOf(image.tars[0]!), wrong, digestOf(image.tars[2]!)];
    const lying = imageOf(image.tars, { configuration: { rootfs: { type: 'layers', diff_ids: diffIds } } });
    await using other = await startImageRegistry({ 1: lying });
    await assert.rejects(bench.images.pull(other.reference), (error: ImageError) => {
      assert.equal(error.code, 'ERR_HC_IMAGE_CONTENT');
      for (const part of [lying.layers[1]!.digest, wrong, digestOf(image.tars[1]!)]) {
        assert.ok(error.message.includes(part), `${part}: ${error.message}`);
      }
      return true;
    });
    assert.ok(layers().every((name) => name === hexOf(image.tars[0]!)));
    assert.ok(!existsSync(pathOf('blobs/sha256', lying.layers[1]!.digest)));
  });

  it('refuses what is no layer, with the entry', async () => {
    const { tars } = image;
    const lying = imageOf([tars[0]!, Buffer.from('no tar at all'.repeat(100)), tars[2]!]);
    await using other = await startImageRegistry({ 1: lying });
    await assert.rejects(bench.images.pull(other.reference), { code: 'ERR_HC_IMAGE_CONTENT', message: /is text/ });
  });

  it('refuses an image of another system before the first layer, naming the platform', () =>
    refused(imageOf(image.tars, { os: 'linux' }), { code: 'ERR_HC_IMAGE_PLATFORM', message: /linux\/amd64/ }));

  it('refuses an image whose configuration has other layers than its manifest', () =>
    refused(
      imageOf(image.tars, { configuration: { rootfs: { type: 'layers', diff_ids: [digestOf(image.tars[0]!)] } } }),
      {
        code: 'ERR_HC_IMAGE_CONTENT',
        message: /names 3 layers, its configuration 1/,
      },
    ));

  it('refuses an image without layers, and what is no image', async () => {
    await refused(imageOf([]), { code: 'ERR_HC_IMAGE_CONTENT', message: /names no layers/ });
    await refused(imageOf(image.tars, { configuration: { rootfs: undefined } }), {
      code: 'ERR_HC_IMAGE_CONTENT',
      message: /no image of a container/,
    });
  });

  it('downloads from the beginning where what was left of a download is damaged', async () => {
    const [base] = image.layers;
    writeFileSync(pathOf('downloads', base!.digest), Buffer.alloc(20, 'x'));
    const pulled = await bench.images.pull(registry.reference);
    assert.deepEqual(registry.offsetsOf(base!), [20, 0]);
    assert.equal(pulled.layers.length, 3);
  });

  it('downloads from the beginning where more is left than the blob has', async () => {
    const [base] = image.layers;
    writeFileSync(pathOf('downloads', base!.digest), Buffer.alloc(base!.size + 1, 'x'));
    await bench.images.pull(registry.reference);
    assert.deepEqual(registry.offsetsOf(base!), [0]);
  });

  for (const [what, damage] of [
    ['cut off', (blob: Buffer) => blob.subarray(1)],
    ['of other content', (blob: Buffer) => Buffer.from(blob.map((byte, i) => (i === blob.length - 20 ? ~byte : byte)))],
  ] as const) {
    it(`fetches a blob again that is ${what} in the store, when its layer is needed`, async () => {
      const pulled = await bench.images.pull(registry.reference);
      const [, , top] = image.layers;
      const path = pathOf('blobs/sha256', top!.digest);
      writeFileSync(path, damage(readFileSync(path)));
      rmSync(join(bench.images.layers.folder, pulled.layers[0]!), { recursive: true });
      assert.deepEqual(await bench.images.pull(registry.reference), pulled);
      assert.equal(digestOf(readFileSync(path)), top!.digest);
      assert.ok(await bench.images.layers.exists(pulled.layers[0]!));
    });
  }

  it('makes a layer anew whose folder has no record', async () => {
    const id = hexOf(image.tars[0]!);
    mkdirSync(join(bench.images.layers.folder, id, 'Files'), { recursive: true });
    writeFileSync(join(bench.images.layers.folder, id, 'Files', 'half'), 'half');
    await bench.images.pull(registry.reference);
    assert.deepEqual(readdirSync(join(bench.images.layers.folder, id, 'Files')), ['base.txt']);
  });

  it('passes on what onProgress throws, and leaves no half layer', async () => {
    const own = new Error('own');
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'unpack') throw own;
    };
    await assert.rejects(bench.images.pull(registry.reference, { onProgress }), own);
    const records = readdirSync(join(bench.folder, 'records', 'layers')).map((name) => name.replace('.json', ''));
    assert.deepEqual(layers().sort(), records.sort());
  });

  it('refuses options that are wrong', async () => {
    await assert.rejects(bench.images.pull(registry.reference, { concurrency: 0 }), { field: 'options.concurrency' });
    await assert.rejects(bench.images.pull(registry.reference, { timeoutMs: 0 }), { field: 'options.timeoutMs' });
    await assert.rejects(bench.images.pull('http://x/y'), { code: 'ERR_HC_IMAGE_REFERENCE' });
    assert.deepEqual(registry.paths, []);
  });

  it('pulls a layer without files', async () => {
    const empty = imageOf([await layerOf({})]);
    await using other = await startImageRegistry({ 1: empty });
    assert.equal((await bench.images.pull(other.reference)).layers.length, 1);
  });
});
