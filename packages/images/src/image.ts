/**
 * Images of a store, as its users see them, and how they are found.
 *
 * @module
 */
import { ImageError } from './image-error.js';
import { parseConfiguration } from './oci/configuration.js';
import type { Digest, Platform } from './oci/descriptor.js';
import { hexOf, isDigest } from './oci/descriptor.js';
import { parseManifest } from './oci/manifest.js';
import { chainIds } from './oci/chain-id.js';
import { checkText } from './option-checks.js';
import { parseReference } from './reference.js';
import { neededDocument } from './store/document-blobs.js';
import type { ImageRecord } from './store/image-records.js';
import { nameOfReference } from './store/image-records.js';
import { blobsOf } from './store/needs.js';
import type { Store } from './store/store.js';

/** An image in a store. */
export interface Image {
  /** The digest of its configuration, by which Docker knows it too. */
  readonly id: Digest;
  /** Its whole names, such as `mcr.microsoft.com/windows/nanoserver:ltsc2022`. */
  readonly references: readonly string[];
  /** Of its manifest, by which registries know it. */
  readonly digest: Digest;
  readonly platform: Platform;
  /** Ids in `images.layers`, the nearest first: the `parents` of a scratch. */
  readonly layers: readonly string[];
  /** Bytes of its blobs: manifest, configuration and layers, as registries have them. */
  readonly size: number;
  readonly created: Date | null;
  /** What it says to run, for `documents.processFromOciImage()`. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

export async function imageOf({ layout }: Store, record: ImageRecord, references: readonly string[]): Promise<Image> {
  const { manifest, configuration, chain } = record;
  const bytes = await neededDocument(layout, configuration.digest);
  const { platform, created, document } = parseConfiguration(bytes, configuration.digest);
  return {
    id: configuration.digest,
    references,
    digest: manifest.digest,
    platform,
    layers: chain.map(hexOf).reverse(),
    size: blobsOf(record).reduce((sum, { size }) => sum + size, 0),
    created,
    configuration: document,
  };
}

/** By the digest of the manifest: the names of each image, in their order. */
export async function referencesOf({ records }: Store): Promise<Map<Digest, string[]>> {
  const names = new Map<Digest, string[]>();
  for (const { reference, manifest } of (await records.references.all()).values()) {
    const list = names.get(manifest);
    if (list === undefined) names.set(manifest, [reference]);
    else list.push(reference);
  }
  for (const list of names.values()) list.sort();
  return names;
}

export async function loadImage(store: Store, record: ImageRecord): Promise<Image> {
  return imageOf(store, record, (await referencesOf(store)).get(record.manifest.digest) ?? []);
}

/** All images, by their names; those without one last. */
export async function allImages(store: Store): Promise<Image[]> {
  const names = await referencesOf(store);
  const records = [...(await store.records.images.all()).values()];
  const images = await Promise.all(
    records.map((record) =>
      unlessRemoved(store, record, imageOf(store, record, names.get(record.manifest.digest) ?? [])),
    ),
  );
  const key = ({ references, id }: Image): string => references[0] ?? `~${id}`;
  return images.filter((image) => image !== undefined).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export async function getImage(store: Store, text: string): Promise<Image> {
  const { record } = await findImage(store, text);
  return (await unlessRemoved(store, record, loadImage(store, record))) ?? missing(text);
}

/** An image that another program removes while it is read is not a damaged one. */
async function unlessRemoved(
  { records }: Store,
  record: ImageRecord,
  image: Promise<Image>,
): Promise<Image | undefined> {
  try {
    return await image;
  } catch (error) {
    if ((await records.images.get(hexOf(record.manifest.digest))) === undefined) return undefined;
    throw error;
  }
}

/** An image that is found, and the name by which it was, if it was by one. */
export interface Found {
  readonly record: ImageRecord;
  readonly reference?: string;
}

/** @param text - a name, a digest or an id, or the beginning of an id */
export async function findImage(store: Store, text: string): Promise<Found> {
  const { records } = store;
  checkText(text, 'image', 'must be the name or the id of an image');
  const digest = /^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : text;
  if (isDigest(digest)) {
    const record = (await records.images.get(hexOf(digest))) ?? (await byId(store, hexOf(digest)))[0];
    return record === undefined ? missing(text) : { record };
  }
  const prefix = /^(?:sha256:)?([0-9a-f]{3,63})$/.exec(text)?.[1];
  if (!text.startsWith('sha256:') || prefix === undefined) {
    const named = await byReference(store, text);
    if (named !== undefined) return named;
  }
  const images = prefix === undefined ? [] : await byId(store, prefix);
  const ids = new Set(images.map(({ configuration }) => configuration.digest));
  if (ids.size > 1) {
    throw new ImageError(`${text} is the beginning of ${ids.size} ids`, {
      code: 'ERR_HC_IMAGE_REFERENCE',
      reference: text,
      remedy: 'Write more of it.',
    });
  }
  return images[0] === undefined ? missing(text) : { record: images[0] };
}

async function byReference({ records }: Store, text: string): Promise<Found | undefined> {
  const { name, digest, registry, repository } = parseReference(text);
  const known = await records.references.get(nameOfReference(name));
  if (known !== undefined) {
    const record = await records.images.get(hexOf(known.manifest));
    if (record !== undefined) return { record, reference: name };
  }
  if (digest === undefined) return undefined;
  // One that was pulled by its tag has the digest as well.
  const record = await records.images.get(hexOf(digest));
  const named = [...(await records.references.all()).values()].some(({ manifest, reference }) => {
    const other = parseReference(reference);
    return manifest === digest && other.registry === registry && other.repository === repository;
  });
  return record !== undefined && named ? { record } : undefined;
}

/** Those with a name first. */
async function byId(store: Store, prefix: string): Promise<ImageRecord[]> {
  const names = await referencesOf(store);
  const all = [...(await store.records.images.all()).values()];
  const isNamed = ({ manifest }: ImageRecord): number => Number(names.has(manifest.digest));
  return all
    .filter(({ configuration }) => hexOf(configuration.digest).startsWith(prefix))
    .sort((a, b) => isNamed(b) - isNamed(a));
}

function missing(text: string): never {
  throw new ImageError(`there is no image ${JSON.stringify(text)} in the store`, {
    code: 'ERR_HC_IMAGE_NOT_FOUND',
    reference: text,
    remedy: 'Pull or load it first; list() has what is there.',
  });
}

/** The record of an image of which only the blobs are left, as a scratch may need it. */
export async function recordOfBlobs({ layout }: Store, digest: Digest): Promise<ImageRecord> {
  const bytes = await neededDocument(layout, digest);
  const manifest = parseManifest(bytes, digest);
  if (manifest.kind === 'index') throw new TypeError(`${digest} is an index`);
  const { configuration } = manifest;
  const { diffIds } = parseConfiguration(await neededDocument(layout, configuration.digest), configuration.digest);
  return {
    manifest: { mediaType: manifest.mediaType, digest, size: bytes.length },
    configuration,
    blobs: manifest.layers,
    chain: chainIds(diffIds),
  };
}
