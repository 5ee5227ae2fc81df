/**
 * The file of a socket that a host is served at, which the system leaves behind.
 *
 * @module
 */
import { lstatSync, rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** A function that removes the file of a socket, unless it is another's by then. */
export function socketRemover(path: string): () => void {
  const own = process.platform === 'win32' ? undefined : identityOf(path); // the name of a pipe goes with its last handle
  return () => {
    if (own !== undefined && identityOf(path) === own) rmSync(path, { force: true });
  };
}

/** Removes the file when this process exits, unless it is another's by then. */
export function removeAtExit(path: string): void {
  // A worker thread ends before the process, which serves on. The next that serves there replaces what the process leaves.
  if (isMainThread) process.once('exit', socketRemover(path));
}

function identityOf(path: string): string | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isSocket() === true ? `${stats.dev}:${stats.ino}:${stats.ctimeNs}` : undefined;
}
