/**
 * When nobody reads stdout any more, as behind `| head -1`: printing stops, which is no failure.
 *
 * @module
 */
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';

const listeners = new Set<() => void>();
let isBroken = false;

/** Takes the errors of stdout and stderr, which would be uncaught otherwise. */
export function watchOutput(): void {
  process.stdout.on('error', () => {
    if (isBroken) return;
    isBroken = true;
    for (const listener of [...listeners]) listener();
  });
  process.stderr.on('error', () => undefined);
}

/** Calls `listener` when it happens, until what is returned is called. */
export function onBrokenPipe(listener: () => void): () => void {
  listeners.add(listener);
  if (isBroken) listener();
  return () => void listeners.delete(listener);
}

/** Waits until stdout takes more, or is gone. */
export function drained(): Promise<void> {
  if (isBroken || !process.stdout.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      process.stdout.off('drain', done);
      stop();
      resolve();
    };
    process.stdout.once('drain', done);
    const stop = onBrokenPipe(done);
  });
}

/** Why a command that only prints ends then; it is reported by nothing but the exit code 0. */
export function nobodyReads(): Failure {
  return new Failure('Nobody reads the output', { code: 'EPIPE', exitCode: exitCodes.done });
}
