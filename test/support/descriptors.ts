import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';

import { eventually } from './eventually.js';

// The client of a served host keeps a connection for each call that was ever under way at once.
const counts = process.platform === 'linux' && process.env.HOSTCOMPUTE_SIMULATOR_SOCKET === undefined;

/** How many pipes and sockets this process has open; always 0 where that is not known, or says nothing of the streams. */
export function openDescriptors(): number {
  return counts ? readdirSync('/proc/self/fd').filter(isNoFile).length : 0;
}

/**
 * How many are open when no more than `most` are, or when the threads of the addon, which close what nobody gets a moment
 * after the host has made it, have had their time.
 */
export async function settledDescriptors(most: number): Promise<number> {
  await eventually(
    () => turn(),
    () => openDescriptors() <= most,
  );
  return openDescriptors();
}

// Files are not of the streams: a thread that starts reads the number of processors from one.
function isNoFile(descriptor: string): boolean {
  try {
    return !readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('/');
  } catch {
    return false; // closed since
  }
}
