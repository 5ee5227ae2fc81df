/**
 * The folder where images and containers are kept.
 *
 * @module
 */
import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import type { GlobalOptions } from '../command-line/global-options.js';
import { exitCodes } from '../exit-codes.js';
import { Failure, messageOf } from '../failure.js';

/** Absolute. It may not be there yet: see {@link makeFolder}. */
export function rootFolder({ root }: Pick<GlobalOptions, 'root'>, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(root ?? nonEmpty(env.HOSTCOMPUTE_ROOT) ?? defaultRoot(env));
}

function defaultRoot(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return join(nonEmpty(env.ProgramData) ?? 'C:\\ProgramData', 'hostcompute');
  return join(nonEmpty(env.XDG_DATA_HOME) ?? join(homedir(), '.local', 'share'), 'hostcompute');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** Where the store of images is; its layers are in `layers` of it. */
export function imagesFolder(root: string): string {
  return join(root, 'images');
}

/** Where each detached container has a folder of its own. */
export function containersFolder(root: string): string {
  return join(root, 'containers');
}

/** Makes a folder that nobody else can read, and those on the way. */
export async function makeFolder(folder: string): Promise<string> {
  try {
    await makeWithParents(folder);
  } catch (error) {
    throw new Failure(`${folder} cannot be made (${messageOf(error).replace(/\.$/, '')})`, {
      code: 'ERR_HC_ROOT',
      exitCode: exitCodes.host,
      remedy: 'Name a folder that can be written by --root, or by HOSTCOMPUTE_ROOT.',
      cause: error,
    });
  }
  return folder;
}

// That of Node tries for ever where a folder is there and yet has no place for others, as those of /proc.
async function makeWithParents(folder: string): Promise<void> {
  if (await makeOne(folder)) return;
  await makeWithParents(dirname(folder));
  if (!(await makeOne(folder))) throw new Error(`${dirname(folder)} takes no folders`);
}

/** False where the folder that it belongs into is not there. */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) return false;
    // Windows refuses what is there with other codes too, such as a drive.
    if ((await stat(folder).catch(() => undefined))?.isDirectory() === true) return true;
    throw error;
  }
}
