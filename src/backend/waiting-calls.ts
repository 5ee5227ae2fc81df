/**
 * The calls in flight of one backend: who waits for each, and whether they keep the event loop alive. JavaScript thread only.
 *
 * @module
 */
import type { Caller } from './backend.js';
import { NumberMap } from '../number-map.js';

/** A call in flight. */
export interface WaitingCall {
  readonly caller: Caller<never>;
  /** Whether it keeps the event loop alive. */
  held: boolean;
}

/** The calls in flight by their numbers. */
export class WaitingCalls<T extends WaitingCall> {
  readonly #calls = new NumberMap<T>();
  readonly #keepAlive: (alive: boolean) => void;
  #holds = 0;
  #ended = false;

  /** `keepAlive` is called when the first hold begins, and when the last one ends. */
  constructor(keepAlive: (alive: boolean) => void) {
    this.#keepAlive = keepAlive;
  }

  get size(): number {
    return this.#calls.size;
  }

  values(): Iterable<T> {
    return this.#calls.values();
  }

  /** Adds a call, which holds. */
  add(id: number, call: T): void {
    this.#calls.set(id, call);
    this.hold();
  }

  /** Removes a call that has completed; undefined when nobody waits for it. */
  take(id: number): T | undefined {
    const call = this.#calls.delete(id);
    if (call?.held === true) this.unhold();
    return call;
  }

  /** The call holds no longer. */
  release(id: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    if (call.held) this.unhold();
    call.held = false;
  }

  hold(): void {
    if (this.#holds++ === 0 && !this.#ended) this.#keepAlive(true);
  }

  unhold(): void {
    if (--this.#holds === 0 && !this.#ended) this.#keepAlive(false);
  }

  /** Forgets all calls. Nothing holds from here on. */
  end(): void {
    this.#ended = true;
    this.#calls.clear();
  }
}
