/**
 * Manifests, indexes and configurations among the blobs.
 *
 * @module
 */
import type { Digest } from '../oci/descriptor.js';
import { longestDocument } from '../oci/checked-json.js';
import { digestOf } from '../oci/chain-id.js';
import { readIfThere, writeDurably } from './durable-file.js';
import type { Layout } from './layout.js';
import { storeError } from './store-error.js';

/** Undefined where it is not there, or is damaged. */
export async function readDocument(layout: Layout, digest: Digest): Promise<Buffer | undefined> {
  const bytes = await readIfThere(layout.blob(digest));
  return bytes !== undefined && bytes.length <= longestDocument && digestOf(bytes) === digest ? bytes : undefined;
}

/** A document that something in the store needs. */
export async function neededDocument(layout: Layout, digest: Digest): Promise<Buffer> {
  const bytes = await readDocument(layout, digest);
  if (bytes !== undefined) return bytes;
  throw storeError(`${layout.blob(digest)} is missing or damaged`, 'Pull or load the image again.');
}

export async function writeDocument(layout: Layout, digest: Digest, bytes: Buffer): Promise<void> {
  if ((await readDocument(layout, digest)) === undefined) await writeDurably(layout.blob(digest), bytes);
}
