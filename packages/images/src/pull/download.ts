/**
 * The download of a blob into the store: what arrives is in a file that is read meanwhile, and stays there when it is broken off.
 * Of several programs that want a blob one downloads it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { ImageError } from '../image-error.js';
import type { Descriptor, Digest } from '../oci/descriptor.js';
import type { ImageSource } from '../registry/image-source.js';
import { publish } from '../store/durable-file.js';
import { GrowingFile } from './growing-file.js';
import type { Layout } from '../store/layout.js';
import type { Locks } from '../store/locks.js';

export interface DownloadOptions {
  readonly layout: Layout;
  readonly locks: Locks;
  readonly source: ImageSource;
  readonly descriptor: Descriptor;
  /** Whether the blob is kept; else it stays among the downloads until somebody removes it. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  /** How many bytes of it are there. */
  readonly onBytes: (bytes: number) => void;
}

/** Bytes are hashed in pieces of this size where they are read again. */
const pieceSize = 2 ** 20;

/**
 * Downloads the blob unless it is there.
 *
 * @param follow - called once with the file as soon as bytes may come. What it returns is not waited for.
 * @returns when the blob is whole and right; whether any of it came from the source
 */
export async function download(options: DownloadOptions, follow: (file: GrowingFile) => void): Promise<boolean> {
  const { locks, descriptor, signal } = options;
  return locks.with(`blob:${descriptor.digest}`, signal, () => downloadLocked(options, follow));
}

async function downloadLocked(options: DownloadOptions, follow: (file: GrowingFile) => void): Promise<boolean> {
  const { layout, descriptor, onBytes } = options;
  const whole = await openIfThere(layout.blob(descriptor.digest), 'r');
  if (whole !== undefined) {
    const { size } = await whole.stat();
    if (size === descriptor.size) {
      const file = new GrowingFile(whole, size);
      follow(file);
      file.end();
      onBytes(size);
      await file.close();
      return false;
    }
    // Only who damaged the store knows why: the blob is fetched again.
    await whole.close();
    await rm(layout.blob(descriptor.digest), { force: true });
  }
  const path = layout.download(descriptor.digest);
  const handle = (await openIfThere(path, 'r+')) ?? (await open(path, 'wx+'));
  const file = new GrowingFile(handle);
  follow(file);
  try {
    const isReceived = await receive(options, handle, file);
    file.end();
    if (options.keep) {
      await handle.sync();
      await publish(path, layout.blob(descriptor.digest));
    }
    return isReceived;
  } catch (error) {
    file.end(error as Error);
    // What is wrong must not be gone on with.
    if (error instanceof ImageError && error.code === 'ERR_HC_IMAGE_CONTENT') await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function receive(options: DownloadOptions, handle: FileHandle, file: GrowingFile): Promise<boolean> {
  const { source, descriptor, signal, onBytes } = options;
  const { digest, size } = descriptor;
  const hash = createHash('sha256');
  const resumed = await goOn(handle, descriptor, hash, file, signal);
  onBytes(file.length);
  const isReceived = file.length < size;
  if (isReceived) {
    for await (const chunk of source.blob(descriptor, file.length, { signal })) {
      signal.throwIfAborted();
      if (file.length + chunk.length > size)
        throw lies(descriptor, `has more than the ${size} bytes it is said to have`);
      hash.update(chunk);
      await file.append(chunk);
      onBytes(file.length);
    }
    signal.throwIfAborted();
  }
  if (file.length < size) throw lies(descriptor, `ends after ${file.length} of ${size} bytes`);
  const found = hash.digest('hex');
  if (digest === `sha256:${found}`) return isReceived;
  throw new WrongDigest(`the blob ${digest} is not what was received: that is sha256:${found}`, resumed);
}

/** What an earlier download has left is hashed and gone on with. Returns whether there was something. */
async function goOn(
  handle: FileHandle,
  { size }: Descriptor,
  hash: Hash,
  file: GrowingFile,
  signal: AbortSignal,
): Promise<boolean> {
  const there = (await handle.stat()).size;
  if (there > size) await handle.truncate(0);
  if (there === 0 || there > size) return false;
  const buffer = Buffer.allocUnsafeSlow(Math.min(pieceSize, there));
  while (file.length < there) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, there - file.length), file.length);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    file.grow(bytesRead);
    signal.throwIfAborted();
  }
  return true;
}

/** The content is another one. Where a part of it was there before, that may have been damaged. */
export class WrongDigest extends ImageError {
  readonly #resumed: boolean;

  constructor(message: string, resumed: boolean) {
    super(message, {
      code: 'ERR_HC_IMAGE_CONTENT',
      remedy: 'Pull again; if it stays so, the registry has other content.',
    });
    this.#resumed = resumed;
  }

  /** Whether it may be right when it is downloaded from the beginning. */
  get isWorthAnotherTry(): boolean {
    return this.#resumed;
  }
}

function lies({ digest }: Descriptor, what: string): ImageError {
  return new ImageError(`the blob ${digest} ${what}`, {
    code: 'ERR_HC_IMAGE_CONTENT',
    remedy: 'Pull again; if it stays so, the registry has other content.',
  });
}

async function openIfThere(path: string, flags: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes a blob that is of no use, whole or not. */
export async function removeBlob(layout: Layout, locks: Locks, digest: Digest, signal: AbortSignal): Promise<void> {
  await locks.with(`blob:${digest}`, signal, async () => {
    await rm(layout.blob(digest), { force: true });
    await rm(layout.download(digest), { force: true });
  });
}
