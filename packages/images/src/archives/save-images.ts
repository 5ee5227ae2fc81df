/**
 * Writes images of a store to archives.
 *
 * @module
 */
import { mkdir, open, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';

import { HcsArgumentError } from 'hostcompute';

import { findImage, referencesOf } from '../image.js';
import type { LimitOptions } from '../limits.js';
import type { Limits } from '../registry/image-source.js';
import { blobsOf } from '../store/needs.js';
import type { Store } from '../store/store.js';
import { storeLock } from '../store/store.js';
import { archiveError } from './archive-error.js';
import type { ArchiveFormat, SavedFile, SavedImage } from './saved-files.js';
import { missingBlob, savedFiles } from './saved-files.js';
import { tarEnd, tarHeader, tarPadding } from './tar-writer.js';

export interface SaveOptions extends LimitOptions {
  /** `oci`: the layout of OCI in a tar, with whole names. `docker`: what `docker load` of any version reads. Default `oci`. */
  readonly format?: ArchiveFormat | undefined;
}

/** As a tar. It ends without an error where nobody reads any more. */
export async function saveTar(
  store: Store,
  images: readonly string[],
  format: ArchiveFormat,
  to: Writable,
  limits: Limits,
): Promise<void> {
  if ((format as string) !== 'oci' && (format as string) !== 'docker') {
    throw new HcsArgumentError('options.format', "must be 'oci' or 'docker'", format);
  }
  await withFiles(store, images, format, limits, async (files) => {
    for await (const piece of tarOf(files)) if (!(await written(to, piece, limits.signal))) return;
    to.end();
  });
}

/** As a folder, which must be empty, or not there. What fails leaves nothing in it. */
export async function saveLayout(
  store: Store,
  images: readonly string[],
  folder: string,
  { signal }: Limits,
): Promise<void> {
  await withFiles(store, images, 'oci', { signal }, async (files) => {
    const made = await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw archiveError(`${folder} is not empty`, 'Name another folder.');
    try {
      await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
      // What says what there is comes last: a layout is whole, or none.
      const last = (path: string): number => ['oci-layout', 'index.json'].indexOf(path);
      for (const file of [...files].sort((a, b) => last(a.path) - last(b.path))) await writeFile(folder, file, signal);
    } catch (error) {
      for (const name of ['index.json', 'oci-layout', 'blobs'])
        await rm(join(folder, name), { recursive: true, force: true });
      if (made !== undefined) await removeEmpty(folder, made);
      throw error;
    }
  });
}

/** Folders from `folder` up to `top`, as long as nobody else has put something into them. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  const last = resolve(top);
  for (let at = resolve(folder); at.startsWith(last); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}

/** While they are written nothing removes the images. */
async function withFiles(
  store: Store,
  names: readonly string[],
  format: ArchiveFormat,
  { signal }: Limits,
  write: (files: readonly SavedFile[]) => Promise<void>,
): Promise<void> {
  const { images, lease } = await store.locks.with(storeLock, signal, async () => {
    const found = await imagesOf(store, names);
    const records = found.map(({ record }) => record);
    const layers = records.flatMap(({ chain }) => chain);
    const blobs = records.flatMap((record) => blobsOf(record).map(({ digest }) => digest));
    return { images: found, lease: await store.leases.begin({ kind: 'pull', layers, blobs }, signal) };
  });
  try {
    // Before the first byte, not in the middle of an archive.
    for (const { record } of images) {
      for (const { digest } of blobsOf(record)) {
        if ((await stat(store.layout.blob(digest)).catch(() => undefined)) === undefined) throw missingBlob(digest);
      }
    }
    await write(await savedFiles(store.layout, images, format));
  } finally {
    await lease.release();
  }
}

/** An image that is named by its name has that one, and by its id all that it has. */
async function imagesOf(store: Store, names: readonly string[]): Promise<SavedImage[]> {
  if (!(Array.isArray as (value: unknown) => boolean)(names) || names.length === 0) {
    throw new HcsArgumentError('references', 'must be a list of at least one image', names);
  }
  const all = await referencesOf(store);
  const images = new Map<string, SavedImage>();
  for (const name of names) {
    const { record, reference } = await findImage(store, name);
    const { digest } = record.manifest;
    const more = reference === undefined ? (all.get(digest) ?? []) : [reference];
    const references = [...new Set([...(images.get(digest)?.references ?? []), ...more])].sort();
    images.set(digest, { record, references });
  }
  return [...images.values()];
}

async function* tarOf(files: readonly SavedFile[]): AsyncGenerator<Uint8Array> {
  for (const folder of ['blobs/', 'blobs/sha256/']) yield tarHeader(folder);
  for (const file of files) {
    yield tarHeader(file.path, file.size);
    yield* file.read();
    yield tarPadding(file.size);
  }
  yield tarEnd;
}

/** Whether somebody still reads. */
async function written(to: Writable, piece: Uint8Array, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  if (to.destroyed) return false;
  if (piece.length === 0 || to.write(piece)) return true;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close']) to.off(event, done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    for (const event of ['drain', 'close']) to.on(event, done);
    signal.addEventListener('abort', done);
  });
  signal.throwIfAborted();
  return !to.destroyed;
}

async function writeFile(folder: string, file: SavedFile, signal: AbortSignal): Promise<void> {
  await using handle = await open(join(folder, ...file.path.split('/')), 'wx');
  for await (const piece of file.read()) {
    signal.throwIfAborted();
    await handle.writeFile(piece);
  }
  await handle.sync();
}
