/**
 * How long operations may take: the deadlines of calls, and what is left of one for the next step of an operation.
 *
 * @module
 */
import type { OperationOptions } from '../operation-options.js';

/** As in Microsoft's own client. */
export const defaultTimeoutMs = 240_000;

/** A timer turns anything longer into 1 ms; nobody waits that long. */
export const longestTimeoutMs = 0x7fffffff;

/** A wait that ends without the host when it must. */
export interface Expirable {
  readonly timeoutMs: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  /** Called when the deadline has passed. */
  expire(): void;
  /** Called when the host is being closed, and again when it has ended. */
  hostClosed(ended: boolean): void;
}

/** The deadlines of all calls, with one timer for each duration in use instead of one for each call. */
export class Deadlines {
  // By duration; within one, the oldest call is the next to expire.
  readonly #calls = new Map<number, Set<Expirable>>();

  add(call: Expirable): void {
    const { timeoutMs } = call;
    const calls = this.#calls.get(timeoutMs);
    if (calls !== undefined) {
      calls.add(call);
      return;
    }
    this.#calls.set(timeoutMs, new Set([call]));
    if (timeoutMs <= longestTimeoutMs) this.#watch(timeoutMs, timeoutMs);
  }

  delete(call: Expirable): void {
    this.#calls.get(call.timeoutMs)?.delete(call);
  }

  /** Every call that somebody waits for. */
  all(): Expirable[] {
    return [...this.#calls.values()].flatMap((calls) => [...calls]);
  }

  // A timer that finds nothing to do ends the watch over its duration.
  #watch(duration: number, wait: number): void {
    const check = (): void => {
      const calls = this.#calls.get(duration) ?? new Set<Expirable>();
      for (const call of calls) {
        const left = call.deadline - performance.now();
        if (left > 0) {
          this.#watch(duration, left);
          return;
        }
        calls.delete(call);
        call.expire();
      }
      this.#calls.delete(duration);
    };
    setTimeout(check, Math.ceil(wait)).unref();
  }
}

/**
 * The same options for the next step of an operation that started at `started`, on the clock of `performance.now()`. What
 * is left is rounded up to a hundredth of the whole: calls of one duration share a timer, and few durations are few timers.
 */
export function remaining(options: OperationOptions, started: number): OperationOptions {
  const { timeoutMs = defaultTimeoutMs } = options;
  if (timeoutMs === Infinity) return options;
  const step = timeoutMs / 100;
  const left = Math.ceil((timeoutMs - (performance.now() - started)) / step) * step;
  return { ...options, timeoutMs: Math.max(step, left) };
}
