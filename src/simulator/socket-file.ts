/**
 * The file of the socket that a remote simulator listens on, which the system leaves behind.
 *
 * @module
 */
import { lstatSync, rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** Removes the file when this process exits, unless it is another's by then. */
export function removeAtExit(path: string): void {
  if (process.platform === 'win32') return; // a pipe, whose name goes with its last handle
  // A worker thread ends before the process, which serves on. The next that serves there replaces what the process leaves.
  if (!isMainThread) return;
  const own = identityOf(path);
  if (own === undefined) return;
  process.once('exit', () => {
    if (identityOf(path) === own) rmSync(path, { force: true });
  });
}

function identityOf(path: string): string | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isSocket() === true ? `${stats.dev}:${stats.ino}:${stats.ctimeNs}` : undefined;
}
