/**
 * What users have of anything that is open in a host and can end: a system, a process.
 *
 * @module
 */
import { EventEmitter } from 'node:events';

import type { Lifetime } from './handle-lifetime.js';
import type { OperationOptions } from './options.js';

/** For each event, what its listeners get. */
export type EventMap<T> = Record<keyof T, unknown[]>;

export abstract class Entity<Events extends EventMap<Events>, Exit> extends EventEmitter<Events> {
  readonly #life: Lifetime<Exit>;

  /** @internal */
  protected constructor(life: Lifetime<Exit>) {
    super();
    this.#life = life;
    this.#noticeListeners();
  }

  // What somebody listens to stays until it has ended.
  #noticeListeners(): void {
    EventEmitter.prototype.on.call(this, 'newListener', () => this.#life.observe());
  }

  override removeAllListeners(event?: unknown): this {
    super.removeAllListeners(event as never);
    if (event === undefined || event === 'newListener') this.#noticeListeners();
    return this;
  }

  /**
   * How it ended. Pending while it has not; rejects when the service goes away, or when it is closed here first. Waiting
   * for it does not keep Node running, see ref().
   */
  get exited(): Promise<Exit> {
    this.#life.observe();
    return this.#life.end.promise;
  }

  /** Keeps Node running until it ends, is closed, or unref() is called. */
  ref(): this {
    this.#life.ref();
    return this;
  }

  unref(): this {
    this.#life.unref();
    return this;
  }

  /**
   * Gives the handle back to the host. Calls under way that wait for a notification reject; one that is inside the host is
   * waited for. Closing twice is closing once; a close that failed may be tried again.
   */
  close(options: OperationOptions = {}): Promise<void> {
    return this.#life.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Emits an event. A listener that throws does not cost another its event: each error surfaces as an uncaught exception.
   *
   * @internal
   */
  protected tell<E extends keyof Events>(event: E, ...args: Events[E]): void {
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
