import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Simulator } from 'hostcompute/simulator';

import { ImageStore } from '../../src/image-store.js';
import { chainIds } from '../../src/oci/chain-id.js';
import type { BuiltImage } from '../support/built-image.js';
import { digestOf, hexOf, imageOf, layerOf } from '../support/built-image.js';
import type { ImageRegistry } from '../support/image-registry.js';
import { startImageRegistry } from '../support/image-registry.js';
import { namesOf, positions, stride } from '../support/positions.js';
import { startPull } from '../support/pull-process.js';
import { countSteps } from '../support/steps.js';
import { assertClean, assertWhole } from '../support/store-check.js';

describe('A pull that is broken off', () => {
  let simulator: Simulator;
  let place: string;
  let image: BuiltImage;
  let registry: ImageRegistry;
  let files: ReadonlyMap<string, readonly string[]>;
  before(async () => {
    simulator = await Simulator.open();
    place = await mkdtemp(join(tmpdir(), 'broken-off-'));
    image = imageOf([await layerOf({ 'base.txt': 'base' }), await layerOf({ 'top.txt': 'top' })]);
    registry = await startImageRegistry({ 1: image });
    const [base, top] = chainIds(image.tars.map(digestOf));
    // The simulated host links what is in the layers below.
    files = new Map([
      [base!.slice(7), ['base.txt']],
      [top!.slice(7), ['base.txt', 'top.txt']],
    ]);
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    await simulator.close();
    await rm(place, { recursive: true, force: true, maxRetries: 10 });
  });

  const filesOf = (id: string): readonly string[] => files.get(id) ?? [];
  let stores = 0;
  const open = async (folder = join(place, `store-${String(++stores)}`)): Promise<ImageStore> =>
    ImageStore.open(folder, { host: simulator.host });

  /** What the next one finds is whole, and it goes on. */
  const goOn = async (folder: string, hint: string): Promise<void> => {
    await using images = await open(folder);
    await assertWhole(images, filesOf);
    const { layers } = await images.pull(registry.reference);
    assert.equal(layers.length, 2, hint);
    await assertWhole(images, filesOf);
    await assertClean(images);
    await rm(folder, { recursive: true, force: true });
  };

  const undisturbed = async (isStep?: (name: string) => boolean): Promise<string[]> => {
    const images = await open();
    const names = await namesOf(() => images.pull(registry.reference), isStep);
    await images.close();
    return names;
  };

  it('goes on, wherever the program was killed', async function () {
    this.timeout(600_000);
    const counting = await startPull(join(place, 'count'), registry.reference, 0).answer;
    const { steps } = counting!;
    assert.ok(steps.length > 50);
    const waiting = positions(steps, 13);
    const lane = async (): Promise<void> => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
        const folder = join(place, `killed-${String(step)}`);
        const answer = await startPull(folder, registry.reference, step).answer;
        // The last steps may be fewer from one time to the other.
        assert.ok(answer === undefined || step > steps.length / 2, `step ${String(step)}`);
        await goOn(folder, `step ${String(step)}`);
      }
    };
    await Promise.all([lane(), lane()]);
  });

  it('rejects and goes on, wherever it was cancelled', async () => {
    let rejected = 0;
    const all = positions(await undisturbed(), 11);
    for (const at of all) {
      const images = await open();
      const abort = new AbortController();
      const undo = countSteps((step) => {
        if (step === at) abort.abort();
      });
      try {
        // Unless it was cancelled too late.
        await images.pull(registry.reference, { signal: abort.signal });
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ABORT_ERR', String(error));
        rejected++;
      } finally {
        undo();
        await images.close();
      }
      await goOn(images.folder, `step ${String(at)}`);
    }
    assert.ok(rejected > all.length / 2);
  });

  it('rejects and goes on, wherever the disk was full', async () => {
    let rejected = 0;
    const isWriting = (name: string): boolean =>
      ['open', 'mkdir', 'write', 'writeFile', 'sync', 'rename'].includes(name);
    const all = positions(await undisturbed(isWriting), 9);
    for (const at of all) {
      const images = await open();
      let reached = 0;
      const undo = countSteps((_step, name) => {
        if (isWriting(name) && ++reached === at) throw Object.assign(new Error('no space is left'), { code: 'ENOSPC' });
      });
      try {
        await images.pull(registry.reference);
      } catch (error) {
        assert.match(String((error as { cause?: unknown }).cause), /no space is left/, String(error));
        assert.match(String(error), /[Ff]ree some space/);
        rejected++;
      } finally {
        undo();
        await images.close();
      }
      await goOn(images.folder, `step ${String(at)}`);
    }
    assert.ok(rejected > all.length / 2);
  });

  it('is not harmed by prune(), whenever that comes', async () => {
    for (const at of positions(await undisturbed(), 13)) {
      const images = await open();
      await using other = await open(images.folder);
      let pruning: Promise<unknown> | undefined;
      const undo = countSteps((step) => {
        if (step >= at) pruning ??= other.prune();
      });
      try {
        const { layers } = await images.pull(registry.reference);
        assert.equal(layers.length, 2);
        await pruning;
      } finally {
        undo();
        await images.close();
      }
      await goOn(images.folder, `step ${String(at)}`);
    }
  });

  it('goes on at the byte where it was broken off', async () => {
    await using images = await open();
    const small = imageOf([await layerOf({ a: 'a' })]);
    const [blob] = small.layers;
    const bytes = small.blobs.get(blob!.digest)!;
    await using other = await startImageRegistry({ 1: small });
    const lengths = Array.from({ length: bytes.length + 1 }, (_, i) => i).filter(
      (i) => i % stride(9) === 0 || i === 1 || i >= bytes.length - 1,
    );
    for (const length of lengths) {
      writeFileSync(join(images.folder, 'downloads', hexOf(bytes)), bytes.subarray(0, length));
      const asked = other.offsetsOf(blob!).length;
      await images.pull(other.reference);
      assert.deepEqual(other.offsetsOf(blob!).slice(asked), length < bytes.length ? [length] : []);
      await images.remove(other.reference);
    }
  });
});
