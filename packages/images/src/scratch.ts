/**
 * Scratch layers on images: recorded on disk, so that what they stand on stays.
 *
 * @module
 */
import type { MountedLayer, OperationOptions } from 'hostcompute';
import { HcsArgumentError, HcsError } from 'hostcompute';

import type { Image } from './image.js';
import { imageOf, loadImage, recordOfBlobs, referencesOf } from './image.js';
import { ImageError } from './image-error.js';
import type { LimitOptions } from './limits.js';
import { withLimits } from './limits.js';
import type { Digest } from './oci/descriptor.js';
import { hexOf } from './oci/descriptor.js';
import { checkText } from './option-checks.js';
import { explained } from './store/file-failure.js';
import { destroyFolder } from './store/half-layer.js';
import type { ScratchLease } from './store/leases.js';
import { scratchLock } from './store/leases.js';
import type { Store } from './store/store.js';
import { storeLock } from './store/store.js';

/** A writable layer on an image. It stays until it is destroyed, also when the program ends. */
export class Scratch implements AsyncDisposable {
  readonly id: string;
  readonly image: Image;
  readonly #store: Store;

  constructor(store: Store, id: string, image: Image) {
    this.#store = store;
    this.id = id;
    this.image = image;
  }

  /** Mounts it, as `LayerStore.mount()` does. */
  async mount(options: OperationOptions = {}): Promise<MountedLayer> {
    await readyScratch(this.#store, this.id);
    return this.#store.layers.mount(this.id, this.image.layers, options);
  }

  /** Destroys the layer with all that is in it. It must not be mounted. */
  async destroy(options: LimitOptions = {}): Promise<void> {
    const { layout, locks, leases, layers } = this.#store;
    const destroying = withLimits('Scratch.destroy', options, ({ signal }) =>
      locks.with(scratchLock(this.id), signal, async () => {
        const lease = await leases.scratch(this.id);
        if (lease === undefined) return;
        await putLease(this.#store, { ...lease, state: 'removing' }, signal);
        await destroyFolder(layers, this.id, signal);
        await leases.deleteScratch(this.id);
      }),
    );
    await destroying.catch((error: unknown) => {
      throw explained(error, layout.folder);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}

export function checkScratch(scratch: unknown): void {
  if (scratch instanceof Scratch) return;
  throw new HcsArgumentError('scratch', 'must be what createScratch() or openScratch() has returned', scratch);
}

export async function createScratch(store: Store, image: Image, id: string, signal: AbortSignal): Promise<Scratch> {
  checkScratchId(store, id);
  const { locks, leases, layers } = store;
  return locks.with(scratchLock(id), signal, async () => {
    const current = await locks.with(storeLock, signal, () => reserve(store, image, id));
    try {
      // What an earlier program has left half made.
      await destroyFolder(layers, id, signal);
      await layers.createScratch(id, current.layers, { signal });
      await putLease(store, leaseOf(current, id, 'ready'), signal);
    } catch (error) {
      const never = new AbortController().signal;
      await putLease(store, leaseOf(current, id, 'making'), never).catch(() => undefined);
      const isGone = await destroyFolder(layers, id).then(
        () => true,
        () => false,
      );
      // The host may still make what was cancelled: the lease that says "half made" has it removed by the next one, or by prune().
      if (isGone && !signal.aborted) await leases.deleteScratch(id);
      throw error;
    }
    return new Scratch(store, id, current);
  });
}

/** From now on nobody deletes the layers. */
async function reserve(store: Store, image: Image, id: string): Promise<Image> {
  const { records, leases } = store;
  const existing = await leases.scratch(id);
  if (existing?.state === 'ready') {
    throw new ImageError(`there is a scratch ${JSON.stringify(id)} already, on the image ${existing.image}`, {
      code: 'ERR_HC_IMAGE_IN_USE',
      remedy: 'Destroy it first, or choose another id.',
    });
  }
  const record = await records.images.get(hexOf(image.digest));
  if (record === undefined) {
    throw new ImageError(`the image ${image.references[0] ?? image.id} is not in the store any more`, {
      code: 'ERR_HC_IMAGE_NOT_FOUND',
      remedy: 'Pull or load it again.',
    });
  }
  const current = await loadImage(store, record);
  if (existing === undefined && (await store.layers.exists(id))) {
    throw new HcsArgumentError('id', 'must not be the id of a layer that is not of the image store', id);
  }
  await leases.putScratch(leaseOf(current, id, 'making'));
  return current;
}

/** Files that are being written without the lock are taken for left ones. */
async function putLease({ locks, leases }: Store, lease: ScratchLease, signal: AbortSignal): Promise<void> {
  await locks.with(storeLock, signal, () => leases.putScratch(lease));
}

function leaseOf(
  { id: image, digest: manifest, layers }: Image,
  id: string,
  state: ScratchLease['state'],
): ScratchLease {
  const chain = layers.map((hex): `sha256:${string}` => `sha256:${hex}`).reverse();
  return { kind: 'scratch', id, state, manifest, image, layers: chain };
}

export async function openScratch(store: Store, id: string): Promise<Scratch> {
  return scratchOf(store, await readyScratch(store, id), await referencesOf(store));
}

export async function allScratches(store: Store): Promise<Scratch[]> {
  const ready = (await store.leases.scratches()).filter(({ state }) => state === 'ready');
  const scratches: Scratch[] = [];
  const names = await referencesOf(store);
  for (const lease of ready) scratches.push(await scratchOf(store, lease, names));
  return scratches.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function scratchOf(
  store: Store,
  { id, manifest }: ScratchLease,
  names: ReadonlyMap<Digest, readonly string[]>,
): Promise<Scratch> {
  const record = (await store.records.images.get(hexOf(manifest))) ?? (await recordOfBlobs(store, manifest));
  return new Scratch(store, id, await imageOf(store, record, names.get(manifest) ?? []));
}

async function readyScratch({ leases }: Store, id: string): Promise<ScratchLease> {
  checkText(id, 'id', 'must be the id of a scratch');
  const lease = await leases.scratch(id);
  if (lease?.state === 'ready') return lease;
  throw new ImageError(`there is no scratch ${JSON.stringify(id)} in the store`, {
    code: 'ERR_HC_IMAGE_NOT_FOUND',
    remedy: 'Create it by createScratch(); scratches() has what is there.',
  });
}

/** Ends those that a program has left half made or half removed. Under the lock of the store. */
export async function sweepScratches({ leases, locks, layers }: Store, signal: AbortSignal): Promise<void> {
  for (const { id, state } of await leases.scratches()) {
    if (state === 'ready') continue;
    const lock = await locks.tryTake(scratchLock(id));
    if (lock === undefined) continue;
    try {
      await destroyFolder(layers, id, signal);
      await leases.deleteScratch(id);
    } catch (error) {
      // One that is mounted still stays for the next time.
      if (!(error instanceof HcsError) || signal.aborted) throw error;
    } finally {
      await lock.release();
    }
  }
}

/** The layers of images have other names. */
function checkScratchId({ layers }: Store, id: string): void {
  layers.pathOf(id);
  if (!/^[0-9a-f]{64}$/i.test(id) && !/^import-/i.test(id)) return;
  throw new HcsArgumentError(
    'id',
    'must be no digest, and not begin with "import-": layers of images are so named',
    id,
  );
}
