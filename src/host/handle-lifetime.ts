/**
 * An open handle from its opening to its close: what a system and a process have in common.
 *
 * @module
 */
import type { CallableName, HandleKind, Input, OpenHandle } from '../backend/backend.js';
import type { Closable, HcsError, Subject } from '../errors/errors.js';
import { HcsClosedError, hostError } from '../errors/errors.js';
import type { End } from './exit-latch.js';
import { ExitLatch } from './exit-latch.js';
import { closingFunctions, HandleClose } from './handle-close.js';
import type { EntityState } from './inspection.js';
import type { AnyNotification, Notification } from './notification.js';
import type { Opened } from './open-handle.js';
import type { OperationOptions } from './operation-options.js';
import { readOperationOptions, throwIfAborted } from './operation-options.js';
import type { Call } from './pending-call.js';
import type { Session } from './session.js';
import { closeFailed } from './session.js';
import type { NotificationReceiver, Subscription } from './subscription.js';
import { callChannel, traceCall } from './trace.js';

const closables: Readonly<Record<HandleKind, Closable>> = {
  System: 'system',
  Process: 'process',
  GuestNetworkService: 'guest network service',
  ServiceRegistration: 'network events',
  PortReservation: 'port reservation',
  VirtualDisk: 'virtual disk',
};

/** What the owner of a handle does when something happens to it: one object for all owners of a kind. */
export interface LifetimeCallbacks<N extends AnyNotification, Owner = object> {
  receive(notification: N, owner: Owner): void;
  /** It has exited, or its exit will never be known. Called once. */
  ended(owner: Owner): void;
  /** The handle is about to be closed. */
  closing(owner: Owner): void;
  /** The system that it is part of has ended before it: by its exit, or because the service went away. */
  parentEnded?(exited: boolean, owner: Owner): void;
}

/** Of what is not notified of anything. */
const unnotified = { receive: () => undefined, ended: () => undefined, closing: () => undefined };

/** The lifetime of one handle: its exit, who keeps it from collection, and its close. */
export class Lifetime<Exit, N extends AnyNotification = Notification> implements NotificationReceiver {
  readonly session: Session;
  readonly subject: Subject;
  readonly subscription: Subscription;
  readonly end = new ExitLatch<Exit>();
  closed = false;
  readonly #opened: Opened;
  #callbacks: LifetimeCallbacks<N> = unnotified;
  /** The two are collected together. */
  #owner: object = this;
  #close: HandleClose | undefined;
  #held = false;
  #observed = false;
  #listened = false;
  #retained = 0;

  constructor(opened: Opened) {
    this.session = opened.session;
    this.subject = opened.subject;
    this.subscription = opened.subscription;
    this.#opened = opened;
  }

  get handle(): OpenHandle {
    return this.#opened.handle;
  }

  /** `owner` is the object that users have: when it is garbage collected, the handle is closed. */
  begin<Owner extends object>(owner: Owner, callbacks: LifetimeCallbacks<N, Owner> = unnotified): void {
    this.#callbacks = callbacks;
    this.#owner = owner;
    this.subscription.attach(this);
    this.subscription.subject = this.subject;
    this.session.resources.describe(this.handle, this.subject);
    // No more than it takes to close the handle: what is kept with the registration outlives many a minor collection.
    const { kind, handle } = this.#opened;
    this.session.closeOnCollection(owner, { kind, handle });
  }

  receive(notification: AnyNotification): void {
    if (!this.closed) this.#callbacks.receive(notification as N, this.#owner); // named by the list of its subscription
  }

  parentEnded(exited: boolean): void {
    this.#callbacks.parentEnded?.(exited, this.#owner);
  }

  /** Whether there are listeners: while there are, the owner is kept from collection. */
  listened(listeners: boolean): void {
    this.#listened = listeners;
    this.#keep();
  }

  /** Somebody waits for the end: the owner is kept from collection until then. */
  observe(): void {
    this.#observed = true;
    this.#keep();
  }

  /** Keeps the owner from collection until as many calls of release(), or the end. */
  retain(): void {
    this.#retained++;
    this.#keep();
  }

  /** Undoes retain(). */
  release(): void {
    this.#retained--;
    this.#keep();
  }

  #keep(): void {
    const kept = (this.#observed || this.#listened || this.#held || this.#retained > 0) && !this.end.ended;
    this.subscription.keep(kept ? this : undefined);
  }

  /** What is known of the exit while the host is asked for it: better than an error if nothing more comes. */
  exitSoFar: (() => Exit) | undefined;

  /** The first end counts. From then on it keeps neither its owner nor Node running. */
  finish(end: End<Exit>): void {
    const { exitSoFar } = this;
    const better = 'error' in end && exitSoFar !== undefined ? { exit: exitSoFar } : end;
    if (!this.end.end(better)) return;
    this.unref();
    this.#callbacks.ended(this.#owner);
  }

  /** Where it is in its life. */
  get state(): EntityState {
    if (this.closed) return 'closed';
    if (this.end.exited) return 'exited';
    return this.end.ended ? 'disconnected' : 'open';
  }

  ref(): void {
    if (this.#held || this.end.ended) return;
    this.#held = true;
    this.#keep();
    this.session.backend.hold();
  }

  unref(): void {
    if (this.#held) this.session.backend.unhold();
    this.#held = false;
    this.#keep();
  }

  call<F extends CallableName>(name: F, input: Input<F>, options: OperationOptions): Call<F> {
    this.checkOpen(name);
    const { session, subject, subscription } = this;
    return { session, name, input, subject, options, subscription };
  }

  checkOpen(operation: string): void {
    if (this.closed) throw this.#closedError(operation);
  }

  #closedError(operation: string): HcsClosedError {
    return new HcsClosedError({
      operation,
      ...this.subject,
      what: closables[this.#opened.kind],
    });
  }

  /** The handle is closed once; each caller waits for that within its own limits. */
  async close(options: OperationOptions = {}): Promise<void> {
    const { kind, handle, session, subject } = this.#opened;
    const operation = closingFunctions[kind];
    options = readOperationOptions(options);
    throwIfAborted(operation, subject, options); // a refused close changes nothing
    if (!this.closed) {
      this.closed = true;
      this.#callbacks.closing(this.#owner);
      this.finish({ error: () => this.#closedError('exited') });
    }
    if (session.ended) return; // the backend closes what was open
    const begins = this.#close === undefined || closeFailed(this.#close.status ?? 0);
    if (begins) {
      this.#close = new HandleClose(session, kind, handle, () => {
        session.dispatcher.unsubscribe(handle);
        session.forgetOwner(this.#owner);
      });
    }
    const close = this.#close!;
    const wait = (): Promise<number> => close.wait(subject, this.subscription, options);
    const failureOf = (status: number): HcsError | undefined =>
      closeFailed(status) ? hostError({ operation, ...subject, status }) : undefined;
    const traced = begins && callChannel.hasSubscribers;
    const status = close.status ?? (await (traced ? traceCall(operation, subject, wait, failureOf) : wait()));
    const failure = failureOf(status);
    if (failure !== undefined) throw failure;
  }
}
