/**
 * The limits of a call: its caller's signal, and the deadline that its caller gave.
 *
 * @module
 */
import { setMaxListeners } from 'node:events';

import { HcsAbortError, HcsArgumentError, HcsTimeoutError } from 'hostcompute';

import { checkFields } from './option-checks.js';
import type { Limits } from './registry/image-source.js';

export interface LimitOptions {
  /** Cancels the call. What has been downloaded stays for the next one. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until it times out; never unless given. */
  readonly timeoutMs?: number | undefined;
}

/** A timer turns anything longer into 1 ms. */
const longestTimeoutMs = 0x7fffffff;

/**
 * Runs a call within its limits. It is over when `run` is, which ends soon after its signal has fired.
 *
 * @param stopped - fires when what the call works with is closed; its reason is what the call rejects with
 * @throws HcsAbortError, HcsTimeoutError
 */
export async function withLimits<T>(
  operation: string,
  options: LimitOptions,
  run: (limits: Limits) => Promise<T>,
  stopped?: AbortSignal,
): Promise<T> {
  checkFields(options, {});
  const { signal, timeoutMs = Infinity } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'must be an AbortSignal', signal);
  }
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) {
    throw new HcsArgumentError('options.timeoutMs', 'must be a number above 0, or Infinity', timeoutMs);
  }
  const begun = performance.now();
  const deadline = new AbortController();
  const timer = timeoutMs > longestTimeoutMs ? undefined : setTimeout(() => deadline.abort(), timeoutMs);
  const signals = [deadline.signal, signal, stopped].filter((each) => each !== undefined);
  try {
    const limits = { signal: heardByMany(AbortSignal.any(signals)) };
    limits.signal.throwIfAborted();
    return await run(limits);
  } catch (error) {
    const elapsedMs = Math.round(performance.now() - begun);
    if (signal?.aborted === true) throw new HcsAbortError({ operation, elapsedMs, cause: signal.reason });
    if (deadline.signal.aborted) throw new HcsTimeoutError({ operation, elapsedMs });
    if (stopped?.aborted === true) throw stopped.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Each of many layers waits for the signal of its image. */
export function heardByMany(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** What `promise` comes to, unless the signal fires first: then its reason, and nobody waits for the promise. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
