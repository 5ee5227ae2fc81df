/**
 * Notifications as an async iterator.
 *
 * @module
 */
import type { Notification } from './notification.js';

/** The notifications of one system from here on, one after the other. Ends after a terminal one, or with the system. */
export class NotificationIterator implements AsyncIterableIterator<Notification> {
  // Those before #next have been read. Dropped in one go when all have: taking them off the front one by one costs the
  // square of their number.
  #arrived: Notification[] = [];
  #next = 0;
  readonly #readers: ((result: IteratorResult<Notification>) => void)[] = [];
  readonly #leave: (queue: NotificationIterator) => void;
  #ended = false;

  constructor(leave: (queue: NotificationIterator) => void) {
    this.#leave = leave;
  }

  push(notification: Notification): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#arrived.push(notification);
    else reader({ value: notification, done: false });
  }

  end(): void {
    this.#ended = true;
    this.#leave(this);
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true });
  }

  next(): Promise<IteratorResult<Notification>> {
    const value = this.#arrived[this.#next];
    if (value !== undefined) {
      if (++this.#next === this.#arrived.length) this.#clear();
      return Promise.resolve({ value, done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  return(): Promise<IteratorResult<Notification>> {
    this.#clear();
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  #clear(): void {
    this.#arrived = [];
    this.#next = 0;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
