/**
 * The live migration of a virtual machine: its steps on either side, and each side as a whole.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import type { CallableName, Input, SystemHandle } from '../backend/backend.js';
import { optionalDocumentText, parseDocument } from '../documents/document-text.js';
import { HcsArgumentError, HcsError, isInvalidState } from '../errors/errors.js';
import type { Lifetime } from '../host/handle-lifetime.js';
import type { Notification } from '../host/notification.js';
import { run } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import { readResourceHandle } from './operation-resources.js';
import type { SystemExit } from './system-exit.js';
import type { LifecycleOptions } from './system-options.js';

/** Where the host looks for the socket. */
const socketUri = 'hcs:/VirtualMachine/LiveMigrationSocket';
const socketType = 4;

/** How long the cancel may take after a failure, whatever limits the migration had. */
const cancelLimitMs = 10_000;

/** Options of the start of a migration, on either side. */
export interface MigrationStart extends OperationOptions {
  /**
   * A connected stream socket to the other side: on Windows a `SOCKET`, elsewhere a file descriptor. It stays the caller's, who must
   * neither read nor write it; once the start has fulfilled it may be closed.
   */
  readonly socket: number | bigint;
  /** The same number on both sides; default 0. */
  readonly sessionId?: number;
}

/** Options of {@link Migration.send}. */
export interface MigrationSend extends MigrationStart {
  /** How the migration begins. */
  readonly options?: Schema2.MigrationInitializeOptions | string;
}

/** What a host says of a migration that is under way. */
export interface MigrationEvent {
  /** Which side says it. */
  readonly origin?: Schema2.MigrationOrigin;
  readonly event: Schema2.MigrationEvent;
  /** Of the last one: how it has ended. */
  readonly result?: Schema2.MigrationResult;
  readonly notification: Notification;
}

function toEvent(notification: Notification): MigrationEvent {
  const parsed = parseDocument(notification.data ?? null);
  const { Origin, Event, Result } = (parsed ?? {}) as Schema2.OperationSystemMigrationNotificationInfo;
  return {
    ...(Origin !== undefined && { origin: Origin }),
    event: Event ?? 'Unknown',
    ...(Result !== undefined && { result: Result }),
    notification,
  };
}

async function* eventsOf(
  notifications: AsyncIterableIterator<Notification>,
): AsyncGenerator<MigrationEvent, void, undefined> {
  for await (const notification of notifications) yield toEvent(notification);
}

type Step =
  | 'HcsInitializeLiveMigrationOnSource'
  | 'HcsStartLiveMigrationOnSource'
  | 'HcsStartComputeSystem'
  | 'HcsStartLiveMigrationTransfer'
  | 'HcsFinalizeLiveMigration'
  | 'HcsCancelLiveMigration';

/**
 * The live migration of one virtual machine, as its source or as its destination. On a host that was opened with
 * `api: 'computecore'`, and whose computecore.dll has the functions.
 *
 * {@link Migration.send} and {@link Migration.receive} are each side as a whole: when one fails, times out or is cancelled, the machine stays at
 * the source, unless it has been handed over. The steps are there for those who do something between them.
 */
export class Migration {
  readonly #life: Lifetime<SystemExit>;
  readonly #notifications: () => AsyncIterableIterator<Notification>;
  #origin: Schema2.MigrationOrigin | undefined;
  /** How many steps have been done since it began. */
  #done = 0;
  /** The migration that was begun last. Abandoned: whatever the host still completes of it is cancelled. */
  #attempt = { abandoned: false };
  /** @internal The machine goes on elsewhere. */
  handedOver = false;

  /** @internal */
  constructor(life: Lifetime<SystemExit>, notifications: () => AsyncIterableIterator<Notification>) {
    this.#life = life;
    this.#notifications = notifications;
  }

  /** Prepares a running machine, which from here on takes no other calls than those of the migration, and its end. */
  async initialize(options: LifecycleOptions<Schema2.MigrationInitializeOptions> = {}): Promise<void> {
    options = readOperationOptions(options, ['options']);
    const given = optionalDocumentText(options.options, 'options.options');
    this.#attempt = { abandoned: false };
    await this.#step('HcsInitializeLiveMigrationOnSource', given ?? JSON.stringify({ Origin: 'Source' }), options);
    this.#origin = 'Source';
  }

  /** Gives the source, which has been initialised, its connection. */
  async start(options: MigrationStart): Promise<void> {
    const { socket, start, rest } = this.#readStart(options);
    await this.#step('HcsStartLiveMigrationOnSource', JSON.stringify(start), rest, socket);
  }

  /**
   * Starts a machine that was created with `VirtualMachine.MigrationOptions` as the destination, with its connection. It stands still
   * until it has been finalised.
   */
  async startDestination(options: MigrationStart): Promise<void> {
    const { socket, start, rest } = this.#readStart(options);
    const text = JSON.stringify({ DestinationMigrationOptions: start });
    this.#attempt = { abandoned: false };
    await this.#step('HcsStartComputeSystem', text, rest, socket);
    this.#origin = 'Destination';
  }

  /** Transfers the machine's state. To be called on both sides; fulfils when the destination has it. */
  async transfer(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    await this.#step('HcsStartLiveMigrationTransfer', this.#originText({}), options);
  }

