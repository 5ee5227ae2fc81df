/**
 * The life of one call, from its arguments to a result or an error: deadline, abort, and the three ways in which a host
 * finishes. The only place that knows what "pending" looks like.
 *
 * @module
 */
import type { CallableName, Completion, Input } from './backend/backend.js';
import { Ending } from './backend/backend.js';
import { parseResult } from './documents.js';
import type { HcsError } from './errors.js';
import { HcsAbortError, HcsArgumentError, HcsClosedError, HcsTimeoutError, hostError } from './errors.js';
import type { Subscription } from './events.js';
import { notificationType } from './events.js';
import type { GivenUp, Session } from './session.js';

/** What every operation takes. */
export interface OperationOptions {
  /** Gives the operation up. The host may still finish it. */
  readonly signal?: AbortSignal;
  /** Milliseconds until it is given up; default 240,000 as in Microsoft's own client, `Infinity` for never. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 240_000;
// A timer turns anything longer into 1 ms.
const longestTimeoutMs = 0x7fffffff;

const pending = 0xc0370103;
const unexpectedExit = 0xc0370106;
const serviceDisconnect = 0x8037011e;

export function failed(status: number): boolean {
  return status >>> 31 === 1;
}

/** A call as its caller describes it. */
export interface Attempt<T> {
  readonly session: Session;
  readonly operation: string;
  readonly systemId?: string | undefined;
  readonly options: OperationOptions;
  /** Begins the native call and returns its number. `settle` is called once, when it has ended. */
  readonly begin: (settle: (outcome: T) => void) => number;
  /** What has been heard of the system, for the error of a call that is given up. */
  readonly subscription?: (() => Subscription | undefined) | undefined;
  /** Gets the outcome in the same turn in which it arrived, before any promise callback. */
  readonly ended?: ((outcome: T) => void) | undefined;
  /** Gets an outcome that came after the call was given up. Such a call does not wait for its notification. */
  readonly late?: ((outcome: T) => void) | undefined;
  /** A close is carried out even when nobody waits for it; anything else that was not begun is not. */
  readonly must?: boolean;
}

/** A call under way, until it has ended or is given up. */
class Waiting<T> implements GivenUp {
  readonly deadline: number;
  readonly #call: Attempt<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #started = performance.now();
  readonly #timeoutMs: number;
  #id = 0;
  #resolve!: (outcome: T) => void;
  #reject!: (error: HcsError) => void;
  #waiting = true;

  constructor(call: Attempt<T>) {
    const { signal, timeoutMs = defaultTimeoutMs } = call.options;
    this.#call = call;
    this.#signal = signal;
    this.#timeoutMs = timeoutMs;
    this.deadline = this.#started + timeoutMs;
  }

  begin(): Promise<T> {
    const { session, begin, must } = this.#call;
    const promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#id = begin((outcome) => this.#settle(outcome));
    if (this.#timeoutMs <= longestTimeoutMs) session.deadlines.add(this, this.#timeoutMs);
    this.#signal?.addEventListener('abort', this, { once: true });
    if (!must) session.underWay.add(this);
    return promise;
  }

  #settle(outcome: T): void {
    const { session, ended, late } = this.#call;
    if (!this.#waiting) {
      session.stuckCalls--;
      late?.(outcome);
      return;
    }
    this.#stop();
    ended?.(outcome);
    this.#resolve(outcome);
  }

  #stop(): void {
    const { session } = this.#call;
    this.#waiting = false;
    session.deadlines.delete(this, this.#timeoutMs);
    session.underWay.delete(this);
    this.#signal?.removeEventListener('abort', this);
  }

