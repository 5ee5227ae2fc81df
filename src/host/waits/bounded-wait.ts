/**
 * A wait for something other than a call of the host, within the deadline and signal of an operation.
 *
 * @module
 */
import type { Subject } from '../../errors/errors.js';
import { HcsAbortError, HcsTimeoutError } from '../../errors/errors.js';
import type { Abortable } from './abort-signals.js';
import { addAbortListener, removeAbortListener } from './abort-signals.js';
import { defaultTimeoutMs, longestTimeoutMs } from './deadlines.js';
import type { OperationOptions } from '../operation-options.js';
import type { Subscription } from '../subscription.js';

/** Rejects when the deadline passes or the signal fires before the promise settles, which goes on by itself. */
export async function boundedWait<T>(
  promise: Promise<T>,
  operation: string,
  subject: Subject,
  subscription: Subscription | undefined,
  { signal, timeoutMs = defaultTimeoutMs }: OperationOptions,
): Promise<T> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let listener: Abortable | undefined;
  const limit = new Promise<never>((_, reject) => {
    const unfinished = (cause?: unknown) => {
      const elapsedMs = Math.round(performance.now() - started);
      return { operation, ...subject, elapsedMs, lastNotification: subscription?.last, cause };
    };
    if (timeoutMs <= longestTimeoutMs) {
      timer = setTimeout(() => reject(new HcsTimeoutError(unfinished())), timeoutMs);
    }
    if (signal === undefined) return;
    listener = { abort: () => reject(new HcsAbortError(unfinished(signal.reason))) };
    if (signal.aborted) listener.abort();
    else addAbortListener(signal, listener);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    if (signal !== undefined && listener !== undefined) removeAbortListener(signal, listener);
  }
}
