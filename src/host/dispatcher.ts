/**
 * Dispatches what a backend delivers to the objects that it is about. It keeps those of them that are kept from garbage
 * collection, and knows nothing of the session.
 *
 * @module
 */
import type { RawNotification, Sink } from '../backend/backend.js';
import { NumberMap } from '../number-map.js';
import type { AnyNotification } from './notification.js';
import { toNotification } from './notification.js';
import type { NotificationReceiver, Subscription } from './subscription.js';

/** The subscriptions of one host, by their watches. */
export class Dispatcher implements Sink {
  readonly #subscriptions = new NumberMap<Subscription>();
  #toOpen: Subscription[] = [];
  /** Called after each batch. */
  onDelivered: (() => void) | undefined;

  /** Dispatches the notifications of a watch to a subscription. */
  subscribe(watch: number, subscription: Subscription): void {
    this.#subscriptions.set(watch, subscription);
  }

  unsubscribe(watch: number): void {
    this.#subscriptions.delete(watch);
  }

  /** Opens the subscription when the code that awaits its owner has run. */
  openSoon(subscription: Subscription): void {
    this.#toOpen.push(subscription);
  }

  /** Those that have not been garbage collected. */
  receivers(): NotificationReceiver[] {
    return this.#subscriptions.values().flatMap(({ receiver }) => receiver ?? []);
  }

  notification(watch: number, notification: RawNotification): void {
    const subscription = this.#subscriptions.get(watch);
    subscription?.receive(toNotification(notification, subscription.nameOf(notification.type)));
  }

  overflow(watch: number, count: number): void {
    const lost: AnyNotification = { type: 'Overflow', number: count, status: 0 };
    this.#subscriptions.get(watch)?.receive(lost);
  }

  delivered(): void {
    this.onDelivered?.();
    if (this.#toOpen.length === 0) return;
    const subscriptions = this.#toOpen;
    this.#toOpen = [];
    // A tick that is scheduled inside a microtask runs after all promise callbacks, the one behind
    // `await ComputeSystem.create()` among them: a listener added there misses nothing.
    queueMicrotask(() => {
      process.nextTick(() => {
        for (const subscription of subscriptions) subscription.open();
      });
    });
  }
}