  #giveUp(error: HcsError): void {
    const { session, must, late } = this.#call;
    this.#stop();
    session.stuckCalls++;
    session.backend.release(this.#id);
    if (!must) session.backend.cancel(this.#id);
    if (late !== undefined) session.backend.abandon(this.#id, this.#id);
    this.#reject(error);
  }

  // The abort event of the caller's signal.
  handleEvent(): void {
    this.#giveUp(new HcsAbortError(this.unfinished(this.#signal?.reason)));
  }

  expire(): void {
    this.#giveUp(new HcsTimeoutError(this.unfinished()));
  }

  hostClosed(): void {
    const { operation, systemId } = this.#call;
    this.#giveUp(new HcsClosedError({ operation, systemId, what: 'host' }));
  }

  unfinished(cause?: unknown) {
    const { operation, systemId, subscription } = this.#call;
    const elapsedMs = Math.round(performance.now() - this.#started);
    return { operation, systemId, elapsedMs, lastNotification: subscription?.()?.last, cause };
  }
}

/** Makes a native call and waits for its end, whatever it is. Rejects when it is given up or cannot be made. */
export function attempt<T>(call: Attempt<T>): Promise<T> {
  const { session, operation, systemId, options, must } = call;
  checkOptions(options);
  if (session.closed && !must) throw new HcsClosedError({ operation, systemId, what: 'host' });
  const waiting = new Waiting(call);
  if (options.signal?.aborted) throw new HcsAbortError(waiting.unfinished(options.signal.reason));
  return waiting.begin();
}

/** A call of a host's function. */
export interface Call<F extends CallableName> extends Omit<Attempt<Completion<F>>, 'begin' | 'operation' | 'must'> {
  readonly name: F;
  readonly input: Input<F>;
  /** Told the number of the call as soon as it has begun. */
  readonly begun?: (id: number) => void;
}

export function perform<F extends CallableName>(call: Call<F>): Promise<Completion<F>> {
  const { session, name, input, systemId, options, subscription, ended, late, begun } = call;
  session.require(name, systemId);
  const begin = (settle: (completion: Completion<F>) => void): number => {
    const id = session.backend.call(name, input, settle);
    begun?.(id);
    return id;
  };
  return attempt({ session, operation: name, systemId, options, begin, subscription, ended, late });
}

/** Waits for a call and turns its failure into an error. */
export async function run<F extends CallableName>(call: Call<F>): Promise<Completion<F>> {
  const completion = await perform(call);
  const error = failureOf(call, completion);
  if (error !== undefined) throw error;
  return completion;
}

/** The error of a completion, if it is one. */
export function failureOf<F extends CallableName>(
  call: { readonly name: F; readonly systemId?: string | undefined },
  completion: Completion<F>,
): HcsError | undefined {
  const { name: operation, systemId } = call;
  const { status, ending, notification, outputs } = completion;
  if (ending === Ending.closed || ending === Ending.cancelled || ending === Ending.abandoned) {
    return new HcsClosedError({ operation, systemId, what: 'system' });
  }
  if (ending === Ending.returned || notification === undefined) {
    if (!failed(status) || status === pending) return undefined;
    const { result } = outputs as { result?: string | null };
    return hostError({ operation, systemId, status, ...parseResult(result ?? null) });
  }
  const said = { operation, systemId, ...parseResult(notification.data) };
  const type = notificationType(notification.type);
  if (type === 'ServiceDisconnect') {
    const cause = hostError({ ...said, status: notification.status, operation: type });
    return hostError({ ...said, status: serviceDisconnect, cause: failed(notification.status) ? cause : undefined });
  }
  const ended = type === 'SystemExited' || type === 'ProcessExited';
  if (ended) {
    if (completesByExit.has(operation)) return undefined;
    return hostError({ ...said, status: failed(notification.status) ? notification.status : unexpectedExit });
  }
  return failed(notification.status) ? hostError({ ...said, status: notification.status }) : undefined;
}

// For these the exit is the purpose, whatever its status.
const completesByExit: ReadonlySet<string> = new Set([
  'HcsShutdownComputeSystem',
  'HcsTerminateComputeSystem',
  'HcsTerminateProcess',
]);

function checkOptions({ signal, timeoutMs }: OperationOptions): void {
  if (timeoutMs !== undefined && (typeof timeoutMs !== 'number' || !(timeoutMs > 0))) {
    throw new HcsArgumentError(
      'options.timeoutMs',
      `is ${String(timeoutMs)}`,
      'Pass milliseconds above 0, or Infinity.',
    );
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'is no AbortSignal', 'Pass the signal of an AbortController.');
  }
}
