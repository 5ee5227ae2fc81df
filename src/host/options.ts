/**
 * How long an operation may take, and what else ends the wait for it.
 *
 * @module
 */
import { shown } from '../documents/document-text.js';
import type { Subject } from '../errors/errors.js';
import { HcsAbortError, HcsArgumentError, HcsTimeoutError } from '../errors/errors.js';
import type { Subscription } from './events.js';
import { longestTimeoutMs } from './session.js';

/** What every operation takes. */
export interface OperationOptions {
  /** Gives the operation up. The host may still finish it. */
  readonly signal?: AbortSignal;
  /** Milliseconds until it is given up; default 240,000 as in Microsoft's own client, `Infinity` for never. */
  readonly timeoutMs?: number;
}

export const defaultTimeoutMs = 240_000;

// The calls that a signal ends. One listener serves them all: a signal that is shared by many calls, as the one of a
// program's end is, would warn of a leak otherwise.
const listenersOf = new WeakMap<AbortSignal, Set<{ abort(): void }>>();

/** Ends a wait when the signal fires. */
export function listen(signal: AbortSignal, call: { abort(): void }): void {
  const present = listenersOf.get(signal);
  if (present !== undefined) {
    present.add(call);
    return;
  }
  const calls = new Set([call]);
  listenersOf.set(signal, calls);
  const onAbort = (): void => {
    for (const each of calls) each.abort();
  };
  signal.addEventListener('abort', onAbort, { once: true });
}

/** The wait is over by itself. */
export function unlisten(signal: AbortSignal, call: { abort(): void }): void {
  listenersOf.get(signal)?.delete(call);
}

/**
 * The same options for the next step of an operation that began at `begun`, on the clock of `performance.now()`. What is
 * left is rounded up to a hundredth of the whole: calls of one duration share a timer, and few durations are few timers.
 */
export function remaining(options: OperationOptions, begun: number): OperationOptions {
  const { timeoutMs = defaultTimeoutMs } = options;
  if (timeoutMs === Infinity) return options;
  const step = timeoutMs / 100;
  const left = Math.ceil((timeoutMs - (performance.now() - begun)) / step) * step;
  return { ...options, timeoutMs: Math.max(step, left) };
}

/**
 * Waits for what is no call of the host, within the limits of the options. What is given up goes on, and has to end by
 * itself.
 */
export async function bounded<T>(
  promise: Promise<T>,
  operation: string,
  subject: Subject,
  subscription: Subscription,
  { signal, timeoutMs = defaultTimeoutMs }: OperationOptions,
): Promise<T> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let waiting: { abort(): void } | undefined;
  const given = new Promise<never>((_, reject) => {
    const unfinished = (cause?: unknown) => {
      const elapsedMs = Math.round(performance.now() - started);
      return { operation, ...subject, elapsedMs, lastNotification: subscription.last, cause };
    };
    if (timeoutMs <= longestTimeoutMs) {
      timer = setTimeout(() => reject(new HcsTimeoutError(unfinished())), timeoutMs);
    }
    if (signal === undefined) return;
    waiting = { abort: () => reject(new HcsAbortError(unfinished(signal.reason))) };
    if (signal.aborted) waiting.abort();
    else listen(signal, waiting);
  });
  try {
    return await Promise.race([promise, given]);
  } finally {
    clearTimeout(timer);
    if (signal !== undefined && waiting !== undefined) unlisten(signal, waiting);
    promise.catch(() => undefined);
  }
}

/** Throws for options that no operation takes, and for a signal that has fired. */
export function admit(operation: string, subject: Subject, options: OperationOptions): void {
  checkOptions(options);
  const { signal } = options;
  if (signal?.aborted) throw new HcsAbortError({ operation, ...subject, elapsedMs: 0, cause: signal.reason });
}

/** Throws unless these are options that an operation can take. */
export function checkOptions(options: OperationOptions): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) {
    throw new HcsArgumentError(
      'options',
      `is ${given === null ? 'null' : `a ${typeof given}`}`,
      'Pass an object, or nothing.',
    );
  }
  const { signal, timeoutMs } = options;
  if (timeoutMs !== undefined && (typeof timeoutMs !== 'number' || !(timeoutMs > 0))) {
    const remedy = 'Pass milliseconds above 0, or Infinity.';
    throw new HcsArgumentError('options.timeoutMs', `is ${shown(timeoutMs)}`, remedy);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'is no AbortSignal', 'Pass the signal of an AbortController.');
  }
}