  /**
   * Ends the migration: `'Stop'` on the source and `'Resume'` on the destination hand the machine over, each fulfils when that is done. The
   * other way round it stays at the source.
   */
  async finalize(operation: Schema2.MigrationFinalOperation, options: OperationOptions = {}): Promise<void> {
    if (!['Resume', 'Stop'].includes(operation)) {
      throw new HcsArgumentError('operation', 'must be "Resume" or "Stop"', operation);
    }
    options = readOperationOptions(options);
    await this.#step('HcsFinalizeLiveMigration', this.#originText({ FinalizedOperation: operation }), options);
  }

  /**
   * Cancels the migration: the source goes on, the destination exits. Rejects when the machine has been handed over, or no migration is
   * under way.
   */
  async cancel(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    await this.#step('HcsCancelLiveMigration', this.#originText({}), options);
  }

  /**
   * The source as a whole: initialise, start, transfer, and hand over. Fulfils when the destination has the machine, and the one here exits.
   * `timeoutMs` and `signal` are for all steps together.
   */
  async send(options: MigrationSend): Promise<void> {
    const begun = performance.now();
    const { options: initial, ...start } = readOperationOptions(options, ['options', 'socket', 'sessionId']);
    this.#readStart(start);
    const { socket, sessionId, ...limits } = start;
    throwIfAborted('migration.send', this.#life.subject, limits);
    const rest = (): OperationOptions => remaining(limits, begun);
    await this.#orCancel(async () => {
      await this.initialize({ ...rest(), ...(initial !== undefined && { options: initial }) });
      await this.start({ ...rest(), socket, ...(sessionId !== undefined && { sessionId }) });
      await this.transfer(rest());
      await this.finalize('Stop', rest());
    });
  }

  /**
   * The destination as a whole: start, transfer, and take over. Fulfils when the machine runs here; when it rejects, the system exits,
   * unless the machine had been handed over.
   */
  async receive(options: MigrationStart): Promise<void> {
    const begun = performance.now();
    const { socket, sessionId, ...limits } = readOperationOptions(options, ['socket', 'sessionId']);
    throwIfAborted('migration.receive', this.#life.subject, limits);
    const rest = (): OperationOptions => remaining(limits, begun);
    await this.#orCancel(async () => {
      await this.startDestination({ ...rest(), socket, ...(sessionId !== undefined && { sessionId }) });
      await this.transfer(rest());
      await this.finalize('Resume', rest());
    });
  }

  /**
   * What the host says of the migration from here on, in order; ends with the system.
   *
   * @example
   * const events = system.migration.events();
   * await system.terminate();
   * for await (const { event, result } of events) console.log(event, result);
   */
  events(): AsyncGenerator<MigrationEvent, void, undefined> {
    return eventsOf(this.#notifications()); // which has begun
  }

  /** @internal */
  receiveNotification(notification: Notification): void {
    const { origin, event, result } = toEvent(notification);
    this.handedOver ||= origin === 'Source' && event === 'MigrationDone' && result === 'Success';
  }

  // What fails first is what the caller is told. A machine that has been handed over is not got back.
  async #orCancel(steps: () => Promise<void>): Promise<void> {
    this.#done = 0;
    try {
      await steps();
    } catch (error) {
      // A first step that is refused for the state of the system has begun nothing: another migration may be under way.
      if (this.#done > 0 || !(error instanceof HcsError && isInvalidState(error))) {
        this.#attempt.abandoned = true;
        await this.#cancelQuietly();
      }
      throw error;
    }
  }

  async #cancelQuietly(): Promise<void> {
    await this.cancel({ timeoutMs: cancelLimitMs }).catch(() => undefined);
  }

  #readStart(options: MigrationStart): {
    socket: bigint;
    start: Schema2.MigrationStartOptions;
    rest: OperationOptions;
  } {
    const { socket, sessionId = 0, ...rest } = readOperationOptions(options, ['socket', 'sessionId']);
    if (!Number.isInteger(sessionId) || sessionId < 0 || sessionId > 0xffffffff) {
      throw new HcsArgumentError('options.sessionId', 'must be a whole number of 32 bits', sessionId);
    }
    const handle = readResourceHandle(socket, 'options.socket');
    return { socket: handle, start: { NetworkSettings: { SessionId: sessionId } }, rest };
  }

  #originText(options: object): string {
    return JSON.stringify(this.#origin === undefined ? options : { Origin: this.#origin, ...options });
  }

  async #step(name: Step, options: string, limits: OperationOptions, socket?: bigint): Promise<void> {
    const { session, subject } = this.#life;
    const input = { computeSystem: this.#life.handle as SystemHandle, options } as Input<CallableName> as Input<Step>;
    const call = this.#life.call(name, input, limits);
    const attempt = this.#attempt;
    // A step that nobody waits for may be done in the host all the same, after the cancel.
    const settled = (): void => {
      if (attempt.abandoned) void this.#cancelQuietly();
    };
    if (socket !== undefined) session.requireForOperations('computecore.HcsAddResourceToOperation', name, subject);
    await run({
      ...call,
      ...(name !== 'HcsCancelLiveMigration' && { settled }),
      ...(socket !== undefined && { operation: { resources: [[socketType, socketUri, socket]] } }),
    });
    this.#done++;
  }
}
