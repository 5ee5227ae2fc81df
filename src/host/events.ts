/**
 * Notifications: their names, and the way from a delivered batch to the object that they are about.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import type { RawNotification } from '../backend/backend.js';
import { parseDocument } from '../documents/document-text.js';

/** `HCS_NOTIFICATIONS`, by their numbers. */
const names = {
  0x00000001: 'SystemExited',
  0x00000002: 'SystemCreateCompleted',
  0x00000003: 'SystemStartCompleted',
  0x00000004: 'SystemPauseCompleted',
  0x00000005: 'SystemResumeCompleted',
  0x00000006: 'SystemCrashReport',
  0x00000007: 'SystemSiloJobCreated',
  0x00000008: 'SystemSaveCompleted',
  0x00000009: 'SystemRdpEnhancedModeStateChanged',
  0x0000000a: 'SystemShutdownFailed',
  0x0000000b: 'SystemGetPropertiesCompleted',
  0x0000000c: 'SystemModifyCompleted',
  0x0000000d: 'SystemCrashInitiated',
  0x0000000e: 'SystemGuestConnectionClosed',
  0x0000000f: 'SystemOperationCompletion',
  0x00000010: 'SystemPassThru',
  0x00010000: 'ProcessExited',
  0x01000000: 'ServiceDisconnect',
} as const;

/** The name of a notification. Hosts are newer than this list: what it lacks is `Unknown`, with its number. */
export type NotificationType = (typeof names)[keyof typeof names] | 'Overflow' | 'Unknown';

/** One notification of a system, as its listeners get it. */
export interface Notification {
  readonly type: NotificationType;
  /** The host's own number, flags included; for `Overflow`, how many notifications were lost here. */
  readonly number: number;
  /** An HRESULT, unsigned; negative outcomes have the top bit set. */
  readonly status: number;
  /** The text that came with it, if any. */
  readonly data?: string;
}

// The top four bits of a notification number are flags.
const flags = 0xf0000000;

export function notificationType(number: number): NotificationType {
  return (names as Record<number, NotificationType>)[(number & ~flags) >>> 0] ?? 'Unknown';
}

export function toNotification({ type, status, data }: RawNotification): Notification {
  return data === null
    ? { type: notificationType(type), number: type, status }
    : { type: notificationType(type), number: type, status, data };
}

/** After one of these a system says nothing more. */
export function isTerminal(type: NotificationType): boolean {
  return type === 'SystemExited' || type === 'ProcessExited' || type === 'ServiceDisconnect';
}

/** A `CrashReport` in HCS's own spelling, as far as the host sent one. */
export interface CrashReport {
  readonly notification: Notification;
  /** The parsed data; empty when there was none or it was no JSON. */
  readonly report: Readonly<Schema2.CrashReport>;
}

export function toCrashReport(notification: Notification): CrashReport {
  const parsed = parseDocument(notification.data ?? null);
  const report = typeof parsed === 'object' && parsed !== null ? (parsed as Schema2.CrashReport) : {};
  return { notification, report };
}

/** Who receives the notifications of one watch. */
export interface Receiver {
  receive(notification: Notification): void;
  close(): Promise<void>;
  /** What its object was part of has ended: by its exit, or because the service went away. */
  orphaned(exited: boolean): void;
}

/**
 * The notifications of one watch, held back until its receiver exists and whoever made it has had the chance to listen;
 * from then on passed on at once.
 */
export class Subscription {
  #receiver: WeakRef<Receiver> | undefined;
  // Keeps a receiver that somebody listens to; one that nobody listens to may be collected.
  #kept: Receiver | undefined;
  #held: Notification[] | undefined = [];
  last: Notification | undefined;

  attach(receiver: Receiver): void {
    this.#receiver = new WeakRef(receiver);
  }

  keep(receiver: Receiver | undefined): void {
    this.#kept = receiver;
  }

  receive(notification: Notification): void {
    this.last = notification;
    if (this.#held !== undefined) this.#held.push(notification);
    else this.receiver?.receive(notification);
  }

  /** Passes on what was held back. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    const { receiver } = this;
    for (const notification of held) receiver?.receive(notification);
  }

  get receiver(): Receiver | undefined {
    return this.#kept ?? this.#receiver?.deref();
  }
}

/** The notifications of one system from here on, one after the other. Ends after a terminal one, or with the system. */
export class NotificationQueue implements AsyncIterableIterator<Notification> {
  // Those before #next have been read. Dropped in one go when all have: taking them off the front one by one costs the
  // square of their number.
  #arrived: Notification[] = [];
  #next = 0;
  readonly #readers: ((result: IteratorResult<Notification>) => void)[] = [];
  readonly #leave: (queue: NotificationQueue) => void;
  #ended = false;

  constructor(leave: (queue: NotificationQueue) => void) {
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
