/**
 * Files that are there when they are whole, and bytes on standard output.
 *
 * @module
 */
import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { lstat, rename, rm } from 'node:fs/promises';

import type { GlobalOptions } from '../command-line/global-options.js';
import { usageFailure } from '../failure.js';

/** Refuses `-` where bytes have no business on standard output. */
export function checkOutput(output: string, { json }: GlobalOptions): void {
  if (output !== '-') return;
  if (process.stdout.isTTY) throw usageFailure('A tar is not for a terminal', 'Name a file, or redirect the output.');
  if (json !== undefined)
    throw usageFailure('--json and a tar cannot both be on standard output', 'Name a file by --output.');
}

/**
 * @param output - a path, or `-` for standard output, which is not ended
 * @param write - opens the target when it has something to write
 * @param mode - of a new file
 */
export async function writeWhole<T>(
  output: string,
  write: (open: () => NodeJS.WritableStream) => Promise<T>,
  mode = 0o666,
): Promise<T> {
  if (output === '-') return write(() => process.stdout);
  const partial = `${output}.partial`;
  let target: WriteStream | undefined;
  try {
    const result = await write(() => (target = createWriteStream(partial, { flush: true, mode })));
    await rename(partial, output);
    return result;
  } catch (error) {
    // A pipeline that fails does not wait for a file that is still being opened.
    if (target !== undefined) await closed(target);
    await rm(partial, { force: true });
    throw error;
  }
}

/** Whether there is something of that name, be it a link that leads nowhere. */
export async function isTaken(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function closed(target: WriteStream): Promise<void> {
  if (target.closed) return;
  const over = new Promise<void>((resolve) => target.once('close', resolve));
  target.on('error', () => undefined).destroy();
  await over;
}

/** The options of `pipeline()` for it. */
export function pipelineOptions(target: NodeJS.WritableStream, signal: AbortSignal) {
  return { signal, end: target !== process.stdout };
}
