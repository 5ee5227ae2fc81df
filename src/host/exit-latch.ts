/**
 * The end of a system or process: the first report counts, and everyone who waits is notified.
 *
 * @module
 */
import type { HcsError } from '../errors/errors.js';
import { addAbortListener, removeAbortListener } from './waits/abort-signals.js';
import { longestTimeoutMs } from './waits/deadlines.js';

/** An exit or an error, made when it is first needed. */
export type End<Exit> = { readonly exit: () => Exit } | { readonly error: () => HcsError };

/** The end of one object, latched: its exit, or the error for which its exit will never be known. */
export class ExitLatch<Exit> {
  #end: End<Exit> | undefined;
  #exit: { readonly value: Exit } | undefined;
  #promise: Promise<Exit> | undefined;
  #waiters: Set<() => void> | undefined;

  get ended(): boolean {
    return this.#end !== undefined;
  }

  get exited(): boolean {
    return this.#end !== undefined && 'exit' in this.#end;
  }

  /** False when it had ended already: a second report changes nothing. */
  end(end: End<Exit>): boolean {
    if (this.#end !== undefined) return false;
    this.#end = end;
    for (const waiter of this.#waiters ?? []) waiter();
    this.#waiters = undefined;
    return true;
  }

  /** The exit; only once there is one. */
  get exit(): Exit {
    if (this.#end === undefined || !('exit' in this.#end)) throw new Error('it has not exited');
    this.#exit ??= { value: this.#end.exit() };
    return this.#exit.value;
  }

  get promise(): Promise<Exit> {
    if (this.#promise === undefined) {
      this.#promise = this.#make();
      this.#promise.catch(() => undefined); // whoever awaits it sees the rejection; it is never an unhandled one
    }
    return this.#promise;
  }

  async #make(): Promise<Exit> {
    if (this.#end === undefined) await new Promise<void>((resolve) => this.#wait(resolve));
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error();
    return this.exit;
  }

  #wait(waiter: () => void): void {
    (this.#waiters ??= new Set()).add(waiter);
  }

  /** Whether it has exited, or does within `ms`, or before a signal fires. Keeps Node running meanwhile. */
  async within(ms: number, signal?: AbortSignal): Promise<boolean> {
    if (this.ended || ms <= 0 || signal?.aborted) return this.exited;
    await new Promise<void>((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        if (signal !== undefined) removeAbortListener(signal, wait);
        this.#waiters?.delete(over);
        resolve();
      };
      const wait = { abort: over };
      const timer = setTimeout(over, Math.min(ms, longestTimeoutMs));
      if (signal !== undefined) addAbortListener(signal, wait);
      this.#wait(over);
    });
    return this.exited;
  }
}
