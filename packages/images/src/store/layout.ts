/**
 * The folder of a store: what is where, and the version of its format.
 *
 * @module
 */
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import type { Digest } from '../oci/descriptor.js';
import { hexOf } from '../oci/descriptor.js';
import { readIfThere, unfinished, writeDurably } from './durable-file.js';
import { storeError } from './store-error.js';

export const formatVersion = 1;

const versionFile = 'version.json';
const folders = [
  'blobs/sha256',
  'downloads',
  'layers',
  'records/layers',
  'records/images',
  'records/references',
  'leases',
] as const;

export class Layout {
  /** The real path. */
  readonly folder: string;
  /** Where layers are, each in a folder that is named by its chain id. */
  readonly layers: string;
  readonly blobs: string;
  /** What has arrived so far of blobs that are not whole. */
  readonly downloads: string;
  readonly layerRecords: string;
  readonly imageRecords: string;
  readonly references: string;
  readonly leases: string;
  /** Made where locks are files. */
  readonly locks: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.layers = join(folder, 'layers');
    this.blobs = join(folder, 'blobs', 'sha256');
    this.downloads = join(folder, 'downloads');
    this.layerRecords = join(folder, 'records', 'layers');
    this.imageRecords = join(folder, 'records', 'images');
    this.references = join(folder, 'records', 'references');
    this.leases = join(folder, 'leases');
    this.locks = join(folder, 'locks');
  }

  /** Opens the folder of a store, and makes one of a folder that is not there, or empty. */
  static async open(folder: string): Promise<Layout> {
    await mkdir(folder, { recursive: true });
    const path = await realpath(folder);
    const version = await readIfThere(join(path, versionFile));
    if (version !== undefined) checkVersion(version, path);
    else await checkUnused(path);
    for (const name of folders) await mkdir(join(path, name), { recursive: true });
    // Last: a folder without it is one that was being made.
    if (version === undefined) {
      await writeVersion(join(path, versionFile));
    }
    return new Layout(path);
  }

  blob(digest: Digest): string {
    return join(this.blobs, hexOf(digest));
  }

  download(digest: Digest): string {
    return join(this.downloads, hexOf(digest));
  }
}

async function writeVersion(path: string): Promise<void> {
  try {
    await writeDurably(path, `${JSON.stringify({ format: formatVersion })}\n`);
  } catch (error) {
    // Another program that made the same store may have removed what it took for left.
    if ((await readIfThere(path)) === undefined) throw error;
  }
}

function checkVersion(bytes: Buffer, folder: string): void {
  let format: unknown;
  try {
    format = (JSON.parse(bytes.toString()) as { format?: unknown } | null)?.format;
  } catch (cause) {
    throw damaged(folder, cause);
  }
  if (format === formatVersion) return;
  if (typeof format !== 'number') throw damaged(folder);
  throw storeError(
    `${folder} is an image store of format ${format}, and this version of hostcompute-images reads format ${formatVersion}`,
    'Use the version of hostcompute-images that made it, or another folder.',
  );
}

function damaged(folder: string, cause?: unknown): Error {
  const expected = JSON.stringify({ format: formatVersion });
  return storeError(
    `${join(folder, versionFile)} is damaged`,
    `If the folder is of this version of hostcompute-images, write ${expected} into it.`,
    cause,
  );
}

/** Somebody else's folder is not made a store. */
async function checkUnused(folder: string): Promise<void> {
  const own = new Set(folders.map((name) => name.split('/')[0]));
  const other = (await readdir(folder)).find((name) => !own.has(name) && !name.endsWith(unfinished));
  if (other === undefined) return;
  throw storeError(
    `${folder} is no image store: it has no ${versionFile}, and has ${JSON.stringify(other)}`,
    'Name a folder that is empty or not there yet.',
  );
}
