import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { ImageProgress } from '../../src/pull/progress.js';
import type { BuiltImage } from '../support/built-image.js';
import { builtImage, imageOf, layerOf } from '../support/built-image.js';
import { useImages } from '../support/image-bench.js';
import type { ImageRegistry } from '../support/image-registry.js';
import { startImageRegistry } from '../support/image-registry.js';
import { noise } from '../support/made-image.js';

describe('ImageStore#pull()', () => {
  const bench = useImages();
  let image: BuiltImage;
  let registry: ImageRegistry;
  beforeEach(async () => {
    const large = await layerOf({ 'large.bin': noise('large', 3_000_000) });
    image = imageOf([large, ...(await builtImage()).tars]);
    registry = await startImageRegistry({ 1: image });
  });
  afterEach(() => registry[Symbol.asyncDispose]());

  const folderOf = (...names: string[]): string[] => readdirSync(join(bench.folder, ...names)).sort();

  it('pulls an image, and downloads nothing of it a second time', async () => {
    const pulled = await bench.images.pull(registry.reference);
    assert.equal(pulled.id, image.configuration.digest);
    assert.deepEqual(pulled.references, [registry.reference]);
    assert.equal(pulled.layers.length, 4);
    assert.deepEqual(await bench.images.list(), [pulled]);
    assert.deepEqual(folderOf('downloads'), []);
    assert.deepEqual(folderOf('leases'), []);
    const asked = registry.paths.length;
    assert.deepEqual(await bench.images.pull(registry.reference), pulled);
    assert.deepEqual(
      registry.paths.slice(asked).filter((path) => path.includes('/blobs/')),
      [],
    );
  });

  it('unpacks a layer while it arrives, and the first while the second downloads', async () => {
    const [first, second] = [image.layers[0]!, image.layers[1]!];
    const slow = registry.hold(first, first.size / 2);
    const next = registry.hold(second);
    const seen = new Set<string>();
    await bench.images.pull(registry.reference, {
      onProgress({ phase, layer, state, bytes }) {
        if (layer !== first.digest || phase !== 'unpack') return;
        if (bytes > 0 && bytes < first.size) seen.add('while it arrives');
        if (seen.has('while it arrives')) slow.release();
        if (state !== 'done') return;
        seen.add('while the second downloads');
        next.release();
      },
    });
    assert.deepEqual([...seen], ['while it arrives', 'while the second downloads']);
  });

  it('downloads as many layers at once as it is told, the base first', async () => {
    const held = image.layers.map((layer) => registry.hold(layer));
    const blobs = (): string[] => registry.paths.flatMap((path) => /blobs\/(sha256:\w+)/.exec(path)?.[1] ?? []);
    const pulling = bench.images.pull(registry.reference, { concurrency: 2 });
    await Promise.all([held[0]!.reached, held[1]!.reached]);
    const layers = image.layers.map(({ digest }) => digest);
    const ofLayers = (): string[] => blobs().filter((digest) => (layers as string[]).includes(digest));
    assert.deepEqual(ofLayers().sort(), layers.slice(0, 2).sort());
    held[1]!.release();
    await held[2]!.reached;
    assert.deepEqual(ofLayers().slice(2), [layers[2]]);
    for (const each of held) each.release();
    await pulling;
  });

  it('tells how far each layer is', async () => {
    const reports: ImageProgress[] = [];
    await bench.images.pull(registry.reference, { onProgress: (progress) => void reports.push(progress) });
    assert.deepEqual(reports[0], { phase: 'resolve', state: 'active', bytes: 0, totalBytes: 0 });
    for (const { digest: layer, size } of image.layers) {
      const of = reports.filter((report) => report.layer === layer);
      assert.ok(of.every(({ bytes, totalBytes }) => bytes <= totalBytes && totalBytes === size));
      assert.deepEqual(of.at(-1), { phase: 'unpack', state: 'done', layer, bytes: size, totalBytes: size });
    }
    reports.length = 0;
    await bench.images.pull(registry.reference, { onProgress: (progress) => void reports.push(progress) });
    assert.deepEqual(
      reports.filter(({ layer }) => layer !== undefined).map(({ state }) => state),
      ['exists', 'exists', 'exists', 'exists'],
    );
  });

  it('makes a layer once that an image has twice', async () => {
    const [base, empty] = [await layerOf({ 'a.txt': 'a' }), await layerOf({})];
    await using other = await startImageRegistry({ 1: imageOf([base, empty, empty]) });
    const pulled = await bench.images.pull(other.reference);
    assert.equal(new Set(pulled.layers).size, 3);
    for (const id of pulled.layers) assert.ok(await bench.images.layers.exists(id));
  });

  it('warns of nothing when an image has many layers', async () => {
    const tars = await Promise.all(Array.from({ length: 25 }, (_, i) => layerOf({ [`${String(i)}.txt`]: String(i) })));
    await using other = await startImageRegistry({ 1: imageOf(tars) });
    const warnings: string[] = [];
    const listen = ({ message }: Error): void => {
      warnings.push(message);
    };
    process.on('warning', listen);
    const { layers } = await bench.images.pull(other.reference);
    await nextTurn();
    process.off('warning', listen);
    assert.equal(layers.length, 25);
    assert.deepEqual(warnings, []);
  });

  it('keeps no blobs of layers where it is told so', async () => {
    await using other = await bench.open({ keepBlobs: false });
    const pulled = await other.pull(registry.reference);
    const documents = [image.manifest, image.configuration].map(({ digest }) => digest.slice('sha256:'.length)).sort();
    assert.deepEqual(folderOf('blobs', 'sha256'), documents);
    assert.deepEqual(folderOf('downloads'), []);
    assert.deepEqual(await other.get(pulled.id), pulled);
  });

  it('moves a name to the image that is pulled by it, and prune() removes the one that has lost it', async () => {
    const old = await bench.images.pull(registry.reference);
    const newer = imageOf([...image.tars, await layerOf({ 'new.txt': 'new' })]);
    await using other = await startImageRegistry({ 1: newer });
    const pulled = await bench.images.pull(other.reference);
    await bench.images.tag(pulled.id, registry.reference);
    assert.equal((await bench.images.get(registry.reference)).id, pulled.id);
    assert.deepEqual((await bench.images.get(old.id)).references, []);
    const would = await bench.images.prune({ dryRun: true });
    assert.equal((await bench.images.list()).length, 2);
    const pruned = await bench.images.prune();
    assert.deepEqual(pruned, would);
    assert.deepEqual(pruned.images, [old.id]);
    assert.deepEqual(pruned.layers, []);
    assert.equal((await bench.images.list()).length, 1);
  });
});
