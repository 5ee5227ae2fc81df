/**
 * Removes images and what nothing needs any more.
 *
 * @module
 */
import { findImage, referencesOf } from './image.js';
import { ImageError } from './image-error.js';
import type { Digest } from './oci/descriptor.js';
import { hexOf } from './oci/descriptor.js';
import { sweepScratches } from './scratch.js';
import type { ImageRecord } from './store/image-records.js';
import { nameOfReference } from './store/image-records.js';
import { blobsOf } from './store/needs.js';
import type { Store } from './store/store.js';
import { storeLock } from './store/store.js';
import { sweep } from './store/sweep.js';

/** What was removed. */
export interface Removed {
  readonly references: readonly string[];
  /** Ids. */
  readonly images: readonly Digest[];
  /** Ids of layers. */
  readonly layers: readonly string[];
  readonly blobs: readonly Digest[];
  /** Of the blobs. */
  readonly bytes: number;
}

/** What was removed, or would be. Names are never pruned. */
export type Pruned = Omit<Removed, 'references'>;

export async function removeImage(store: Store, text: string, force: boolean, signal: AbortSignal): Promise<Removed> {
  const { locks, records } = store;
  return locks.with(storeLock, signal, async () => {
    const { record, reference } = await findImage(store, text);
    const names = (await referencesOf(store)).get(record.manifest.digest) ?? [];
    const isNameOnly = reference !== undefined && names.length > 1;
    if (!isNameOnly && !force) await refuseUsed(store, text, record, reference === undefined ? names : []);
    const references = isNameOnly ? [reference] : names;
    for (const name of references) await records.references.delete(nameOfReference(name));
    if (isNameOnly) return { references, images: [], layers: [], blobs: [], bytes: 0 };
    await records.images.delete(hexOf(record.manifest.digest));
    const among = {
      layers: new Set(record.chain.map(hexOf)),
      blobs: new Set(blobsOf(record).map(({ digest }) => hexOf(digest))),
    };
    return { references, images: [record.configuration.digest], ...(await sweep(store, { signal, among })) };
  });
}

async function refuseUsed(
  { leases }: Store,
  text: string,
  record: ImageRecord,
  names: readonly string[],
): Promise<void> {
  const scratches = (await leases.scratches())
    .filter(({ manifest }) => manifest === record.manifest.digest)
    .map(({ id }) => id)
    .sort();
  if (scratches.length > 0) {
    throw inUse(text, `is used by the scratch ${scratches.join(', ')}`, 'Destroy that first, or pass force.');
  }
  if (names.length > 1) {
    throw inUse(text, `has the names ${names.join(', ')}`, 'Remove those one by one, or pass force.');
  }
}

function inUse(text: string, what: string, remedy: string): ImageError {
  return new ImageError(`the image ${text} ${what}`, { code: 'ERR_HC_IMAGE_IN_USE', reference: text, remedy });
}

export async function prune(store: Store, dryRun: boolean, signal: AbortSignal): Promise<Pruned> {
  const { locks, records } = store;
  return locks.with(storeLock, signal, async () => {
    const names = await referencesOf(store);
    const scratches = await store.leases.scratches();
    const isUsed = (digest: Digest): boolean => scratches.some(({ manifest }) => manifest === digest);
    const nameless = [...(await records.images.all()).values()].filter(
      ({ manifest: { digest } }) => !names.has(digest) && !isUsed(digest),
    );
    if (!dryRun) {
      await sweepScratches(store, signal);
      for (const { manifest } of nameless) await records.images.delete(hexOf(manifest.digest));
    }
    const without = new Set(nameless.map(({ manifest }) => manifest.digest));
    const swept = await sweep(store, { signal, dryRun, without });
    return { images: nameless.map(({ configuration }) => configuration.digest), ...swept };
  });
}
