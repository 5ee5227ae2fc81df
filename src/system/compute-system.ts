/**
 * A compute system: a container or a virtual machine, from create to close.
 *
 * This folder has systems and what belongs to them: ids, options, schema versions, and how they end. It imports host
 * and process, and all of it runs on the JavaScript thread.
 *
 * @module
 */
import type { ModifyRequest, SystemDocument } from '../../types/documents.js';
import type * as Schema2 from '../../types/schema2/index.js';
import type { Input, OperationExtras, SystemHandle } from '../backend/backend.js';
import { NumberMap } from '../number-map.js';
import type { HcsDocument } from '../documents/document-text.js';
import { documentText, parseDocument } from '../documents/document-text.js';
import { printJson } from '../documents/json.js';
import { HcsArgumentError, HcsDocumentError } from '../errors/errors.js';
import type { CrashReport, Notification } from '../host/notification.js';
import type { Subscription } from '../host/subscription.js';
import { toCrashReport } from '../host/notification.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { LifetimeCallbacks } from '../host/handle-lifetime.js';
import { Lifetime } from '../host/handle-lifetime.js';
import type { HostOptions, Opened, OpeningFunction } from '../host/open-handle.js';
import { openHandle } from '../host/open-handle.js';
import { run } from '../host/operation.js';
import { serviceDisconnectError } from '../host/service-disconnect.js';
import type { ProcessParent } from '../process/process-parent.js';
import { ProcessRunner } from '../process/process-runner.js';
import type { GuestOs } from '../process/process-parameters.js';
import type { LifecycleFunction, ShutdownOf } from './system-stop.js';
import { knownShutdown, lifecycleCall, SystemEnding } from './system-stop.js';
import { shutdownOfOpened } from './guest-shutdown.js';
import type { SystemExit } from './system-exit.js';
import { toExit } from './system-exit.js';
import { Migration } from './migration.js';
import { readResources } from './operation-resources.js';
import { checkId, checkNewId, inNamespace } from './system-id.js';
import type {
  AnyProperties,
  CreateOptions,
  LifecycleOptions,
  ModifyOptions,
  ProcessListEntry,
  SaveOptions,
  StopOptions,
  StopOutcome,
  SystemHostOptions,
  SystemProperties,
  SystemPropertyType,
  SystemQuery,
} from './system-options.js';
import { callerDocument, modificationText, newSystemText } from './system-document.js';
import type { OperationOptions } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { remaining } from '../host/waits/deadlines.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';

declare module '../process/process-parent.js' {
  interface ParentSystem extends ComputeSystem {
    readonly id: string;
  }
}

/** Of `HCS_OPERATION_OPTIONS`: how far it is. */
const eventsOfProgress = 1;

/** The events of a system, with the arguments of their listeners. */
export interface SystemEvents {
  exit: [exit: SystemExit];
  crash: [report: CrashReport];
  disconnect: [notification: Notification];
  notification: [notification: Notification];
}

/**
 * A compute system that is open here.
 *
 * Calls in flight keep Node running, notifications do not; after `ref()` the system does until it has ended. A system
 * that has listeners, or an iterator that has not returned, or whose `exited` was read, is kept from garbage collection until
 * it has ended or is closed.
 *
 * @example
 * await using system = await ComputeSystem.create('web', document);
 * system.on('exit', ({ status }) => console.log('ended', status));
 * await system.start();
 * await system.stop({ graceMs: 5000 });
 */
