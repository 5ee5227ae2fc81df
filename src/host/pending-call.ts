/**
 * A native call that somebody waits for: until it has ended, or its deadline, an abort or the end of the host comes
 * first. What is given up goes on inside the host and is counted.
 *
 * @module
 */
import type { CallableName, Caller, Completion, HandleKind, Input, OpenHandle } from '../backend/backend.js';
import type { HcsError, Subject } from '../errors/errors.js';
import { HcsAbortError, HcsClosedError, HcsTimeoutError } from '../errors/errors.js';
import type { Subscription } from './events.js';
import type { OperationOptions } from './options.js';
import { checkOptions, defaultTimeoutMs, listen, unlisten } from './options.js';
import { failed, isHandleGone } from '../errors/result-codes.js';
import type { GivenUp, Session } from './session.js';

/** A call of a host's function, as its caller describes it. */
export interface Call<F extends CallableName> {
  readonly session: Session;
  readonly name: F;
  readonly input: Input<F>;
  readonly options: OperationOptions;
  readonly subject?: Subject;
  /** Whether a pending answer waits for its notification; true where nothing is said. */
  readonly paired?: boolean;
  /** What the host says of it, for the error of a call that is given up. */
  readonly subscription?: Subscription | undefined;
  /** For a call that opens a handle. */
  readonly opening?: Opening<F>;
  /** Told the number of the call as soon as it has begun. */
  readonly begun?: (id: number) => void;
  /**
   * Told once when the host is done with the call, also when nobody waits for it any longer. Undefined: the host has been
   * closed, and what becomes of the call is not known.
   */
  readonly over?: (completion: Completion<F> | undefined) => void;
}

/** What is done about the handle that a call opens. */
export interface Opening<F extends CallableName> {
  /** In the same turn in which the call has ended, before any promise callback. */
  ended(completion: Completion<F>): void;
  /** When the call was given up before. Such a call does not wait for its notification any longer. */
  late(completion: Completion<F>): void;
}

/** A native call that somebody waits for, until it has ended or is given up. */
abstract class Waiting<T> implements Caller<T>, GivenUp {
  readonly promise: Promise<T>;
  readonly timeoutMs: number;
  readonly deadline: number;
  protected readonly session: Session;
  protected id = 0;
  protected readonly operation: string;
  protected readonly subject: Subject;
  readonly #signal: AbortSignal | undefined;
  readonly #subscription: Subscription | undefined;
  readonly #started: number;
  #resolve!: (outcome: T) => void;
  #reject!: (error: HcsError) => void;
  #waiting = true;

