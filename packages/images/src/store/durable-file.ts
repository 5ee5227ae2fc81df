/**
 * Files that are whole or not there: written beside their place, forced to the disk, and renamed.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the names of files end in that are not whole yet. */
export const unfinished = '.part';

export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const beside = `${path}.${randomUUID()}${unfinished}`;
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Gives a file that is on the disk its name, in place of one that has it. */
export async function publish(from: string, to: string): Promise<void> {
  for (let left = process.platform === 'win32' ? 20 : 0; ; left--) {
    try {
      await rename(from, to);
      break;
    } catch (error) {
      // On Windows whoever has the other file open at the moment, such as a scanner, is waited for.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (left === 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      await sleep(25);
    }
  }
  await syncFolder(dirname(to));
}

/** Names in a folder are on the disk when the folder is. NTFS keeps them in its log, and has no way to ask for it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
