/**
 * An open handle from its opening to its close: what a system and a process have in common.
 *
 * @module
 */
import type { CallableName, Input, OpenHandle } from '../backend/backend.js';
import type { Subject } from '../errors/errors.js';
import { HcsClosedError, hostError } from '../errors/errors.js';
import type { Notification, Receiver, Subscription } from './events.js';
import type { End } from './exit-latch.js';
import { ExitLatch } from './exit-latch.js';
import type { Opened } from './open-handle.js';
import { failed, isHandleGone } from '../errors/result-codes.js';
import type { Session } from './session.js';
import type { OperationOptions } from './options.js';
import type { Call } from './pending-call.js';
import { admit } from './options.js';
import { closingFunctions, HandleClose } from './pending-call.js';

/** What the object of a lifetime does with it. */
export interface Living {
  receive(notification: Notification): void;
  /** It has exited, or nobody will hear of an exit any more. Called once. */
  ended(): void;
  /** The handle is about to be given back. */
  closing(): void;
  /** What it was part of has ended before it: by its exit, or because the service went away. */
  orphaned?(exited: boolean): void;
}

export class Lifetime<Exit> {
  readonly session: Session;
  readonly subject: Subject;
  readonly subscription: Subscription;
  readonly end = new ExitLatch<Exit>();
  closed = false;
  readonly #opened: Opened;
  #receiver: Receiver | undefined;
  #living: Living | undefined;
  #owner: WeakRef<object> | undefined;
  #close: HandleClose | undefined;
  #closing: Promise<void> | undefined;
  #held = false;
  #observed = false;

  constructor(opened: Opened) {
    this.session = opened.session;
    this.subject = opened.subject;
    this.subscription = opened.subscription;
    this.#opened = opened;
  }

  get handle(): OpenHandle {
    return this.#opened.handle;
  }

  /** `owner` is the object that users have: when they let go of it, the handle is given back. */
  begin(owner: object, living: Living): void {
    this.#living = living;
    this.#owner = new WeakRef(owner);
    this.#receiver = {
      receive: (notification) => {
        if (!this.closed) living.receive(notification);
      },
      close: () => this.close(),
      orphaned: (exited) => living.orphaned?.(exited),
    };
    this.subscription.attach(this.#receiver);
    this.session.accounts.describe(this.handle, this.subject);
    // No more than it takes to close the handle: what is kept with the registration outlives many a minor collection.
    const { kind, handle } = this.#opened;
    this.session.own(owner, { kind, handle });
  }

  /** Somebody listens: the object stays until it has ended. */
  observe(): void {
    this.#observed = true;
    this.#keep();
  }

  #keep(): void {
    const kept = (this.#observed || this.#held) && !this.end.ended;
    this.subscription.keep(kept ? this.#receiver : undefined);
  }

  /** What is known of the exit while it is being found out: better than to say that nobody will hear of it. */
  exitSoFar: (() => Exit) | undefined;

  /** The first end counts. Nobody keeps the object or Node running for it any longer. */
  finish(end: End<Exit>): void {
    const { exitSoFar } = this;
    const better = 'error' in end && exitSoFar !== undefined ? { exit: exitSoFar } : end;
    if (!this.end.end(better)) return;
    this.unref();
    this.#living?.ended();
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
      what: this.#opened.kind === 'System' ? 'system' : 'process',
    });
  }

  close(options: OperationOptions = {}): Promise<void> {
    this.#closing ??= this.#giveBack(options).catch((error: unknown) => {
      this.#closing = undefined; // a failed close may be tried again
      throw error;
    });
    return this.#closing;
  }

  async #giveBack(options: OperationOptions): Promise<void> {
    const { kind, handle, session, subject } = this.#opened;
    const operation = closingFunctions[kind];
    admit(operation, subject, options); // what is refused changes nothing
    this.closed = true;
    this.#living?.closing();
    this.finish({ error: () => this.#closedError('exited') });
    if (session.ended) return; // the host has taken everything with it
    if (this.#close === undefined || failed(this.#close.status ?? 0)) {
      this.#close = new HandleClose(session, kind, handle, () => {
        session.unsubscribe(handle);
        const owner = this.#owner?.deref();
        if (owner !== undefined) session.disown(owner);
      });
    }
    const status = this.#close.status ?? (await this.#close.wait(subject, this.subscription, options));
    if (failed(status) && !isHandleGone(status)) throw hostError({ operation, ...subject, status });
  }
}
