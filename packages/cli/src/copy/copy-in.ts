/**
 * Copies into a container, whose tar writes.
 *
 * @module
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Failure } from '../failure.js';
import type { Guest } from './guest-tar.js';
import { checkTar, runTar } from './guest-tar.js';
import { packTree } from './pack-tree.js';
import type { GuestPlace } from './places.js';
import { tarOperand } from './places.js';
import { BrokenStream, tarEntries } from './tar-entries.js';
import type { Counted } from './tree-writer.js';

type Show = (bytes: number) => void;

export async function copyIn(guest: Guest, from: string, to: GuestPlace, show: Show): Promise<Counted> {
  const stats = await statsOf(from);
  const path = resolve(from);
  const name = basename(path);
  const { folder, name: as } = await placeIn(guest, from, stats, to);
  const isContents = stats.isDirectory() && (name === '' || /(^|[\\/])\.[\\/]*$/.test(from));
  // Under a name of its own it is in a folder that was not there.
  const packed = { path, stats, name: as ?? (isContents ? undefined : name) };
  let counted: Counted = { entries: 0, bytes: 0 };
  const feed = async (input: Writable): Promise<void> => {
    counted = await packTree(packed, input, show);
  };
  checkTar(guest.id, await runTar(guest, { args: ['-xf', '-', '-C', folder], feed, take: readOut }));
  return counted;
}

/** A tar from standard input. */
export async function receiveTar(guest: Guest, to: GuestPlace, show: Show): Promise<Counted> {
  if ((await kindIn(guest, to)) !== 'folder') throw noFolder(guest, to);
  let bytes = 0;
  const feed = async (input: Writable): Promise<void> => {
    process.stdin.on('data', (chunk: Buffer) => show((bytes += chunk.length)));
    try {
      await pipeline(process.stdin, input, { signal: guest.signal });
    } catch (error) {
      throw new BrokenStream((error as Error).message);
    } finally {
      // A pipe or a terminal that is read keeps the program running.
      process.stdin.destroy();
    }
  };
  checkTar(guest.id, await runTar(guest, { args: ['-xf', '-', '-C', to.path], feed, take: readOut }));
  return { entries: 0, bytes };
}

interface PlaceIn {
  readonly folder: string;
  /** Undefined: it keeps its name. */
  readonly name?: string | undefined;
}

async function placeIn(guest: Guest, from: string, stats: Stats, to: GuestPlace): Promise<PlaceIn> {
  const there = await kindIn(guest, to, stats.isDirectory());
  if (there === 'folder') return { folder: to.path };
  if (!stats.isDirectory()) {
    if (to.isFolder) throw noFolder(guest, to);
    return { folder: to.folder, name: to.name };
  }
  if (there === 'nothing') return { folder: to.folder, name: to.name };
  throw new Failure(`"${to.path}" in "${guest.id}" is no folder, and "${from}" is one`, {
    code: 'ENOTDIR',
    remedy: 'Name a folder, or what is not there yet.',
  });
}

/** What is there; a file is told from nothing only where it matters. */
async function kindIn(guest: Guest, to: GuestPlace, tellFile = false): Promise<'folder' | 'other' | 'nothing'> {
  // Windows' tar does not visit the root of a drive.
  if (to.name === undefined) return 'folder';
  if ((await firstOf(guest, to.path, '.')) === 'directory') return 'folder';
  if (!tellFile) return 'nothing';
  return (await firstOf(guest, to.folder, tarOperand(to.name))) === undefined ? 'nothing' : 'other';
}

/** The type of what has that name, by the tar of it; undefined where there is none. */
async function firstOf(guest: Guest, folder: string, name: string): Promise<string | undefined> {
  const take = async (output: Readable): Promise<string | undefined> => {
    try {
      for await (const { header } of tarEntries(output)) return header.type;
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
    }
    return undefined;
  };
  return (await runTar(guest, { args: ['--no-recursion', '-cf', '-', '-C', folder, name], take })).result;
}

async function statsOf(from: string): Promise<Stats> {
  try {
    return await stat(from);
  } catch (error) {
    const { code = 'ERR_HC_FAILED', message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read: ${message}`;
    throw new Failure(`"${from}" ${why}`, { code, remedy: 'Name a file or a folder of this machine.', cause: error });
  }
}

async function readOut(output: Readable): Promise<void> {
  try {
    await pipeline(output, new Writable({ write: (_chunk, _encoding, done) => done() }));
  } catch (error) {
    throw new BrokenStream((error as Error).message);
  }
}

function noFolder({ id }: Guest, { path }: GuestPlace): Failure {
  return new Failure(`There is no folder "${path}" in "${id}"`, {
    code: 'ENOENT',
    remedy: `Create it: hostcompute exec ${id} cmd /c mkdir "${path}"`,
  });
}