export class ComputeSystem extends ProcessRunner<SystemEvents, SystemExit> {
  static readonly #callbacks: LifetimeCallbacks<Notification, ComputeSystem> = {
    receive: (notification, system) => system.#receive(notification),
    ended: (system) => system.#ended(),
    closing: () => undefined,
  };

  readonly id: string;
  readonly #life: Lifetime<SystemExit>;
  #parent: ProcessParent | undefined;
  readonly #children = new NumberMap<Subscription>();
  readonly #ending: SystemEnding;
  #guestOs: Promise<GuestOs> | undefined;
  #migration: Migration | undefined;

  private constructor(id: string, opened: Opened, shutdownOf?: ShutdownOf) {
    const life = new Lifetime<SystemExit>(opened);
    super(life);
    this.id = id;
    this.#life = life;
    this.#ending = new SystemEnding(life, shutdownOf ?? ((options) => shutdownOfOpened(this, options)));
    life.begin(this, ComputeSystem.#callbacks);
  }

  /** @internal */
  protected get processParent(): ProcessParent {
    return (this.#parent ??= {
      system: this,
      life: this.#life,
      children: this.#children,
      guestOs: (options) => this.#queryGuestOs(options),
    });
  }

  /**
   * Creates a system from a document of schema 1 or 2, which is validated first, as `validate` says. A document without
   * `SchemaVersion` gets the newest that the host supports; JSON text is passed on unchanged. When the call times out or is
   * cancelled, the system is terminated and closed once it has been created.
   *
   * @throws {@link HcsValidationError} when the document is not valid
   */
  static async create(
    id: string,
    document: SystemDocument | string,
    options: CreateOptions = {},
  ): Promise<ComputeSystem> {
    checkNewId(id);
    const started = performance.now();
    const given = callerDocument(document);
    options = readOperationOptions(options, ['host', 'idNamespace', 'resources', 'validate']);
    const operation = readResources(options.resources);
    const { name, scope } = inNamespace('HcsCreateComputeSystem', options);
    throwIfAborted(name, { systemId: id }, options);
    const { host = await defaultHost() } = options;
    const session = sessionOf(host, name);
    session.require(name, { systemId: id });
    if (operation !== undefined) {
      session.requireForOperations('computecore.HcsAddResourceToOperation', name, { systemId: id });
    }
    const current = options.host === undefined ? { ...given, unchanged: undefined } : given;
    const ready = newSystemText(id, current, session, options, started);
    const configuration = typeof ready === 'string' ? ready : await ready;
    const { shutdown } = given;
    const rest = { ...remaining(options, started), host };
    const input = { ...scope, id, configuration };
    return this.#openThrough(name, id, input, rest, knownShutdown(shutdown), operation);
  }

  /** Opens an existing system. */
  static async open(id: string, options: SystemHostOptions = {}): Promise<ComputeSystem> {
    checkId(id);
    options = readOperationOptions(options, ['host', 'idNamespace']);
    const { name, scope } = inNamespace('HcsOpenComputeSystem', options);
    return this.#openThrough(name, id, { ...scope, id }, options);
  }

  static async #openThrough<F extends OpeningFunction>(
    name: F,
    id: string,
    input: Input<F>,
    options: HostOptions,
    shutdownOf?: ShutdownOf,
    operation?: OperationExtras,
  ): Promise<ComputeSystem> {
    throwIfAborted(name, { systemId: id }, options);
    const { host = await defaultHost() } = options;
    const session = sessionOf(host, name);
    const make = (opened: Opened): ComputeSystem => new ComputeSystem(id, opened, shutdownOf);
    return openHandle({ session, name, input, subject: { systemId: id }, options, make, operation });
  }

  /** The basic properties of the systems that exist, or of those that a query asks for. */
  static async list(query: SystemQuery | string = {}, options: SystemHostOptions = {}): Promise<SystemProperties[]> {
    options = readOperationOptions(options, ['host', 'idNamespace']);
    const { name, scope } = inNamespace('HcsEnumerateComputeSystems', options);
    const text = documentText(query, 'query');
    throwIfAborted(name, {}, options);
    const { host = await defaultHost() } = options;
    const session = sessionOf(host, name);
    const { outputs } = await run({ session, name, input: { ...scope, query: text }, options });
    const parsed = parseDocument(outputs.computeSystems);
    if (Array.isArray(parsed)) return parsed as SystemProperties[];
    throw new HcsDocumentError({ operation: name, what: 'list of systems', text: outputs.computeSystems });
  }

  /** Starts a created system. Fulfils when it runs. */
  async start(options: LifecycleOptions<Schema2.StartOptions> = {}): Promise<void> {
    await this.#lifecycle('HcsStartComputeSystem', options);
  }

  /**
   * Asks the guest to shut down. Fulfils when the host reports that it has, usually by the exit. A guest may refuse, or never
   * respond: see stop().
   *
   * Without `options.options` the call is the one that the system needs: a virtual machine without `GuestConnection` is shut
   * down by its integration service, everything else without options. For a system that was opened, the host is asked.
   */
  async shutdown(options: LifecycleOptions<Schema2.ShutdownOptions> = {}): Promise<void> {
    await this.#ending.by('HcsShutdownComputeSystem', options);
  }

  /** Ends the system by force. Fulfils when the host reports that it has ended, at once if it had. */
  async terminate(options: LifecycleOptions = {}): Promise<void> {
    await this.#ending.by('HcsTerminateComputeSystem', options);
  }

  /** Pauses a running system. Fulfils when it is paused. */
  async pause(options: LifecycleOptions<Schema2.PauseOptions> = {}): Promise<void> {
    await this.#lifecycle('HcsPauseComputeSystem', options);
  }

  /** Resumes a paused system. Fulfils when it runs. */
  async resume(options: LifecycleOptions = {}): Promise<void> {
    await this.#lifecycle('HcsResumeComputeSystem', options);
  }

  /** Saves a paused system to the file or template that the options document names. */
  async save(options: SaveOptions = {}): Promise<void> {
    const name = 'HcsSaveComputeSystem';
    const { onProgress, ...rest } = readOperationOptions(options, ['options', 'onProgress']);
    if (onProgress === undefined) return this.#lifecycle(name, rest);
    if (typeof onProgress !== 'function') {
      throw new HcsArgumentError('options.onProgress', 'must be a function', onProgress);
    }
    const call = lifecycleCall(this.#life, name, rest);
    const { session, subject } = this.#life;
    session.requireForOperations('computecore.HcsCreateOperationWithNotifications', name, subject);
    // A system is saved once at a time: a second save is refused while one is under way.
    this.on('notification', report);
    function report(notification: Notification): void {
      if (notification.type === 'GroupOperationInfo') onProgress!(notification);
    }
    try {
      await run({ ...call, operation: { eventTypes: eventsOfProgress } });
    } finally {
      this.off('notification', report);
    }
  }

  /** The live migration of this virtual machine, as its source or as its destination. */
  get migration(): Migration {
    return (this.#migration ??= new Migration(this.#life, () => this.notifications({ types: ['GroupLiveMigration'] })));
  }

  /**
   * Crashes the guest of a virtual machine on demand, for its dump: `crash` and `exit` follow. On a host that was opened with
   * `api: 'computecore'`.
   *
   * @throws {@link HcsSymbolError} when this host cannot
   */
  async crash(options: LifecycleOptions<Schema2.CrashOptions> = {}): Promise<void> {
    await this.#lifecycle('HcsCrashComputeSystem', options);
  }

  /**
   * Waits until the system has exited, within the limits of this call; no thread waits. `exited` is the same without limits.
   *
   * @example
   * await system.terminate();
   * const { status, exitType } = await system.waitForExit({ timeoutMs: 60_000 });
   */
  async waitForExit(options: OperationOptions = {}): Promise<SystemExit> {
    options = readOperationOptions(options);
    const { subject, subscription } = this.#life;
    throwIfAborted('waitForExit', subject, options);
    return boundedWait(this.exited, 'waitForExit', subject, subscription, options);
  }

  /**
   * Properties of the system: the basic ones, and those that are requested by name. Undefined where the host has no value.
   *
   * @example
   * const { Statistics } = await system.properties(['Statistics']);
   */
  async properties<const T extends SystemPropertyType = never>(
    types?: readonly T[],
    options?: OperationOptions,
  ): Promise<SystemProperties<T>>;
  /** The same by a query document, or its JSON text. */
  async properties(query: Schema2.System_PropertyQuery | string, options?: OperationOptions): Promise<AnyProperties>;
  async properties(
    query: readonly string[] | HcsDocument = {},
    options: OperationOptions = {},
  ): Promise<AnyProperties> {
    const name = 'HcsGetComputeSystemProperties';
    options = readOperationOptions(options);
    const asked = Array.isArray(query) ? { PropertyTypes: query as readonly string[] } : query;
    const propertyQuery = documentText(asked, 'query');
    const { outputs } = await run(this.#life.call(name, { computeSystem: this.#handle, propertyQuery }, options));
    const parsed = parseDocument(outputs.properties);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      const { State, Stopped, ExitType } = parsed as { State?: unknown; Stopped?: unknown; ExitType?: unknown };
      if (State === 'Stopped' || Stopped === true) {
        this.#ending.reportStopped(typeof ExitType === 'string' ? ExitType : undefined);
      }
      return parsed;
    }
    throw new HcsDocumentError({ operation: name, systemId: this.id, what: 'properties', text: outputs.properties });
  }

  /** The processes that run in the system. */
  async processes(options: OperationOptions = {}): Promise<ProcessListEntry[]> {
    const { ProcessList } = await this.properties(['ProcessList'], options);
    if (Array.isArray(ProcessList)) return ProcessList as ProcessListEntry[];
    const text = printJson(ProcessList) ?? null;
    throw new HcsDocumentError({
      operation: 'HcsGetComputeSystemProperties',
      systemId: this.id,
      what: 'ProcessList',
      text,
    });
  }

  // Queried once, when it is first needed; each caller waits within its own deadline.
  #queryGuestOs(options: OperationOptions): Promise<GuestOs> {
    this.#guestOs ??= this.properties().then(
      ({ RuntimeOsType }) => (RuntimeOsType === 'Linux' ? 'Linux' : 'Windows'),
      (error: unknown) => {
        this.#guestOs = undefined;
        throw error;
      },
    );
    const { subject, subscription } = this.#life;
    return boundedWait(this.#guestOs, 'HcsGetComputeSystemProperties', subject, subscription, options);
  }

  /**
   * Modifies a resource of the system, by a request document of schema 1 or 2, which is validated first, as `validate` says.
   *
   * @throws {@link HcsValidationError} when the request is not valid
   * @example
   * await system.modify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: 512 });
   */
  async modify<const P extends string = string>(
    request: ModifyRequest<P> | string,
    options: ModifyOptions = {},
  ): Promise<void> {
    const name = 'HcsModifyComputeSystem';
    options = readOperationOptions(options, ['validate']);
    this.#life.checkOpen(name);
    throwIfAborted(name, this.#life.subject, options);
    const started = performance.now();
    const ready = modificationText(request, this.#life.session, options);
    const configuration = typeof ready === 'string' ? ready : await ready;
    const input = { computeSystem: this.#handle, configuration };
    await run(this.#life.call(name, input, remaining(options, started)));
  }

  /**
   * Ends the system in a bounded time: by shutdown, then by force. A host that fails or hangs is not an error here, the outcome
   * tells what was reached.
   *
   * @throws {@link HcsSymbolError} when the host cannot terminate systems
   * @throws {@link HcsClosedError} when the system is closed
   */
  async stop(options: StopOptions = {}): Promise<StopOutcome> {
    return this.#ending.stop(options);
  }

  /** Id, state and how many of its processes are open here; its exit, when it has exited. */
  toJSON(): object {
    const { end, state } = this.#life;
    const members = { id: this.id, state, processes: this.#children.size };
    if (!end.exited) return members;
    const { status, exitType } = end.exit;
    return { ...members, exit: { status, ...(exitType !== undefined && { exitType }) } };
  }

  get #handle(): SystemHandle {
    return this.#life.handle as SystemHandle;
  }

  #ended(): void {
    if (this.#life.end.exited && this.dispatches('exit')) this.dispatch('exit', this.#life.end.exit);
    this.endNotifications();
    // After a close nothing is known of them. Those of a machine that goes on elsewhere have not ended.
    if (!this.#life.closed && this.#migration?.handedOver !== true)
      for (const child of this.#children.values()) child.receiver?.parentEnded(this.#life.end.exited);
  }

  async #lifecycle(name: LifecycleFunction, options: LifecycleOptions): Promise<void> {
    await run(lifecycleCall(this.#life, name, options));
  }

  #receive(notification: Notification): void {
    this.dispatchNotification(notification);
    switch (notification.type) {
      case 'GroupLiveMigration':
        this.migration.receiveNotification(notification);
        break;
      case 'SystemExited':
        this.#life.finish({ exit: () => toExit(notification, this.id) });
        break;
      case 'ServiceDisconnect':
        this.dispatch('disconnect', notification);
        this.#life.finish({ error: () => serviceDisconnectError({ systemId: this.id }) });
        break;
      case 'SystemCrashReport':
      case 'SystemCrashInitiated':
        this.dispatch('crash', toCrashReport(notification));
        break;
      case 'SystemShutdownFailed':
        this.#ending.shutdownFailed(notification);
        break;
    }
  }
}
