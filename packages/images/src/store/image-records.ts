/**
 * What the store knows of layers, images and names.
 *
 * @module
 */
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { hexOf, isDigest } from '../oci/descriptor.js';
import { digestOf } from '../oci/chain-id.js';
import type { Layout } from './layout.js';
import { Records } from './records.js';

/** A layer that is whole. Its name is the hex of its chain id. */
export interface LayerRecord {
  readonly chainId: Digest;
  readonly diffId: Digest;
  /** The chain id of the layer below; null for a base layer. */
  readonly parent: Digest | null;
  readonly unpackedBytes: number;
}

/** An image whose layers are whole. Its name is the hex of its manifest's digest. */
export interface ImageRecord {
  readonly manifest: Descriptor;
  readonly configuration: Descriptor;
  /** Of the blobs, the base first. */
  readonly blobs: readonly Descriptor[];
  /** Chain ids, the base first. */
  readonly chain: readonly Digest[];
}

/** A name of an image. Its record's name is the hash of the name. */
export interface ReferenceRecord {
  readonly reference: string;
  /** The digest of the manifest. */
  readonly manifest: Digest;
}

export interface StoreRecords {
  readonly layers: Records<LayerRecord>;
  readonly images: Records<ImageRecord>;
  readonly references: Records<ReferenceRecord>;
}

export function recordsOf(layout: Layout): StoreRecords {
  const remedy = 'Delete the file, and pull or load the image again.';
  return {
    layers: new Records<LayerRecord>(
      layout.layerRecords,
      ({ chainId, diffId, parent }, name) =>
        isDigest(chainId) && hexOf(chainId) === name && isDigest(diffId) && (parent === null || isDigest(parent)),
      remedy,
    ),
    images: new Records<ImageRecord>(
      layout.imageRecords,
      ({ manifest, configuration, blobs, chain }, name) =>
        isDescriptor(manifest) &&
        hexOf(manifest.digest) === name &&
        isDescriptor(configuration) &&
        isListOf(blobs, isDescriptor) &&
        isListOf(chain, isDigest),
      remedy,
    ),
    references: new Records<ReferenceRecord>(
      layout.references,
      ({ reference, manifest }, name) =>
        typeof reference === 'string' && nameOfReference(reference) === name && isDigest(manifest),
      remedy,
    ),
  };
}

export function nameOfReference(reference: string): string {
  return hexOf(digestOf(reference));
}

function isDescriptor(value: unknown): value is Descriptor {
  const { digest, size } = (value ?? {}) as Partial<Descriptor>;
  return isDigest(digest) && Number.isSafeInteger(size) && size! >= 0;
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}
