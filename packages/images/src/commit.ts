/**
 * Makes an image of a scratch: what was written to it becomes one more layer.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { LayerExportResult } from 'hostcompute';
import { exportLayer, HcsArgumentError } from 'hostcompute';

import type { Image } from './image.js';
import type { LimitOptions } from './limits.js';
import { digestOf } from './oci/chain-id.js';
import { parseConfiguration } from './oci/configuration.js';
import type { Descriptor, Digest } from './oci/descriptor.js';
import type { Manifest } from './oci/manifest.js';
import { parseManifest } from './oci/manifest.js';
import { mediaTypes } from './oci/media-types.js';
import type { ImageProgress } from './pull/progress.js';
import type { ImageSource, Limits } from './registry/image-source.js';
import type { Scratch } from './scratch.js';
import { neededDocument } from './store/document-blobs.js';
import { unfinished } from './store/durable-file.js';
import { closed, writeStream } from './store/file-streams.js';
import { scratchLock } from './store/leases.js';
import { storeError } from './store/store-error.js';
import type { Store } from './store/store.js';
import { storeLock } from './store/store.js';

export interface CommitOptions extends LimitOptions {
  /** The name of the new image. */
  readonly reference?: string | undefined;
  /** What the new image says to run: members of `config`, in place of those of the image below. */
  readonly changes?: Readonly<Record<string, unknown>> | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  readonly onProgress?: ((progress: ImageProgress) => unknown) | undefined;
}

export async function commitScratch(
  store: Store,
  { id, image }: Scratch,
  options: CommitOptions,
  limits: Limits,
  take: (source: ImageSource) => Promise<Image>,
): Promise<Image> {
  const { locks, leases, layers, layout } = store;
  const { signal } = limits;
  checkChanges(options.changes ?? {});
  // As long as it is there, nobody takes the file of the export for a left one.
  const lease = await locks.with(storeLock, signal, () =>
    leases.begin({ kind: 'pull', layers: [], blobs: [] }, signal),
  );
  const path = join(layout.downloads, `commit-${randomUUID()}${unfinished}`);
  try {
    // Nobody destroys the scratch meanwhile.
    const exported = await locks.with(scratchLock(id), signal, async () => {
      const { stream, result } = exportLayer({ store: layers, id, parents: image.layers, format: 'gzip', signal });
      try {
        await writeStream(path, stream, undefined, signal);
      } finally {
        await closed(stream);
      }
      return result;
    });
    await force(path);
    const source = await sourceOf(store, image, exported, options);
    return await withBlob(store, exported.digest as Digest, path, signal, () => take(source));
  } finally {
    await rm(path, { force: true });
    await lease.release();
  }
}

/** The export is where a download of the blob would be, which is whole already. */
async function withBlob<T>(
  { locks, leases, layout }: Store,
  digest: Digest,
  path: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const lease = await locks.with(storeLock, signal, () =>
    leases.begin({ kind: 'pull', layers: [], blobs: [digest] }, signal),
  );
  try {
    await locks.with(`blob:${digest}`, signal, () => rename(path, layout.download(digest)));
    return await work();
  } finally {
    await lease.release();
  }
}

async function force(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The documents of the new image. Its layers are in the store already. */
async function sourceOf(
  { layout }: Store,
  image: Image,
  { digest, diffId, size }: LayerExportResult,
  { changes = {}, author, comment }: CommitOptions,
): Promise<ImageSource> {
  const below = parseManifest(await neededDocument(layout, image.digest), image.digest) as Manifest;
  const { document, diffIds } = parseConfiguration(await neededDocument(layout, image.id), image.id);
  const created = new Date().toISOString();
  const entry = { created, created_by: 'hostcompute commit', ...(author && { author }), ...(comment && { comment }) };
  const history = Array.isArray(document.history) ? (document.history as unknown[]) : [];
  const configuration = Buffer.from(
    JSON.stringify({
      ...document,
      created,
      ...(author !== undefined && { author }),
      config: { ...(document.config as object | undefined), ...changes },
      rootfs: { type: 'layers', diff_ids: [...diffIds, diffId] },
      history: [...history, entry],
    }),
  );
  const config = { mediaType: mediaTypes.configuration, digest: digestOf(configuration), size: configuration.length };
  const layers = [...below.layers, { mediaType: mediaTypes.layerGzip, digest, size }];
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers }));
  const descriptor = { mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length };
  return {
    resolve: () => Promise.resolve({ descriptor, bytes: manifest }),
    document: () => Promise.resolve(configuration),
    blob: missingBlob,
    close: () => Promise.resolve(),
  };
}

function checkChanges(changes: object): void {
  try {
    JSON.stringify(changes);
  } catch {
    throw new HcsArgumentError('options.changes', 'must be what JSON can express', changes);
  }
}

async function* missingBlob({ digest }: Descriptor): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  throw storeError(`the layer ${digest} has been removed from the store meanwhile`, 'Pull the image again.');
}
