/**
 * The files of an archive of images, in the order in which they are written.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { parseConfiguration } from '../oci/configuration.js';
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { hexOf } from '../oci/descriptor.js';
import { mediaTypes } from '../oci/media-types.js';
import { familiarName, parseReference } from '../reference.js';
import { neededDocument } from '../store/document-blobs.js';
import { piecesOf } from '../store/file-streams.js';
import type { ImageRecord } from '../store/image-records.js';
import type { Layout } from '../store/layout.js';
import { storeError } from '../store/store-error.js';
import { blobPath } from './archived-image.js';

/** A file of an archive. */
export interface SavedFile {
  readonly path: string;
  readonly size: number;
  /** What is damaged on the disk fails it. */
  read(): AsyncIterable<Uint8Array>;
}

export type ArchiveFormat = 'oci' | 'docker';

/** An image and the names by which it is saved. */
export interface SavedImage {
  readonly record: ImageRecord;
  readonly references: readonly string[];
}

/** What says what there is comes first, so that it can be read while it arrives; then each blob once. */
export async function savedFiles(
  layout: Layout,
  images: readonly SavedImage[],
  format: ArchiveFormat,
): Promise<SavedFile[]> {
  const head = format === 'oci' ? await layoutHead(layout, images) : [dockerManifest(images)];
  const blobs = new Map<Digest, Descriptor>();
  for (const { record } of images) {
    const { manifest, configuration } = record;
    const all = [...(format === 'oci' ? [manifest] : []), configuration, ...record.blobs];
    for (const blob of all) blobs.set(blob.digest, blob);
  }
  return [...head, ...[...blobs.values()].map((blob) => blobFile(layout, blob))];
}

async function layoutHead(layout: Layout, images: readonly SavedImage[]): Promise<SavedFile[]> {
  const manifests: object[] = [];
  for (const { record, references } of images) {
    const { mediaType, digest, size } = record.manifest;
    const id = record.configuration.digest;
    const { platform } = parseConfiguration(await neededDocument(layout, id), id);
    const { os, architecture, variant, osVersion, osFeatures } = platform;
    const written = { architecture, os, variant, 'os.version': osVersion, 'os.features': osFeatures };
    const descriptor = { mediaType, digest, size, platform: written };
    if (references.length === 0) manifests.push(descriptor);
    for (const name of references) manifests.push({ ...descriptor, annotations: annotationsOf(name) });
  }
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  return [jsonFile('oci-layout', { imageLayoutVersion: '1.0.0' }), jsonFile('index.json', index)];
}

// The whole name is containerd's. OCI has the tag, and a whole name where there is none.
function annotationsOf(name: string): object {
  const { tag } = parseReference(name);
  return { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag ?? name };
}

function dockerManifest(images: readonly SavedImage[]): SavedFile {
  const manifest = images.map(({ record, references }) => ({
    Config: blobPath(record.configuration.digest),
    RepoTags: references
      .map((name) => parseReference(name))
      .filter(isTagged)
      .map(familiarName),
    Layers: record.blobs.map(({ digest }) => blobPath(digest)),
  }));
  return jsonFile('manifest.json', manifest);
}

function isTagged({ tag, digest }: ReturnType<typeof parseReference>): boolean {
  return tag !== undefined && digest === undefined;
}

function jsonFile(path: string, value: unknown): SavedFile {
  const bytes = Buffer.from(JSON.stringify(value));
  // eslint-disable-next-line @typescript-eslint/require-await -- files are read by pieces
  const read = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  return { path, size: bytes.length, read };
}

function blobFile(layout: Layout, { digest, size }: Descriptor): SavedFile {
  const file = layout.blob(digest);
  const read = async function* (): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let length = 0;
    try {
      for await (const piece of piecesOf(file, { highWaterMark: 2 ** 18 })) {
        length += piece.length;
        // More would be taken for the next file.
        if (length > size) break;
        hash.update(piece);
        yield piece;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missingBlob(digest);
      throw error;
    }
    if (length === size && hash.digest('hex') === hexOf(digest)) return;
    throw storeError(`${file} is damaged`, 'Remove the image, and pull or load it again.');
  };
  return { path: blobPath(digest), size, read };
}

export function missingBlob(digest: Digest): Error {
  return storeError(
    `the blob ${digest} has not been kept`,
    'Remove the image, open the store with keepBlobs, and pull or load the image again.',
  );
}
