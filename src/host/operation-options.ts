/**
 * The options that every operation takes, and their validation.
 *
 * @module
 */
import type { Subject } from '../errors/errors.js';
import { HcsAbortError, HcsArgumentError } from '../errors/errors.js';

/** What every operation takes. */
export interface OperationOptions {
  /** Cancels the wait for the operation. The host may still complete it. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the wait times out; default 240,000 as in Microsoft's own client, `Infinity` for never. */
  readonly timeoutMs?: number;
}

/** Validates the options, and throws if the signal has fired already. */
export function throwIfAborted(operation: string, subject: Subject, options: OperationOptions): void {
  checkOptions(options);
  const { signal } = options;
  if (signal?.aborted) throw new HcsAbortError({ operation, ...subject, elapsedMs: 0, cause: signal.reason });
}

/** Throws unless these are options of an operation. */
export function checkOptions(options: OperationOptions): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) {
    throw new HcsArgumentError('options', 'must be an object', given);
  }
  const { signal, timeoutMs } = options;
  if (timeoutMs !== undefined && (typeof timeoutMs !== 'number' || !(timeoutMs > 0))) {
    throw new HcsArgumentError('options.timeoutMs', 'must be a number above 0, or Infinity', timeoutMs);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'must be an AbortSignal', signal);
  }
}