  constructor(
    session: Session,
    operation: string,
    subject: Subject,
    subscription: Subscription | undefined,
    options: OperationOptions,
  ) {
    checkOptions(options);
    const { signal, timeoutMs = defaultTimeoutMs } = options;
    this.session = session;
    this.operation = operation;
    this.subject = subject;
    this.#subscription = subscription;
    this.#signal = signal;
    this.#started = performance.now();
    this.timeoutMs = timeoutMs;
    this.deadline = this.#started + timeoutMs;
    if (signal?.aborted) throw new HcsAbortError(this.#unfinished(signal.reason));
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  protected begun(id: number): void {
    this.id = id;
    this.session.deadlines.add(this);
    if (this.#signal !== undefined) listen(this.#signal, this);
  }

  settle(outcome: T): void {
    const { session } = this;
    if (!this.#waiting) {
      session.stuckCalls--;
      this.late(outcome);
      return;
    }
    this.#stop();
    this.ended(outcome);
    this.#resolve(outcome);
  }

  #stop(): void {
    this.#waiting = false;
    this.session.deadlines.delete(this);
    if (this.#signal !== undefined) unlisten(this.#signal, this);
  }

  protected giveUp(error: HcsError): void {
    this.#stop();
    this.session.stuckCalls++;
    this.session.backend.release(this.id);
    this.givenUp();
    this.#reject(error);
  }

  protected abstract ended(outcome: T): void;
  protected abstract givenUp(): void;
  protected abstract late(outcome: T): void;

  abort(): void {
    this.giveUp(new HcsAbortError(this.#unfinished(this.#signal?.reason)));
  }

  expire(): void {
    this.giveUp(new HcsTimeoutError(this.#unfinished()));
  }

  abstract hostClosed(ended: boolean): void;

  #unfinished(cause?: unknown) {
    return {
      operation: this.operation,
      ...this.subject,
      elapsedMs: Math.round(performance.now() - this.#started),
      lastNotification: this.#subscription?.last,
      cause,
    };
  }
}

/** A call of a host's function. */
export class WaitingCall<F extends CallableName> extends Waiting<Completion<F>> {
  readonly #opening: Opening<F> | undefined;
  readonly #watch: number | undefined;
  readonly #over: ((completion: Completion<F> | undefined) => void) | undefined;
  readonly #lost = (): void => this.#over?.(undefined);

  constructor({ session, name, input, subject, options, paired, subscription, opening, begun, over }: Call<F>) {
    super(session, name, subject ?? {}, subscription, options);
    this.#opening = opening;
    this.#over = over;
    const { computeSystem, process } = input as { computeSystem?: number; process?: number };
    this.#watch = opening === undefined ? (process ?? computeSystem) : undefined;
    const id = session.backend.call(name, input, this, paired);
    begun?.(id);
    if (over !== undefined) session.endings.add(this.#lost);
    this.begun(id);
  }

  hostClosed(): void {
    this.giveUp(new HcsClosedError({ operation: this.operation, ...this.subject, what: 'host' }));
  }

  protected ended(completion: Completion<F>): void {
    this.#opening?.ended(completion);
    this.#done(completion);
  }

  #done(completion: Completion<F>): void {
    if (this.session.endings.delete(this.#lost)) this.#over?.(completion);
  }

  protected givenUp(): void {
    this.session.backend.cancel(this.id, this.#watch ?? this.id);
    if (this.#opening !== undefined) this.session.backend.abandon(this.id, this.id);
  }

  protected late(completion: Completion<F>): void {
    this.#opening?.late(completion);
    this.#done(completion);
  }
}

/** The function that closes a handle of each kind. */
export const closingFunctions = { System: 'HcsCloseComputeSystem', Process: 'HcsCloseProcess' } as const;

/**
 * The close of a handle inside the host. It is carried out once, whether or not anybody waits for it, and when the host
 * is being closed as well; one that failed may be begun anew.
 */
export class HandleClose implements Caller<number> {
  readonly id: number;
  readonly kind: HandleKind;
  /** The answer of the host, when it has come. */
  status: number | undefined;
  readonly #session: Session;
  readonly #handle: OpenHandle;
  readonly #closed: () => void;
  readonly #waiting = new Set<Caller<number>>();

  /** `closed` is told when the handle is there no more, also when nobody waits for that. */
  constructor(session: Session, kind: HandleKind, handle: OpenHandle, closed: () => void) {
    this.#session = session;
    this.#handle = handle;
    this.#closed = closed;
    this.kind = kind;
    this.id = session.backend.close(kind, handle, this);
  }

  /** Whether the handle is still there after the close. */
  get failed(): boolean {
    return this.status !== undefined && failed(this.status) && !isHandleGone(this.status);
  }

  settle(status: number): void {
    this.status = status;
    if (!this.failed) {
      this.#session.accounts.closed(this.#handle);
      this.#closed();
    }
    for (const caller of this.#waiting) caller.settle(status);
  }

  /** Fulfilled with the status of the host. */
  wait(subject: Subject, subscription: Subscription, options: OperationOptions): Promise<number> {
    const waiting = new WaitingClose(this.#session, this, subject, subscription, options);
    this.#waiting.add(waiting);
    return waiting.promise;
  }
}

class WaitingClose extends Waiting<number> {
  constructor(
    session: Session,
    close: HandleClose,
    subject: Subject,
    subscription: Subscription,
    options: OperationOptions,
  ) {
    super(session, closingFunctions[close.kind], subject, subscription, options);
    // Whoever waits keeps Node running, also for a close that somebody before has given up.
    session.backend.hold();
    this.begun(close.id);
  }

  // The host waits for its closes. When it has ended it takes with it what is left of them.
  hostClosed(ended: boolean): void {
    if (ended) this.settle(0);
  }

  protected ended(): void {
    this.session.backend.unhold();
  }

  // The close goes on.
  protected givenUp(): void {
    this.session.backend.unhold();
  }

  protected late(): void {
    // Nobody waits.
  }
}
