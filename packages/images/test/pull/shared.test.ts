import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { BuiltImage } from '../support/built-image.js';
import { hexOf, imageOf, layerOf } from '../support/built-image.js';
import { useImages } from '../support/image-bench.js';
import type { ImageRegistry } from '../support/image-registry.js';
import { startImageRegistry } from '../support/image-registry.js';
import { noise } from '../support/made-image.js';
import { startPull } from '../support/pull-process.js';
import { assertClean } from '../support/store-check.js';

describe('Pulls at once', () => {
  const bench = useImages();
  let image: BuiltImage;
  let registry: ImageRegistry;
  beforeEach(async () => {
    const base = await layerOf({ 'base.bin': noise('base', 300_000) });
    image = imageOf([base, await layerOf({ 'top.bin': noise('top', 300_000) })]);
    registry = await startImageRegistry({ 1: image });
  });
  afterEach(() => registry[Symbol.asyncDispose]());

  const offsets = (): (readonly number[])[] => image.layers.map((layer) => registry.offsetsOf(layer));
  const downloadOf = (layer: number): string =>
    join(bench.folder, 'downloads', image.layers[layer]!.digest.slice('sha256:'.length));
  /** Waits until another one waits as well. */
  const joined = async (pull: (onProgress: () => void) => Promise<unknown>): Promise<{ done: Promise<unknown> }> => {
    let done!: Promise<unknown>;
    await new Promise<void>((resolve, reject) => {
      done = pull(resolve);
      done.catch(reject);
    });
    return { done };
  };
  const onLayer =
    (resolve: () => void) =>
    ({ layer }: { layer?: string }): void => {
      if (layer !== undefined) resolve();
    };

  it('of one store share the work', async () => {
    const results = await Promise.all([1, 2, 3].map(() => bench.images.pull(registry.reference)));
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
    assert.deepEqual(offsets(), [[0], [0]]);
  });

  it('of two stores on one folder share the work', async () => {
    const other = await bench.open();
    const held = registry.hold(image.layers[0]!, 1000);
    const first = bench.images.pull(registry.reference);
    await held.reached;
    const { done: second } = await joined((resolve) =>
      other.pull(registry.reference, { onProgress: onLayer(resolve) }),
    );
    held.release();
    assert.deepEqual(await second, await first);
    assert.deepEqual(offsets(), [[0], [0]]);
  });

  it('of two programs share the work', async () => {
    const pulls = [startPull(bench.folder, registry.reference), startPull(bench.folder, registry.reference)];
    const [first, second] = await Promise.all(pulls.map(({ answer }) => answer));
    assert.equal(first?.id, image.configuration.digest);
    assert.equal(second?.id, image.configuration.digest);
    assert.deepEqual(offsets(), [[0], [0]]);
  });

  it('of two programs go on when the one that downloads is killed', async () => {
    const held = registry.hold(image.layers[0]!, 100_000);
    const first = startPull(bench.folder, registry.reference);
    await held.reached;
    const { done: second } = await joined((resolve) =>
      bench.images.pull(registry.reference, { onProgress: onLayer(resolve) }),
    );
    first.kill();
    assert.equal(await first.answer, undefined);
    registry.honest();
    await second;
    // The second went on where the first one was, wherever that had come.
    assert.equal(registry.offsetsOf(image.layers[0]!).length, 2);
    assert.deepEqual((await bench.images.list()).length, 1);
    await assertClean(bench.images);
  });

  it('go on when one of two is cancelled, whichever', async () => {
    for (const which of [0, 1]) {
      const held = registry.hold(image.layers[0]!, 1000);
      const before = registry.offsetsOf(image.layers[0]!).length;
      const aborts = [new AbortController(), new AbortController()];
      const first = bench.images.pull(registry.reference, { signal: aborts[0]!.signal });
      await held.reached;
      const { done: second } = await joined((resolve) =>
        bench.images.pull(registry.reference, { signal: aborts[1]!.signal, onProgress: onLayer(resolve) }),
      );
      const reason = new Error('own');
      aborts[which]!.abort(reason);
      await assert.rejects([first, second][which]!, { name: 'AbortError', code: 'ABORT_ERR', cause: reason });
      held.release();
      await [second, first][which]!;
      assert.equal(registry.offsetsOf(image.layers[0]!).length, before + 1);
      await bench.images.remove(registry.reference);
    }
  });

  it('are cancelled when all are, and what has arrived stays for the next one', async () => {
    const [base] = image.layers;
    const held = registry.hold(base!, 100_000);
    const abort = new AbortController();
    const pulls = [1, 2].map(() => bench.images.pull(registry.reference, { signal: abort.signal }));
    await held.reached;
    // The download has what was sent when the file has it.
    const hasArrived = (): boolean => existsSync(downloadOf(0)) && statSync(downloadOf(0)).size === 100_000;
    while (!hasArrived()) await nextTurn();
    abort.abort();
    for (const pull of pulls) await assert.rejects(pull, { code: 'ABORT_ERR' });
    assert.deepEqual(readdirSync(bench.images.layers.folder), []);
    assert.equal(statSync(downloadOf(0)).size, 100_000);
    registry.honest();
    await bench.images.pull(registry.reference);
    assert.deepEqual(registry.offsetsOf(base!), [0, 100_000]);
  });

  it('of images with the same base make it once', async () => {
    const other = imageOf([image.tars[0]!, await layerOf({ 'other.txt': 'other' })]);
    await using both = await startImageRegistry({ 1: image, 2: other });
    const pulled = await Promise.all([1, 2].map((tag) => bench.images.pull(`${both.host}/app:${String(tag)}`)));
    assert.equal(pulled[0]!.layers.at(-1), hexOf(image.tars[0]!));
    assert.equal(pulled[1]!.layers.at(-1), hexOf(image.tars[0]!));
    assert.deepEqual(both.offsetsOf(image.layers[0]!), [0]);
    await bench.images.remove(`${both.host}/app:2`);
    assert.ok(await bench.images.layers.exists(hexOf(image.tars[0]!)));
    assert.ok(!(await bench.images.layers.exists(pulled[1]!.layers[0]!)));
  });

  it('keep what they need from prune()', async () => {
    const held = registry.hold(image.layers[1]!, 1000);
    const other = await bench.open();
    let isBaseMade!: () => void;
    const baseMade = new Promise<void>((resolve) => (isBaseMade = resolve));
    const pulling = bench.images.pull(registry.reference, {
      onProgress({ phase, layer, state }) {
        if (phase === 'unpack' && layer === image.layers[0]!.digest && state === 'done') isBaseMade();
      },
    });
    await Promise.all([held.reached, baseMade]);
    assert.deepEqual(await other.prune(), { images: [], layers: [], blobs: [], bytes: 0 });
    held.release();
    const { layers } = await pulling;
    assert.ok(await other.layers.exists(layers[1]!));
    assert.deepEqual(offsets(), [[0], [0]]);
  });

  it('end when the store is closed, and reject', async () => {
    const held = registry.hold(image.layers[0]!, 1000);
    const pulling = bench.images.pull(registry.reference);
    pulling.catch(() => undefined);
    await held.reached;
    await bench.images.close();
    await assert.rejects(pulling, { code: 'ERR_HC_IMAGE_STORE', message: /closed/ });
    await assert.rejects(bench.images.pull(registry.reference), { code: 'ERR_HC_IMAGE_STORE' });
    await assertClean(await bench.open());
  });

  it('time out alone', async () => {
    const held = registry.hold(image.layers[0]!, 1000);
    const patient = bench.images.pull(registry.reference);
    await held.reached;
    await assert.rejects(bench.images.pull(registry.reference, { timeoutMs: 1 }), { code: 'ERR_HC_TIMEOUT' });
    held.release();
    assert.equal((await patient).layers.length, 2);
  });
});
