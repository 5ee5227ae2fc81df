/**
 * Leases: what must stay although no image needs it yet, or any more. A scratch has one as long as it exists; a pull as long
 * as it runs.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { Digest } from '../oci/descriptor.js';
import { isDigest } from '../oci/descriptor.js';
import { digestOf } from '../oci/chain-id.js';
import { hexOf } from '../oci/descriptor.js';
import type { Layout } from './layout.js';
import type { Lock, Locks } from './locks.js';
import { Records } from './records.js';

export interface PullLease {
  readonly kind: 'pull';
  /** Chain ids. */
  readonly layers: readonly Digest[];
  readonly blobs: readonly Digest[];
}

export interface ScratchLease {
  readonly kind: 'scratch';
  readonly id: string;
  /** `making`: half made, unless somebody has the scratch's lock. `removing`: likewise. */
  readonly state: 'making' | 'ready' | 'removing';
  /** The digest of the manifest. */
  readonly manifest: Digest;
  /** Of the configuration: the image's id. */
  readonly image: Digest;
  /** Chain ids, the base first. */
  readonly layers: readonly Digest[];
}

export type Lease = PullLease | ScratchLease;

export class Leases {
  readonly records: Records<Lease>;
  readonly #locks: Locks;

  constructor(layout: Layout, locks: Locks) {
    const remedy = 'If no scratch of this store is in use, delete the file.';
    this.records = new Records<Lease>(layout.leases, isLease, remedy);
    this.#locks = locks;
  }

  /** A lease that ends with this program if not before. To be called under the lock of the store. */
  async begin(lease: PullLease, signal: AbortSignal): Promise<Lock> {
    const name = `pull-${randomUUID()}`;
    const lock = await this.#locks.take(lockOf(name), signal);
    try {
      await this.records.put(name, lease);
    } catch (error) {
      await lock.release();
      throw error;
    }
    return {
      release: async () => {
        // Without its lock it counts for nothing, so it is no matter when the file cannot be deleted.
        await this.records.delete(name).catch(() => undefined);
        await lock.release();
      },
    };
  }

  /** Case does not count, as in names of folders on NTFS. */
  async scratch(id: string): Promise<ScratchLease | undefined> {
    const lease = await this.records.get(scratchName(id));
    return lease?.kind === 'scratch' && lease.id.toLowerCase() === id.toLowerCase() ? lease : undefined;
  }

  async scratches(): Promise<ScratchLease[]> {
    return [...(await this.records.all()).values()].filter((lease) => lease.kind === 'scratch');
  }

  async putScratch(lease: ScratchLease): Promise<void> {
    await this.records.put(scratchName(lease.id), lease);
  }

  async deleteScratch(id: string): Promise<void> {
    await this.records.delete(scratchName(id));
  }

  /** Leases that count; those of pulls that ended without ending them are deleted. Under the lock of the store. */
  async living(): Promise<Lease[]> {
    const living: Lease[] = [];
    for (const [name, lease] of await this.records.all()) {
      if (lease.kind === 'pull') {
        const lock = await this.#locks.tryTake(lockOf(name));
        if (lock !== undefined) {
          await this.records.delete(name);
          await lock.release();
          continue;
        }
      }
      living.push(lease);
    }
    return living;
  }
}

export const scratchLock = (id: string): string => `scratch:${id.toLowerCase()}`;

const lockOf = (name: string): string => `lease:${name}`;

// Ids are names of folders, and case does not count on NTFS.
const scratchName = (id: string): string => `scratch-${hexOf(digestOf(id.toLowerCase())).slice(0, 40)}`;

function isLease(value: Partial<Lease>): boolean {
  if (!Array.isArray(value.layers) || !value.layers.every(isDigest)) return false;
  if (value.kind === 'pull') return Array.isArray(value.blobs) && value.blobs.every(isDigest);
  const { id, manifest, image, state } = value as Partial<ScratchLease>;
  const isState = state === 'making' || state === 'ready' || state === 'removing';
  return value.kind === 'scratch' && typeof id === 'string' && isDigest(manifest) && isDigest(image) && isState;
}
