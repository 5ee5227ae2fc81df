/**
 * The way of notifications from the session to the object that they are about.
 *
 * @module
 */
import type { Subject } from '../errors/errors.js';
import type { AnyNotification } from './notification.js';
import { notificationType } from './notification.js';
import { notificationChannel, traceNotification } from './trace.js';

/** What receives the notifications of one handle. */
export interface NotificationReceiver {
  receive(notification: AnyNotification): void;
  /** The host is being closed. */
  close(): Promise<void>;
  /** The system that its object is part of has ended: by its exit, or because the service went away. */
  parentEnded(exited: boolean): void;
}

/**
 * The notifications of one handle: held back until its receiver exists and its owner has had the chance to add listeners,
 * from then on passed on at once.
 */
export class Subscription {
  #receiver: WeakRef<NotificationReceiver> | undefined;
  // Keeps a receiver that has listeners; one without may be garbage collected.
  #kept: NotificationReceiver | undefined;
  #held: AnyNotification[] | undefined = [];
  /** The latest one, for the error of a call that times out. */
  last: AnyNotification | undefined;
  /** The object that they are about. */
  subject: Subject;

  /** What a notification with this number is called: the compute service and the network service have lists of their own. */
  readonly nameOf: (number: number) => string;

  constructor(subject: Subject, nameOf: (number: number) => string = notificationType) {
    this.subject = subject;
    this.nameOf = nameOf;
  }

  attach(receiver: NotificationReceiver): void {
    this.#receiver = new WeakRef(receiver);
  }

  keep(receiver: NotificationReceiver | undefined): void {
    this.#kept = receiver;
  }

  receive(notification: AnyNotification): void {
    this.last = notification;
    if (this.#held !== undefined) this.#held.push(notification);
    else this.#dispatch(notification, this.receiver);
  }

  /** Passes on what was held back. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    const { receiver } = this;
    for (const notification of held) this.#dispatch(notification, receiver);
  }

  #dispatch(notification: AnyNotification, receiver: NotificationReceiver | undefined): void {
    if (notificationChannel.hasSubscribers) traceNotification(notification, this.subject);
    receiver?.receive(notification);
  }

  get receiver(): NotificationReceiver | undefined {
    return this.#kept ?? this.#receiver?.deref();
  }
}
