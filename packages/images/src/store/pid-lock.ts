/**
 * A lock where the system has none that it releases by itself (macOS): a file with the id of the process that has it.
 *
 * @module
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SystemLock } from './system-lock.js';

const folder = join(tmpdir(), 'hostcompute-images-locks');

/** The lock, or undefined while another has it. One of a process that has ended is taken over. */
export async function tryFile(name: string): Promise<SystemLock | undefined> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  const release = (): Promise<void> => rm(path, { force: true });
  for (let round = 0; round < 2; round++) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return { release };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isHeld(path)) return undefined;
    await release();
  }
  return undefined;
}

export async function untilFileGone(signal: AbortSignal): Promise<void> {
  await sleep(50, undefined, { signal });
}

async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
