/**
 * Calls in flight. A call is one invocation of a host's function; here somebody waits for it, until it has completed, times
 * out, is cancelled, or the host is closed. HCS cannot cancel a call: it goes on inside the host, and is counted.
 *
 * @module
 */
import type { CallableKey, CallableName, Caller, Completion, Input, OperationExtras } from '../backend/backend.js';
import { keyOf } from '../backend/keys.js';
import type { HcsError, Subject } from '../errors/errors.js';
import { HcsAbortError, HcsClosedError, HcsTimeoutError } from '../errors/errors.js';
import { addAbortListener, removeAbortListener } from './waits/abort-signals.js';
import type { Expirable } from './waits/deadlines.js';
import { defaultTimeoutMs } from './waits/deadlines.js';
import type { OperationOptions } from './operation-options.js';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';

/** One invocation of a host's function, as its caller describes it. */
export interface Call<F extends CallableName> {
  readonly session: Session;
  readonly name: F;
  readonly input: Input<F>;
  /** What goes with its operation, on a host that has been checked for it. */
  readonly operation?: OperationExtras | undefined;
  readonly options: OperationOptions;
  readonly subject?: Subject;
  /** Whether a pending answer waits for its notification; default true. */
  readonly paired?: boolean;
  /** Of the object that the call is about: its last notification is named by the error of a call that times out. */
  readonly subscription?: Subscription | undefined;
  /** For a call that opens a handle. */
  readonly opening?: Opening<F>;
  /** Called with the number of the call as soon as it is in flight. */
  readonly started?: (id: number) => void;
  /**
   * Called once when the call has completed, also when nobody waits for it any longer. Undefined: the host has been closed,
   * and what becomes of the call is not known.
   */
  readonly settled?: (completion: Completion<F> | undefined) => void;
}

/** What is done about the handle that a call opens. */
export interface Opening<F extends CallableName> {
  /** In the same turn in which the call has completed, before any promise callback. */
  completed(completion: Completion<F>): void;
  /** The call timed out or was cancelled before. Such a call does not wait for its notification any longer. */
  completedLate(completion: Completion<F>): void;
}

/** A wait for something inside the host, with a deadline and a signal. */
export abstract class PendingWait<T> implements Caller<T>, Expirable {
  readonly promise: Promise<T>;
  readonly timeoutMs: number;
  readonly deadline: number;
  earlier: Expirable | undefined;
  later: Expirable | undefined;
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

  /** To be called once, with the number of what is waited for. */
  protected start(id: number): void {
    this.id = id;
    this.session.deadlines.add(this);
    if (this.#signal !== undefined) addAbortListener(this.#signal, this);
  }

  settle(outcome: T): void {
    if (!this.#waiting) {
      this.completedLate(outcome);
      return;
    }
    this.#stop();
    this.completed(outcome);
    this.#resolve(outcome);
  }

  #stop(): void {
    this.#waiting = false;
    this.session.deadlines.delete(this);
    if (this.#signal !== undefined) removeAbortListener(this.#signal, this);
  }

  /** Rejects. What is waited for goes on inside the host. */
  protected stopWaiting(error: HcsError): void {
    this.#stop();
    this.session.backend.release(this.id);
    this.stopped();
    this.#reject(error);
  }

  protected abstract completed(outcome: T): void;
  /** The wait has ended before the call. */
  protected abstract stopped(): void;
  protected abstract completedLate(outcome: T): void;

  abort(): void {
    this.stopWaiting(new HcsAbortError(this.#unfinished(this.#signal?.reason)));
  }

  expire(): void {
    this.stopWaiting(new HcsTimeoutError(this.#unfinished()));
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

/** A call in flight. */
export class PendingCall<F extends CallableName> extends PendingWait<Completion<F>> {
  readonly #opening: Opening<F> | undefined;
  readonly #watch: number | undefined;
  readonly #settled: ((completion: Completion<F> | undefined) => void) | undefined;
  readonly #hostEnded: (() => void) | undefined;

  constructor(call: Call<F>) {
    const { session, name, subject, options, paired, subscription, opening, started, settled, operation } = call;
    const input = operation === undefined ? call.input : { ...call.input, operation };
    super(session, name, subject ?? {}, subscription, options);
    this.#opening = opening;
    this.#settled = settled;
    const { computeSystem, process } = input as { computeSystem?: number; process?: number };
    this.#watch = opening === undefined ? (process ?? computeSystem) : undefined;
    const id = session.backend.call(keyOf(name) as CallableKey, input, this, paired);
    started?.(id);
    if (settled !== undefined) session.endListeners.add((this.#hostEnded = () => settled(undefined)));
    this.start(id);
  }

  hostClosed(): void {
    this.stopWaiting(new HcsClosedError({ operation: this.operation, ...this.subject, what: 'host' }));
  }

  protected completed(completion: Completion<F>): void {
    this.#opening?.completed(completion);
    this.#notifySettled(completion);
  }

  #notifySettled(completion: Completion<F>): void {
    const hostEnded = this.#hostEnded;
    if (hostEnded !== undefined && this.session.endListeners.delete(hostEnded)) this.#settled?.(completion);
  }

  protected stopped(): void {
    this.session.stuckCalls++;
    this.session.backend.cancel(this.id, this.#watch ?? this.id);
    if (this.#opening !== undefined) this.session.backend.abandon(this.id, this.id);
  }

  protected completedLate(completion: Completion<F>): void {
    this.session.stuckCalls--;
    this.#opening?.completedLate(completion);
    this.#notifySettled(completion);
  }
}
