/**
 * The options that every operation takes, and their validation.
 *
 * @module
 */
import type { Subject } from '../errors/errors.js';
import { HcsAbortError, HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';

/** What every operation takes. */
export interface OperationOptions {
  /** Cancels the wait for the operation. The host may still complete it. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the wait times out; default 240,000 as in Microsoft's own client, `Infinity` for never. */
  readonly timeoutMs?: number;
}

/** Throws if the signal has fired already: then nothing is done at all. */
export function throwIfAborted(operation: string, subject: Subject, { signal }: OperationOptions): void {
  if (signal?.aborted) throw new HcsAbortError({ operation, ...subject, elapsedMs: 0, cause: signal.reason });
}

/** The limits alone, of the options of an operation that takes more. */
export function limitsOf({ signal, timeoutMs }: OperationOptions): OperationOptions {
  return { ...(signal !== undefined && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
}

const limits = ['signal', 'timeoutMs'];

/** Reads the options of an operation that takes `more` besides its limits, which are checked; see {@link readOptions}. */
export function readOperationOptions<T extends OperationOptions>(options: T, more: readonly string[] = []): T {
  options = readOptions(options, limits, 'options', more);
  const { signal, timeoutMs } = options;
  if (timeoutMs !== undefined && (typeof timeoutMs !== 'number' || !(timeoutMs > 0))) {
    throw new HcsArgumentError('options.timeoutMs', 'must be a number above 0, or Infinity', timeoutMs);
  }
  checkSignal(signal);
  return options;
}

/** Throws unless it is a signal, or absent. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new HcsArgumentError('options.signal', 'must be an AbortSignal', signal);
}
