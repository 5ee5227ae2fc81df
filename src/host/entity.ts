/**
 * Entities: what is open in a host and can end, a system or a process.
 *
 * @module
 */
import { EventEmitter } from 'node:events';
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import { reportUncaught } from '../uncaught.js';
import type { EventMap } from './context-emitter.js';
import { ContextEmitter, listenersChanged } from './context-emitter.js';
import type { Lifetime } from './handle-lifetime.js';
import { inspected } from './inspection.js';
import type { Notification } from './notification.js';
import { isNotificationType, isTerminal } from './notification.js';
import type { NotificationsOptions } from './notification-iterator.js';
import { NotificationIterators } from './notification-iterator.js';
import type { OperationOptions } from './operation-options.js';

/** What {@link ComputeSystem} and {@link Process} have in common: events, an exit, and a handle to close. */
export abstract class Entity<
  Events extends EventMap<Events> & { notification: [notification: Notification] },
  Exit,
> extends ContextEmitter<Events> {
  readonly #life: Lifetime<Exit>;
  #iterators: NotificationIterators<Notification> | undefined;
  #terminal: Notification | undefined;

  /** @internal */
  protected constructor(life: Lifetime<Exit>) {
    super();
    this.#life = life;
  }

  /**
   * An entity with listeners is kept from garbage collection until it has ended.
   *
   * @internal
   */
  protected override [listenersChanged](): void {
    this.#life.listened(this.eventNames().length > 0);
  }

  /**
   * How it ended; pending until then. Rejects when the service goes away, or when it is closed first. Awaiting it does not
   * keep Node running, see ref().
   */
  get exited(): Promise<Exit> {
    this.#life.observe();
    return this.#life.end.promise;
  }

  /**
   * The notifications from here on, in order: all, or those of some types. Ends after the last one, or with close(). When
   * the signal fires, the iterator rejects with an `AbortError` after what has arrived, as that of Node's `events.on()`
   * does. What is not read is kept in memory.
   *
   * @throws {@link HcsAbortError} when the signal has fired already
   *
   * @example
   * const crashes = system.notifications({ types: ['SystemCrashReport'] });
   * await system.terminate();
   * for await (const { data } of crashes) console.log(data);
   */
  notifications(options: NotificationsOptions = {}): AsyncIterableIterator<Notification> {
    this.#iterators ??= new NotificationIterators(this.#life, isNotificationType);
    return this.#iterators.add(options, this.#terminal);
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
   * idempotent, and each caller waits within its own limits; one that failed may be tried again.
   */
  async close(options: OperationOptions = {}): Promise<void> {
    await this.#life.close(options); // so that it is fulfilled after the calls that it has waited for
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Ids, state and counts; no handles and no documents. */
  abstract toJSON(): object;

  /** What `console.log` shows: the same as toJSON(). */
  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected(this.constructor.name, this.toJSON(), depth, options);
  }

  /**
   * Emits an event. Nothing is made for one that nobody would see.
   *
   * @internal
   */
  protected dispatch<E extends keyof Events>(event: E, ...args: Events[E]): void {
    if (!this.dispatches(event)) return;
    try {
      this.emit(event as never, ...(args as never));
    } catch (error) {
      reportUncaught(error); // of an emit() that somebody has put in place of ours
    }
  }

  /**
   * Whether anybody would see the event: a listener, or an emit() that has been replaced.
   *
   * @internal
   */
  protected dispatches(event: keyof Events): boolean {
    return this.emit !== EventEmitter.prototype.emit || this.listenerCount(event as never) > 0;
  }

  /**
   * Passes a notification to the iterators and to the listeners of `notification`.
   *
   * @internal
   */
  protected dispatchNotification(notification: Notification): void {
    if (isTerminal(notification.type)) this.#terminal ??= notification;
    this.#iterators?.push(notification);
    this.dispatch('notification', ...([notification] as Events['notification']));
  }

  /** @internal */
  protected endNotifications(): void {
    this.#iterators?.end();
  }
}
