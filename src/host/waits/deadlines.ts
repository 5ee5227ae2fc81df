/**
 * How long operations may take: the deadlines of calls, and what is left of one for the next step of an operation.
 *
 * @module
 */
import type { OperationOptions } from '../operation-options.js';
import { limitsOf } from '../operation-options.js';

/** As in Microsoft's own client. */
export const defaultTimeoutMs = 240_000;

/** A timer turns anything longer into 1 ms; nobody waits that long. */
export const longestTimeoutMs = 0x7fffffff;

/** A wait that ends without the host when it must. */
export interface Expirable {
  readonly timeoutMs: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  /** Called when the deadline has passed. It deletes itself from the deadlines. */
  expire(): void;
  /** Called when the host is being closed, and again when it has ended. */
  hostClosed(ended: boolean): void;
  /** Its neighbours among those of its duration. */
  earlier: Expirable | undefined;
  later: Expirable | undefined;
}

interface Watch {
  first: Expirable | undefined;
  last: Expirable | undefined;
  timer: NodeJS.Timeout | undefined;
}

// A list of their own: sets that live long keep what was deleted from them, see number-map.ts.
function append(watch: Watch, call: Expirable): void {
  call.earlier = watch.last;
  if (watch.last === undefined) watch.first = call;
  else watch.last.later = call;
  watch.last = call;
}

function remove(watch: Watch, call: Expirable): void {
  const { earlier, later } = call;
  if (earlier === undefined && watch.first !== call) return; // it is not in the list
  if (earlier === undefined) watch.first = later;
  else earlier.later = later;
  if (later === undefined) watch.last = earlier;
  else later.earlier = earlier;
  call.earlier = undefined;
  call.later = undefined;
}

// So many durations are watched although no call has them at the moment: most programs use few, again and again.
const idleWatches = 16;

/** The deadlines of all calls, with one timer for each duration in use instead of one for each call. */
export class Deadlines {
  // By duration; within one, the oldest call is the next to expire.
  readonly #watches = new Map<number, Watch>();

  add(call: Expirable): void {
    const { timeoutMs } = call;
    const present = this.#watches.get(timeoutMs);
    if (present !== undefined) {
      append(present, call);
      return;
    }
    const watch: Watch = { first: call, last: call, timer: undefined };
    this.#watches.set(timeoutMs, watch);
    if (timeoutMs <= longestTimeoutMs) this.#wait(watch, timeoutMs, timeoutMs);
  }

  delete(call: Expirable): void {
    const watch = this.#watches.get(call.timeoutMs);
    if (watch === undefined) return;
    remove(watch, call);
    if (watch.first !== undefined || this.#watches.size <= idleWatches) return;
    clearTimeout(watch.timer);
    this.#watches.delete(call.timeoutMs);
  }

  /** Every call that somebody waits for. */
  all(): Expirable[] {
    const all: Expirable[] = [];
    for (const { first } of this.#watches.values()) {
      for (let call = first; call !== undefined; call = call.later) all.push(call);
    }
    return all;
  }

  // A timer that finds nothing to do ends the watch over its duration.
  #wait(watch: Watch, duration: number, ms: number): void {
    const check = (): void => {
      for (let call = watch.first; call !== undefined; call = watch.first) {
        const left = call.deadline - performance.now();
        if (left > 0) {
          this.#wait(watch, duration, left);
          return;
        }
        call.expire();
      }
      if (this.#watches.get(duration) === watch) this.#watches.delete(duration);
    };
    watch.timer = setTimeout(check, Math.ceil(ms)).unref();
  }
}

/**
 * The same limits for the next step of an operation that started at `started`, on the clock of `performance.now()`. What
 * is left is rounded up to a hundredth of the whole: calls of one duration share a timer, and few durations are few timers.
 */
export function remaining(options: OperationOptions, started: number): OperationOptions {
  const { timeoutMs = defaultTimeoutMs } = options;
  if (timeoutMs === Infinity) return limitsOf(options);
  const step = timeoutMs / 100;
  const left = Math.ceil((timeoutMs - (performance.now() - started)) / step) * step;
  return { ...limitsOf(options), timeoutMs: Math.max(step, left) };
}
