/**
 * A compute system: a container or a virtual machine, from create to close.
 *
 * @module
 */
import type { CallableName, Completion, Input, SystemHandle } from './backend/backend.js';
import { Ending } from './backend/backend.js';
import type { HcsDocument } from './documents.js';
import { documentText, optionalDocumentText, parseDocument, parseResult } from './documents.js';
import {
  HcsClosedError,
  HcsDocumentError,
  HcsError,
  HcsSymbolError,
  HcsTimeoutError,
  hostError,
  isAlreadyStopped,
  isNotFound,
} from './errors.js';
import type { Notification, Receiver, Subscription } from './events.js';
import { isTerminal, NotificationQueue, toCrashReport } from './events.js';
import { defaultHost, sessionOf } from './host.js';
import type { HostOptions, Opened } from './opening.js';
import { checkId, checkNewId, openSystem } from './opening.js';
import { failed, failureOf, perform, run } from './operation.js';
import { describeStatus } from './result-codes.js';
import type { Session } from './session.js';
import { SystemEmitter } from './system-events.js';
import type { End, SystemExit } from './system-exit.js';
import { disconnected, ExitLatch, toExit } from './system-exit.js';
import type { LifecycleOptions, StopOptions, StopOutcome, SystemProperties, SystemQuery } from './system-options.js';
import { checkLimit } from './system-options.js';
import type { Call, OperationOptions } from './waiting.js';
import { admit, checkOptions, SystemClose } from './waiting.js';

type LifecycleFunction =
  | 'HcsStartComputeSystem'
  | 'HcsPauseComputeSystem'
  | 'HcsResumeComputeSystem'
  | 'HcsSaveComputeSystem'
  | 'HcsShutdownComputeSystem'
  | 'HcsTerminateComputeSystem';

// How long the exit notification may take after the host has said that the system has stopped.
const lostExitMs = 1000;

/**
 * A compute system that is open here.
 *
 * Notifications never keep the process alive, calls in flight do; `ref()` makes the system do so until it ends. A system
 * that somebody listens to, or whose `exited` was asked for, is kept from garbage collection until it ends or is closed.
 *
 * @example
 * await using system = await ComputeSystem.create('web', document);
 * system.on('exit', ({ status }) => console.log('ended', status));
 * await system.start();
 * await system.stop({ graceMs: 5000 });
 */
