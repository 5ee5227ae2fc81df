/**
 * A client of a server, as long as it lives: its handles, and its listeners on them.
 *
 * @module
 */
import type { HandleKind, RawNotification } from '../backend/backend.js';
import type { NotificationType } from '../host/notification.js';
import { notificationType } from '../host/notification.js';
import type { Caller } from './policy.js';

// What is raised once for each object: one that registers later is notified as well (HCS does so).
const sticky: ReadonlySet<NotificationType> = new Set([
  'SystemExited',
  'SystemCreateCompleted',
  'ProcessExited',
  'ServiceDisconnect',
] as const);

// Each is sent each notification. A program that uses this package has one.
const mostListeners = 64;

/** Notifies a listener of the client. */
export type Notify = (listener: number, notification: RawNotification) => void;

/** A handle that a client has open, by the number that both ends know. */
export class ClientHandle {
  readonly kind: HandleKind;
  readonly #notify: Notify;
  readonly #listeners = new Map<number, number>();
  readonly #raised = new Map<NotificationType, RawNotification>();

  constructor(kind: HandleKind, notify: Notify) {
    this.kind = kind;
    this.#notify = notify;
  }

  receive(notification: RawNotification): void {
    const type = notificationType(notification.type);
    if (sticky.has(type)) this.#raised.set(type, notification);
    for (const listener of this.#listeners.values()) this.#notify(listener, notification);
  }

  /** Adds a listener of the client, which is notified of what it has missed. False: it has too many. */
  register(registration: number, listener: number): boolean {
    if (this.#listeners.size >= mostListeners) return false;
    this.#listeners.set(registration, listener);
    for (const notification of this.#raised.values()) this.#notify(listener, notification);
    return true;
  }

  /** False when it has no such registration. */
  unregister(registration: number): boolean {
    return this.#listeners.delete(registration);
  }
}

/** What one client has open. */
export class RemoteClient {
  readonly connection: number;
  readonly caller: Caller;
  readonly handles = new Map<number, ClientHandle>();
  /** The handles that the client itself is closing. */
  readonly closing = new Set<Promise<unknown>>();
  gone = false;

  constructor(connection: number, caller: Caller) {
    this.connection = connection;
    this.caller = caller;
  }

  /** The handle with a number, if it is of this client and of this kind. */
  handle(number: unknown, kind: string): ClientHandle | undefined {
    const handle = typeof number === 'number' ? this.handles.get(number) : undefined;
    return handle?.kind === kind ? handle : undefined;
  }

  unregister(registration: unknown): boolean {
    if (typeof registration !== 'number') return false;
    return [...this.handles.values()].some((handle) => handle.unregister(registration));
  }
}
