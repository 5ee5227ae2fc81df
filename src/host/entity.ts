/**
 * Entities: what is open in a host and can end, a system or a process.
 *
 * @module
 */
import { EventEmitter } from 'node:events';

import type { Lifetime } from './handle-lifetime.js';
import type { OperationOptions } from './operation-options.js';

/** For each event, the arguments of its listeners. */
export type EventMap<T> = Record<keyof T, unknown[]>;

/** What {@link ComputeSystem} and {@link Process} have in common: events, an exit, and a handle to close. */
export abstract class Entity<Events extends EventMap<Events>, Exit> extends EventEmitter<Events> {
  readonly #life: Lifetime<Exit>;

  /** @internal */
  protected constructor(life: Lifetime<Exit>) {
    super();
    this.#life = life;
    this.#noticeListeners();
  }

  // An entity with listeners is kept from garbage collection until it has ended.
  #noticeListeners(): void {
    EventEmitter.prototype.on.call(this, 'newListener', () => this.#life.observe());
  }

  override removeAllListeners(event?: unknown): this {
    super.removeAllListeners(event as never);
    if (event === undefined || event === 'newListener') this.#noticeListeners();
    return this;
  }

  /**
   * How it ended; pending until then. Rejects when the service goes away, or when it is closed first. Awaiting it does not
   * keep Node running, see ref().
   */
  get exited(): Promise<Exit> {
    this.#life.observe();
    return this.#life.end.promise;
  }

  /** Keeps Node running until it has ended, is closed, or unref() is called. */
  ref(): this {
    this.#life.ref();
    return this;
  }

  /** Undoes ref(). */
  unref(): this {
    this.#life.unref();
    return this;
  }

  /**
   * Closes the handle. Calls that wait for a notification reject; a call that is inside the host is waited for. close() is
   * idempotent; one that failed may be tried again.
   */
  close(options: OperationOptions = {}): Promise<void> {
    return this.#life.close(options);
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Emits an event. A listener that throws does not keep others from theirs: each error is an uncaught exception.
   *
   * @internal
   */
  protected dispatch<E extends keyof Events>(event: E, ...args: Events[E]): void {
    if (this.listenerCount(event as never) === 0) return;
    for (const listener of this.rawListeners(event as never)) {
      try {
        Reflect.apply(listener, this, args);
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}