export class ComputeSystem extends SystemEmitter {
  readonly id: string;
  readonly #session: Session;
  readonly #handle: SystemHandle;
  readonly #subscription: Subscription;
  readonly #queues = new Set<NotificationQueue>();
  readonly #shutdowns = new Set<number>();
  readonly #end = new ExitLatch();
  readonly #receiver: Receiver = {
    receive: (notification) => this.#receive(notification),
    close: () => this.close(),
  };
  #refusal: Notification | undefined;
  #lastWord: Notification | undefined;
  #saidToHaveStopped = false;
  #close: SystemClose | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;
  #held = false;

  private constructor(id: string, opened: Opened) {
    super();
    this.id = id;
    this.#session = opened.session;
    this.#handle = opened.handle;
    this.#subscription = opened.subscription;
    this.#subscription.attach(this.#receiver);
    this.#session.own(this, this.#handle);
  }

  /**
   * Creates a system from a document of schema 1 or 2, which is passed on unchanged. One that is given up on is
   * terminated and closed when the host is done with it.
   */
  static async create(id: string, document: HcsDocument, options: HostOptions = {}): Promise<ComputeSystem> {
    const input = { id: checkNewId(id), configuration: documentText(document, 'document') };
    return openSystem('HcsCreateComputeSystem', input, options, (opened) => new ComputeSystem(id, opened));
  }

  /** Opens a system that exists. */
  static async open(id: string, options: HostOptions = {}): Promise<ComputeSystem> {
    const input = { id: checkId(id), configuration: '' };
    return openSystem('HcsOpenComputeSystem', input, options, (opened) => new ComputeSystem(id, opened));
  }

  /** The basic properties of the systems that exist, or of those that a query asks for. */
  static async list(query: SystemQuery | string = {}, options: HostOptions = {}): Promise<SystemProperties[]> {
    const name = 'HcsEnumerateComputeSystems';
    checkOptions(options);
    const text = documentText(query, 'query');
    const session = sessionOf(options.host ?? (await defaultHost()), name);
    const { outputs } = await run({ session, name, input: { query: text }, options });
    const parsed = parseDocument(outputs.computeSystems);
    if (Array.isArray(parsed)) return parsed as SystemProperties[];
    throw new HcsDocumentError({ operation: name, what: 'list of systems', text: outputs.computeSystems });
  }

  /** Starts a created system; fulfilled when it runs. */
  async start(options: LifecycleOptions = {}): Promise<void> {
    await this.#lifecycle('HcsStartComputeSystem', options);
  }

  /**
   * Asks the guest to shut down; fulfilled when the host says that this is done, as a rule by the exit itself. A guest
   * may refuse, or never answer: see stop().
   */
  async shutdown(options: LifecycleOptions = {}): Promise<void> {
    await this.#endBy('HcsShutdownComputeSystem', options);
  }

  /** Ends the system by force; fulfilled when the host says that it has ended, at once if it had. */
  async terminate(options: LifecycleOptions = {}): Promise<void> {
    await this.#endBy('HcsTerminateComputeSystem', options);
  }

  async pause(options: LifecycleOptions = {}): Promise<void> {
    await this.#lifecycle('HcsPauseComputeSystem', options);
  }

  async resume(options: LifecycleOptions = {}): Promise<void> {
    await this.#lifecycle('HcsResumeComputeSystem', options);
  }

  /** Saves a paused system, to the file or template that the options document names. */
  async save(options: LifecycleOptions = {}): Promise<void> {
    await this.#lifecycle('HcsSaveComputeSystem', options);
  }

  /**
   * Properties of the system: the basic ones, or those asked for, by name or by a query document.
   *
   * @example
   * const { Statistics } = await system.properties(['Statistics']);
   */
  async properties(query?: readonly string[] | HcsDocument, options: OperationOptions = {}): Promise<SystemProperties> {
    const name = 'HcsGetComputeSystemProperties';
    const asked = Array.isArray(query)
      ? { PropertyTypes: query as readonly string[] }
      : (query as HcsDocument | undefined);
    const propertyQuery = documentText(asked ?? {}, 'query');
    const { outputs } = await run(this.#call(name, { computeSystem: this.#handle, propertyQuery }, options));
    const parsed = parseDocument(outputs.properties);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as SystemProperties;
    throw new HcsDocumentError({ operation: name, systemId: this.id, what: 'properties', text: outputs.properties });
  }

  /** Changes a resource of the system, by a request document of schema 1 or 2. */
  async modify(request: HcsDocument, options: OperationOptions = {}): Promise<void> {
    const configuration = documentText(request, 'request');
    await run(this.#call('HcsModifyComputeSystem', { computeSystem: this.#handle, configuration }, options));
  }

  /**
   * Ends the system, by shutdown and then by force, in a bounded time. A host that fails or hangs is no error here:
   * the outcome says what was reached.
   *
   * @throws {@link HcsSymbolError} when the host has no terminate, and {@link HcsClosedError} when the system is closed
   */
  async stop(options: StopOptions = {}): Promise<StopOutcome> {
    checkOptions(options as OperationOptions);
    const { graceMs = 30_000, forceMs = 30_000 } = options;
    checkLimit('graceMs', graceMs);
    checkLimit('forceMs', forceMs);
    this.#checkOpen('stop');
    if (await this.#endsBy('shutdown', graceMs)) return 'stopped';
    if (await this.#endsBy('terminate', forceMs)) return this.#saidToHaveStopped ? 'stopped' : 'terminated';
    return 'abandoned';
  }

  /**
   * How the system ended. Pending while it has not; rejects when the service goes away or the system is closed first.
   * Waiting for it does not keep the process alive, see ref().
   */
  get exited(): Promise<SystemExit> {
    this.observe();
    return this.#end.promise;
  }

  /**
   * Every notification from here on, in order, known kind or not. Ends after the system has ended, the service has gone
   * away, or the system is closed. What is not read is kept in memory.
   */
  notifications(): AsyncIterableIterator<Notification> {
    const queue = new NotificationQueue((leaving) => this.#queues.delete(leaving));
    if (this.#end.ended) {
      if (this.#lastWord !== undefined) queue.push(this.#lastWord);
      queue.end();
    } else {
      this.#queues.add(queue);
      this.observe();
    }
    return queue;
  }

  /** Makes the system keep the process alive until it ends, is closed, or unref() is called. */
  ref(): this {
    if (!this.#held && !this.#end.ended) {
      this.#held = true;
      this.#session.backend.hold();
    }
    return this;
  }

  unref(): this {
    if (this.#held) this.#session.backend.unhold();
    this.#held = false;
    return this;
  }

  /**
   * Gives the system back to the host, which ends it only if its document asked for that. Calls under way that wait for
   * a notification reject; one that is inside the host is waited for. Closing twice is closing once.
   */
  close(options: OperationOptions = {}): Promise<void> {
    this.#closing ??= this.#giveBack(options).catch((error: unknown) => {
      this.#closing = undefined; // a failed close may be tried again
      throw error;
    });
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #giveBack(options: OperationOptions): Promise<void> {
    const operation = 'HcsCloseComputeSystem';
    admit(operation, this.id, options); // what is refused changes nothing
    this.#closed = true;
    this.#finish({ error: () => this.#closedError('exited') });
    if (this.#session.ended) return; // the host has taken everything with it
    if (this.#close === undefined || failed(this.#close.status ?? 0)) {
      this.#close = new SystemClose(this.#session, this.#handle);
    }
    const status = this.#close.status ?? (await this.#close.wait(this.#session, this.id, this.#subscription, options));
    this.#session.unsubscribe(this.#handle);
    this.#session.disown(this);
    if (!failed(status)) return;
    // A handle that the host no longer knows needs no closing.
    const { class: kind } = describeStatus(status);
    if (kind !== 'invalidHandle' && kind !== 'serviceGone') throw hostError({ operation, systemId: this.id, status });
  }

  // The first end counts. Waiters are told, and nobody keeps the system or the process for it any longer.
  #finish(end: End): void {
    if (this.#end.end(end) && this.#end.exited && this.listenerCount('exit') > 0) this.tell('exit', this.#end.exit);
    this.unref();
    this.#subscription.keep(undefined);
    for (const queue of [...this.#queues]) queue.end();
  }

  // Somebody listens: the system stays until it has ended.
  protected observe(): void {
    if (!this.#end.ended) this.#subscription.keep(this.#receiver);
  }

  #closedError(operation: string): HcsClosedError {
    return new HcsClosedError({ operation, systemId: this.id, what: 'system' });
  }

  #checkOpen(operation: string): void {
    if (this.#closed) throw this.#closedError(operation);
  }

  #call<F extends CallableName>(name: F, input: Input<F>, options: OperationOptions): Call<F> {
    this.#checkOpen(name);
    return { session: this.#session, name, input, systemId: this.id, options, subscription: this.#subscription };
  }

  #lifecycleCall(name: LifecycleFunction, options: LifecycleOptions): Call<LifecycleFunction> {
    checkOptions(options);
    const input = { computeSystem: this.#handle, options: optionalDocumentText(options.options, 'options.options') };
    return this.#call(name, input, options);
  }

  async #lifecycle(name: LifecycleFunction, options: LifecycleOptions): Promise<void> {
    await run(this.#lifecycleCall(name, options));
  }

  // Shutdown and terminate have nothing left to do when the system has ended, whoever says so.
  async #endBy(
    name: 'HcsShutdownComputeSystem' | 'HcsTerminateComputeSystem',
    options: LifecycleOptions,
  ): Promise<void> {
    const call = this.#lifecycleCall(name, options);
    if (this.#end.exited) return;
    let id = 0;
    const begun = (begunId: number): void => {
      id = begunId;
      if (name === 'HcsShutdownComputeSystem') this.#shutdowns.add(id);
    };
    const completion = await perform({ ...call, begun }).finally(() => this.#shutdowns.delete(id));
    const error = this.#refusalOf(name, completion) ?? failureOf(call, completion);
    if (error === undefined) return;
    if (!isAlreadyStopped(error) && !isNotFound(error)) throw error;
    this.#saidToHaveStopped = true;
    setTimeout(() => {
      this.#finish({ exit: () => ({ status: 0, attribution: [], inferred: true }) });
    }, lostExitMs).unref();
  }

  #refusalOf(operation: LifecycleFunction, { ending }: Completion<LifecycleFunction>): HcsError | undefined {
    const refusal = this.#refusal;
    if (ending !== Ending.abandoned || refusal === undefined) return undefined;
    const { status, data } = refusal;
    return hostError({ operation, systemId: this.id, status, ...parseResult(data ?? null) });
  }

  // Only the exit, or the host's word that there is nothing left to end, means that it has. A shutdown that is refused
  // needs no more waiting; after terminate the exit may come all the same.
  async #endsBy(verb: 'shutdown' | 'terminate', limitMs: number): Promise<boolean> {
    if (limitMs === 0) return this.#end.exited;
    const deadline = performance.now() + limitMs;
    try {
      await this[verb]({ timeoutMs: limitMs });
    } catch (error) {
      if (error instanceof HcsClosedError || !(error instanceof HcsError)) throw error;
      const last = verb === 'terminate';
      if (error instanceof HcsSymbolError && last) throw error;
      if (!(error instanceof HcsTimeoutError || last)) return this.#end.exited;
    }
    return this.#saidToHaveStopped || this.#end.within(deadline - performance.now());
  }

  #receive(notification: Notification): void {
    if (this.#closed) return;
    if (isTerminal(notification.type)) this.#lastWord ??= notification;
    for (const queue of this.#queues) queue.push(notification);
    this.tell('notification', notification);
    switch (notification.type) {
      case 'SystemExited':
        this.#finish({ exit: () => toExit(notification, this.id) });
        break;
      case 'ServiceDisconnect':
        this.tell('disconnect', notification);
        this.#finish({ error: () => disconnected(this.id) });
        break;
      case 'SystemCrashReport':
      case 'SystemCrashInitiated':
        this.tell('crash', toCrashReport(notification));
        break;
      case 'SystemShutdownFailed':
        this.#refuse(notification);
        break;
    }
  }

  // The host sends this number for a shutdown that succeeded as well; the exit tells of that one.
  #refuse(notification: Notification): void {
    if (!failed(notification.status)) return;
    this.#refusal = notification;
    for (const call of this.#shutdowns) this.#session.backend.abandon(call, this.#handle);
  }
}
