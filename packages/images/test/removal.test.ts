import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Image } from '../src/image.js';
import { hexOf as hexOfDigest } from '../src/oci/descriptor.js';
import { builtImage, imageOf, layerOf, layoutTar, writeLayout } from './support/built-image.js';
import { useImages } from './support/image-bench.js';
import { Readable } from 'node:stream';

const name = 'example.test/app:1';
const second = 'example.test/app:2';

describe('Names of images', () => {
  const bench = useImages();
  let image: Image;
  beforeEach(async () => {
    [image] = (await bench.images.load(await writeLayout(join(bench.place, 'layout'), await builtImage(), name))) as [
      Image,
    ];
  });

  it('are given, moved, and taken away without the image', async () => {
    assert.deepEqual((await bench.images.tag(name, second)).references, [name, second]);
    assert.deepEqual((await bench.images.tag(image.id, 'app')).references, [
      'docker.io/library/app:latest',
      name,
      second,
    ]);
    const removed = await bench.images.remove(second);
    assert.deepEqual(removed, { references: [second], images: [], layers: [], blobs: [], bytes: 0 });
    assert.deepEqual((await bench.images.get('app')).references, ['docker.io/library/app:latest', name]);
    await assert.rejects(bench.images.get(second), { code: 'ERR_HC_IMAGE_NOT_FOUND', reference: second });
  });

  it('are refused where they are wrong, or of no image', async () => {
    await assert.rejects(bench.images.tag(name, `example.test/app@${image.digest}`), {
      code: 'ERR_HC_IMAGE_REFERENCE',
    });
    await assert.rejects(bench.images.tag(name, 'http://x'), { code: 'ERR_HC_IMAGE_REFERENCE' });
    await assert.rejects(bench.images.tag('none', second), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await assert.rejects(bench.images.get('A B'), { code: 'ERR_HC_IMAGE_REFERENCE' });
    await assert.rejects(bench.images.get(image.id.slice(7, 9)), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await assert.rejects(bench.images.get(`sha256:${'0'.repeat(64)}`), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await assert.rejects(bench.images.get(`example.test/other@${image.digest}`), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await assert.rejects(bench.images.get(''), { code: 'ERR_HC_IMAGE_REFERENCE' });
  });
});

describe('ImageStore#remove()', () => {
  const bench = useImages();
  const files = (...names: string[]): string[] => readdirSync(join(bench.folder, ...names));

  it('removes an image with its last name, and all that was only its own', async () => {
    const [base, top, other] = await Promise.all(['base', 'top', 'other'].map((each) => layerOf({ [each]: each })));
    const images = [imageOf([base!, top!]), imageOf([base!, other!])];
    const tar = await layoutTar([
      [name, images[0]!],
      [second, images[1]!],
    ]);
    const [first, next] = await bench.images.load(Readable.from([tar]));
    const removed = await bench.images.remove(name);
    assert.deepEqual(removed.references, [name]);
    assert.deepEqual(removed.images, [first!.id]);
    assert.deepEqual(removed.layers, [first!.layers[0]]);
    const own = [images[0]!.manifest, images[0]!.configuration, images[0]!.layers[1]!];
    assert.deepEqual([...removed.blobs].sort(), own.map(({ digest }) => digest).sort());
    assert.equal(
      removed.bytes,
      own.reduce((sum, { size }) => sum + size, 0),
    );
    assert.deepEqual(files('layers').sort(), [...next!.layers].sort());
    await using scratch = await bench.images.createScratch(second, 'web');
    await using mounted = await scratch.mount();
    assert.equal(mounted.id, 'web');
  });

  it('removes by an id, with force where the image has several names', async () => {
    const [image] = await bench.images.load(await writeLayout(join(bench.place, 'layout'), await builtImage(), name));
    await bench.images.tag(name, second);
    await assert.rejects(bench.images.remove(image!.id), {
      code: 'ERR_HC_IMAGE_IN_USE',
      message: /has the names example.test\/app:1, example.test\/app:2/,
    });
    const removed = await bench.images.remove(image!.id.slice(7, 20), { force: true });
    assert.deepEqual(removed.references, [name, second]);
    assert.deepEqual([...removed.layers], image!.layers);
    for (const folder of ['layers', 'blobs/sha256', 'records/layers', 'records/images', 'records/references']) {
      assert.deepEqual(files(folder), [], folder);
    }
  });

  it('leaves what does not belong to images', async () => {
    await bench.images.layers.create('own');
    await bench.images.prune();
    assert.ok(await bench.images.layers.exists('own'));
  });
});

describe('ImageStore#prune()', () => {
  const bench = useImages();

  it('removes what has arrived of a blob whose layer has come in another way', async () => {
    const image = await builtImage();
    await bench.images.load(await writeLayout(join(bench.place, 'layout'), image, name));
    const part = join(bench.folder, 'downloads', hexOfDigest(image.layers[1]!.digest));
    writeFileSync(part, 'a part');
    assert.equal((await bench.images.prune({ dryRun: true })).bytes, 6);
    assert.ok(existsSync(part));
    const { bytes, ...rest } = await bench.images.prune();
    assert.deepEqual({ bytes, ...rest }, { bytes: 6, images: [], layers: [], blobs: [] });
    assert.equal(existsSync(part), false);
  });
});
