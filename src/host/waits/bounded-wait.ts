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

interface Waiter {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** Who waits for a promise that is pending. A reaction cannot be taken back from it: it has one, and these can leave. */
const waiters = new WeakMap<Promise<unknown>, Set<Waiter>>();

function waitersOf(promise: Promise<unknown>): Set<Waiter> {
  const known = waiters.get(promise);
  if (known !== undefined) return known;
  const all = new Set<Waiter>();
  waiters.set(promise, all);
  const settle = (act: (waiter: Waiter) => void): void => {
    waiters.delete(promise);
    all.forEach(act);
  };
  promise.then(
    (value) => settle(({ resolve }) => resolve(value as never)),
    (reason: unknown) => settle(({ reject }) => reject(reason)),
  );
  return all;
}

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
  const waiting = waitersOf(promise);
  let waiter: Waiter | undefined;
  const settled = new Promise<T>((resolve, reject) => {
    waiter = { resolve, reject };
    waiting.add(waiter);
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
    return await settled;
  } finally {
    waiting.delete(waiter!);
    clearTimeout(timer);
    if (signal !== undefined && listener !== undefined) removeAbortListener(signal, listener);
  }
}
