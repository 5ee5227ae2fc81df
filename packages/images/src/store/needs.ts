/**
 * Who needs what: images need their layers and blobs, and leases what they name.
 *
 * @module
 */
import type { Digest } from '../oci/descriptor.js';
import { hexOf } from '../oci/descriptor.js';
import type { ImageRecord } from './image-records.js';
import type { Lease } from './leases.js';
import type { Store } from './store.js';

export interface Needs {
  /** Ids of layers: hex of chain ids. */
  readonly layers: ReadonlySet<string>;
  /** Hex of digests. */
  readonly blobs: ReadonlySet<string>;
  /** Hex of digests: those of blobs that a pull may be downloading. */
  readonly downloads: ReadonlySet<string>;
  readonly leases: readonly Lease[];
  /** Whether a pull, load or commit runs, in any program. */
  readonly isPulling: boolean;
}

/**
 * To be called under the lock of the store. A record that cannot be read fails it: what it needs is not known.
 *
 * @param without - digests of manifests whose images do not count
 */
export async function needsOf({ records, leases }: Store, without?: ReadonlySet<Digest>): Promise<Needs> {
  const layers = new Set<string>();
  const blobs = new Set<string>();
  for (const image of (await records.images.all()).values()) {
    if (without?.has(image.manifest.digest) === true) continue;
    for (const { digest } of blobsOf(image)) blobs.add(hexOf(digest));
    for (const id of image.chain) layers.add(hexOf(id));
  }
  const downloads = new Set<string>();
  const living = await leases.living();
  for (const lease of living) {
    for (const id of lease.layers) layers.add(hexOf(id));
    // A commit of a scratch needs the documents of its image.
    const needed = lease.kind === 'pull' ? lease.blobs : [lease.manifest, lease.image];
    for (const digest of needed) blobs.add(hexOf(digest));
    if (lease.kind === 'pull') for (const digest of lease.blobs) downloads.add(hexOf(digest));
  }
  for (const id of [...layers]) await addParents(records.layers, id, layers);
  return { layers, blobs, downloads, leases: living, isPulling: living.some(({ kind }) => kind === 'pull') };
}

/** Manifest, configuration and layers. */
export function blobsOf({ manifest, configuration, blobs }: ImageRecord): { digest: Digest; size: number }[] {
  return [manifest, configuration, ...blobs];
}

async function addParents(records: Store['records']['layers'], id: string, layers: Set<string>): Promise<void> {
  for (let at = id; ;) {
    const parent = (await records.get(at))?.parent ?? undefined;
    if (parent === undefined || layers.has(hexOf(parent))) return;
    at = hexOf(parent);
    layers.add(at);
  }
}
