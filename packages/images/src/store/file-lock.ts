/**
 * A lock that is a file which one program at a time can have open, where names cannot be listened at by one only. The system closes it
 * when the program ends.
 *
 * @module
 */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { unlessAborted } from '../limits.js';
import type { SystemLock } from './system-lock.js';

// UV_FS_O_EXLOCK of libuv, which Node hands through and does not name: on Windows no sharing, on macOS and BSD flock().
const exclusive = process.platform === 'win32' ? 0x10000000 : 0x20 | constants.O_NONBLOCK;

const taken: ReadonlySet<string | undefined> = new Set(['EBUSY', 'EAGAIN', 'EWOULDBLOCK']);

/** The lock, or undefined while another has it. The file stays, empty: who deletes it takes the lock from under another. */
export async function tryFile(path: string): Promise<SystemLock | undefined> {
  try {
    const file = await opened(path);
    return { release: () => file.close() };
  } catch (error) {
    if (taken.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

async function opened(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | exclusive;
  try {
    return await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, flags);
  }
}

/** Looks again later: the end of another's lock is not said. */
export async function untilFileMayBeFree(signal: AbortSignal): Promise<void> {
  await unlessAborted(sleep(25), signal);
}
