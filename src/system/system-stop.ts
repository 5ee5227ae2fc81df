/**
 * How a system is ended: by shutdown, by terminate, or by one and then the other in a bounded time.
 *
 * @module
 */
import type { Completion, SystemHandle } from '../backend/backend.js';
import { Ending } from '../backend/backend.js';
import { optionalDocumentText } from '../documents/document-text.js';
import { parseResult } from '../documents/result-document.js';
import {
  HcsAbortError,
  HcsClosedError,
  HcsError,
  HcsSymbolError,
  HcsTimeoutError,
  hostError,
  isAlreadyStopped,
  isNotFound,
} from '../errors/errors.js';
import type { Notification } from '../host/notification.js';
import type { Lifetime } from '../host/handle-lifetime.js';
import type { OperationOptions } from '../host/operation-options.js';
import { limitsOf, readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { failureOf, perform } from '../host/operation.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { remaining } from '../host/waits/deadlines.js';
import { failed } from '../errors/result-codes.js';
import type { SystemExit } from './system-exit.js';
import type { ShutdownDocument } from './guest-shutdown.js';
import type { LifecycleOptions, StopOptions, StopOutcome } from './system-options.js';
import { checkLimit } from './system-options.js';
import type { Call } from '../host/pending-call.js';

export type LifecycleFunction =
  | 'HcsStartComputeSystem'
  | 'HcsPauseComputeSystem'
  | 'HcsResumeComputeSystem'
  | 'HcsSaveComputeSystem'
  | 'HcsCrashComputeSystem'
  | 'HcsShutdownComputeSystem'
  | 'HcsTerminateComputeSystem';

type EndingFunction = 'HcsShutdownComputeSystem' | 'HcsTerminateComputeSystem';

// How long the exit notification may take after the host has answered that the system has stopped.
const lostExitMs = 1000;

/** A call that takes a system and an options document. */
export function lifecycleCall(
  life: Lifetime<SystemExit>,
  name: LifecycleFunction,
  options: LifecycleOptions,
): Call<LifecycleFunction> {
  options = readOperationOptions(options, ['options']);
  const computeSystem = life.handle as SystemHandle;
  return life.call(name, { computeSystem, options: optionalDocumentText(options.options, 'options.options') }, options);
}

/** Which options the shutdown of a system needs; a promise where the host is asked. */
export type ShutdownOf = (options: OperationOptions) => ShutdownDocument | Promise<ShutdownDocument>;

/** Of a system whose document is known. A function of its own: it keeps nothing else from collection. */
export function knownShutdown(document: ShutdownDocument): ShutdownOf {
  return () => document;
}

/** Ends one system. */
export class SystemEnding {
  readonly #life: Lifetime<SystemExit>;
  readonly #shutdownOf: ShutdownOf;
  #shutdowns: Set<number> | undefined;
  #refusal: Notification | undefined;
  #reportedStopped = false;

  constructor(life: Lifetime<SystemExit>, shutdownOf: ShutdownOf) {
    this.#life = life;
    this.#shutdownOf = shutdownOf;
  }

  /** By shutdown or terminate; a system that has ended already is not an error. */
  async by(name: EndingFunction, options: LifecycleOptions): Promise<void> {
    // Throws for what is not valid before the host is asked for anything.
    const given = lifecycleCall(this.#life, name, options);
    if (this.#life.end.exited) return;
    const chosen = name === 'HcsShutdownComputeSystem' && given.input.options === null;
    const made = chosen ? this.#shutdownCall(given.options) : given;
    const call = made instanceof Promise ? await made : made;
    if (call === undefined) return;
    const completion = await (name === 'HcsShutdownComputeSystem' ? this.#shutdown(call) : perform(call));
    const error = this.#refusalOf(name, completion) ?? failureOf(call, completion);
    if (error === undefined) return;
    if (!isAlreadyStopped(error) && !isNotFound(error)) throw error;
    this.reportStopped();
  }

  async #shutdown(call: Call<LifecycleFunction>): Promise<Completion<LifecycleFunction>> {
    let id = 0;
    const started = (call: number): void => {
      id = call;
      (this.#shutdowns ??= new Set()).add(id);
    };
    try {
      return await perform({ ...call, started });
    } finally {
      this.#shutdowns?.delete(id);
    }
  }

  /** The host answers that the system has stopped: an exit that does not arrive is inferred. */
  reportStopped(exitType?: string): void {
    if (this.#reportedStopped || this.#life.end.ended) return;
    this.#reportedStopped = true;
    setTimeout(() => {
      const exit = { status: 0, attribution: [], ...(exitType !== undefined && { exitType }), inferred: true } as const;
      this.#life.finish({ exit: () => exit });
    }, lostExitMs).unref();
  }

  // A promise where the host is asked; undefined when the system has ended meanwhile.
  #shutdownCall(options: OperationOptions): Call<LifecycleFunction> | Promise<Call<LifecycleFunction> | undefined> {
    const begun = performance.now();
    const call = (document: ShutdownDocument): Call<LifecycleFunction> =>
      lifecycleCall(this.#life, 'HcsShutdownComputeSystem', {
        ...remaining(options, begun),
        ...(document !== undefined && { options: document }),
      });
    const needed = this.#shutdownOf(limitsOf(options));
    if (!(needed instanceof Promise)) return call(needed);
    return needed.then((document) => (this.#life.end.exited ? undefined : call(document)));
  }

  /** By shutdown and then by force, each in a bounded time. */
  async stop(options: StopOptions): Promise<StopOutcome> {
    options = readOperationOptions(options, ['graceMs', 'forceMs']);
    const { graceMs = 30_000, forceMs = 30_000, signal, timeoutMs = Infinity } = options;
    checkLimit('graceMs', graceMs);
    checkLimit('forceMs', forceMs);
    const { subject, subscription } = this.#life;
    this.#life.checkOpen('stop');
    throwIfAborted('stop', subject, options);
    // Ends the step at hand when the caller's limits do, so that no further one follows.
    const ended = new AbortController();
    try {
      const outcome = this.#stopWithin(graceMs, forceMs, ended.signal);
      return await boundedWait(outcome, 'stop', subject, subscription, { ...(signal && { signal }), timeoutMs });
    } finally {
      ended.abort();
    }
  }

  async #stopWithin(graceMs: number, forceMs: number, ended: AbortSignal): Promise<StopOutcome> {
    if (await this.#within('HcsShutdownComputeSystem', graceMs, ended)) return 'stopped';
    if (await this.#within('HcsTerminateComputeSystem', forceMs, ended)) {
      return this.#reportedStopped ? 'stopped' : 'terminated';
    }
    return 'abandoned';
  }

  /** The host sends this notification for a successful shutdown, too; that one ends with the exit. */
  shutdownFailed(notification: Notification): void {
    if (!failed(notification.status)) return;
    this.#refusal = notification;
    const { session, handle } = this.#life;
    for (const call of this.#shutdowns ?? []) session.backend.abandon(call, handle);
  }

  #refusalOf(operation: EndingFunction, { ending }: Completion<LifecycleFunction>): HcsError | undefined {
    const refusal = this.#refusal;
    if (ending !== Ending.abandoned || refusal === undefined) return undefined;
    const { status, data } = refusal;
    return hostError({ operation, ...this.#life.subject, status, ...parseResult(data ?? null) });
  }

  // It has ended when its exit arrives, or when the host answers that it has stopped. After a refused shutdown there is
  // nothing to wait for; after a failed terminate the exit may still come.
  async #within(name: EndingFunction, limitMs: number, signal: AbortSignal): Promise<boolean> {
    if (limitMs === 0) return this.#life.end.exited;
    const deadline = performance.now() + limitMs;
    try {
      await this.by(name, { timeoutMs: limitMs, signal });
    } catch (error) {
      if (error instanceof HcsClosedError || !(error instanceof HcsError)) throw error;
      if (error instanceof HcsAbortError) throw error;
      const last = name === 'HcsTerminateComputeSystem';
      if (error instanceof HcsSymbolError && last) throw error;
      if (!(error instanceof HcsTimeoutError || last)) return this.#life.end.exited;
    }
    return this.#reportedStopped || this.#life.end.within(deadline - performance.now(), signal);
  }
}
