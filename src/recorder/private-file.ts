/**
 * Files that only their owner can read.
 *
 * @module
 */
import * as fs from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const open = promisify(fs.open);
const fchmod = promisify(fs.fchmod);
const ownerOnly = 0o600;

/**
 * Opens a file for writing, in place of one of that name: whoever has that one open reads nothing of the new one. What is not a
 * file, such as a pipe or a symbolic link, is written to.
 *
 * @returns the descriptor
 */
export async function openPrivate(path: string): Promise<number> {
  try {
    return await open(path, 'wx', ownerOnly);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const stats = await lstat(path);
  const isRemoved =
    stats.isFile() &&
    (await unlink(path).then(
      () => true,
      () => false, // its folder may not be changed
    ));
  if (isRemoved) return open(path, 'wx', ownerOnly);
  const descriptor = await open(path, 'w', ownerOnly);
  if (fs.fstatSync(descriptor).isFile()) await fchmod(descriptor, ownerOnly);
  return descriptor;
}
