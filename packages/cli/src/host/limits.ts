/**
 * What ends a command before it is done: the time of `--timeout`, and signals. Both are one AbortSignal, whose reason is the
 * failure to report.
 *
 * @module
 */
import { constants } from 'node:os';

import type { GlobalOptions } from '../command-line/global-options.js';
import { exitCodes, signalled } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { nobodyReads, onBrokenPipe } from '../output/broken-pipe.js';

// SIGBREAK is Ctrl+Break, and SIGHUP the closed window of Windows.
const ending = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
] as const;

export type EndingSignal = (typeof ending)[number];

export interface Limits extends Disposable {
  /** Its reason is a {@link Failure} with the exit code. */
  readonly signal: AbortSignal;
  /** Ends the command as a signal does that has come. */
  readonly end: (name: EndingSignal) => void;
  /** Cancels what is under way for another reason. */
  readonly abort: (reason: Failure) => void;
}

export interface LimitsOptions {
  /**
   * `false`: signals, and an output that nobody reads any more, are left to the command. By default both cancel what is under way,
   * and a second signal ends the program.
   */
  readonly signals?: boolean;
}

/** Begins to count. */
export function openLimits(
  { timeout }: Pick<GlobalOptions, 'timeout'>,
  { signals = true }: LimitsOptions = {},
): Limits {
  const controller = new AbortController();
  const timer = timeout === undefined ? undefined : setTimeout(() => controller.abort(deadline(timeout)), timeout);
  const end = (name: EndingSignal): void => {
    // Whoever asks twice does not want to wait for what is being undone.
    if (controller.signal.aborted) process.exit(exitCodeOfSignal(name));
    controller.abort(new Failure(`Ended by ${name}`, { code: 'ERR_HC_SIGNAL', exitCode: exitCodeOfSignal(name) }));
  };
  const stops = signals ? [onSignals(end), onBrokenPipe(() => controller.abort(nobodyReads()))] : [];
  return {
    signal: controller.signal,
    end,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}

/** Calls `listener` for each signal that ends programs, until what is returned is called. */
export function onSignals(listener: (name: EndingSignal) => void): () => void {
  for (const name of ending) process.on(name, listener);
  return () => {
    for (const name of ending) process.off(name, listener);
  };
}

export function exitCodeOfSignal(name: EndingSignal): number {
  return signalled(constants.signals[name]);
}

function deadline(ms: number): Failure {
  return new Failure(`The ${shown(ms)} of --timeout have passed`, {
    code: 'ERR_HC_TIMEOUT',
    exitCode: exitCodes.deadline,
    remedy: 'Give it longer, or find out by --verbose what it waited for.',
  });
}

function shown(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
