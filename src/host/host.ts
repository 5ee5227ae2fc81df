/**
 * A host, as users have it: the libraries that calls go to, opened through a backend. What it does inside is its session.
 *
 * This folder has what systems, processes and layers are made of: hosts, calls with their deadlines, handles, notifications.
 * It imports errors, backend, documents and recorder; all of it runs on the JavaScript thread.
 *
 * @module
 */
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import type { ServiceAnswers } from '../../types/requests.js';
import type * as Schema2 from '../../types/schema2/index.js';
import type { FunctionKey, OpenBackend } from '../backend/backend.js';
import { lackingIn } from '../backend/first-builds.js';
import { functions } from '../backend/functions.js';
import type { BackendName } from '../backend/load.js';
import type { HcsDocument } from '../documents/document-text.js';
import { documentText, parseDocument } from '../documents/document-text.js';
import { HcsArgumentError, HcsClosedError, HcsDocumentError, HcsLibraryError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import { readOptions } from '../known-options.js';
import type { Player, Replay } from '../recorder/replay.js';
import { CloseOnce } from './close-once.js';
import type { HostChoice, HostKind, HostSettings } from './host-choice.js';
import { buildOf, checkMaxWorkers, locateHost, remedies } from './host-choice.js';
import { inspected } from './inspection.js';
import type { Ledger } from './ledger.js';
import { connectRemote, leaveRemote } from './remote-connection.js';
import { run } from './operation.js';
import type { OperationOptions } from './operation-options.js';
import { checkSignal, readOperationOptions, throwIfAborted } from './operation-options.js';
import { Session } from './session.js';
import { boundedWait } from './waits/bounded-wait.js';

/** The answer of {@link Host.serviceProperties}, in HCS's own spelling and in the order of the query. */
export interface ServiceProperties {
  readonly Properties?: readonly unknown[];
  readonly PropertyResponses?: Readonly<Record<string, unknown>>;
}

/** A function of a host by its library and its name, such as `vmcompute.HcsStartComputeSystem`. */
export type HostFunction = Exclude<FunctionKey, `simulator.${string}`>;

/** A backend around that of a host, such as one that records. */
export interface BackendWrapper {
  readonly wrap: (open: OpenBackend) => OpenBackend;
  /** Called when the host has been closed, whose close() rejects with what this rejects with. */
  readonly closed: () => Promise<void>;
}

const sessions = new WeakMap<Host, Session>();

/** The session of a host that is open. */
export function sessionOf(host: Host, operation: string): Session {
  const session = sessions.get(host);
  if (session === undefined)
    throw new HcsArgumentError('options.host', 'must be a Host', host, 'Pass what Host.open() returned.');
  if (session.closed) throw new HcsClosedError({ operation, what: 'host' });
  return session;
}

/**
 * A host that has been opened. Closing it closes every system that was opened through it. One that is garbage collected
 * without close(), with all that was opened through it, is closed with a warning.
 *
 * @example
 * await using host = await Host.open('simulated');
 * const { Properties } = await host.serviceProperties();
 */
export class Host {
  readonly kind: HostKind;
  readonly #session: Session;
  readonly #wrapper: BackendWrapper | undefined;
  readonly #player: Player | undefined;
  readonly #closeOnce = new CloseOnce();

  private constructor(
    kind: HostKind,
    session: Session,
    wrapper: BackendWrapper | undefined,
    player: Player | undefined,
  ) {
    this.#wrapper = wrapper;
    this.#player = player;
    this.kind = kind !== 'brokered' && session.has('HcSimulatorControl') ? 'simulated' : kind;
    this.#session = session;
    session.osBuild = buildOf(this.kind);
    sessions.set(this, session);
  }

  /**
   * Opens a host. Without a choice it is the one that `HOSTCOMPUTE_HOST` names (`windows`, `simulated`, or the absolute
   * path of a vmcompute library), else that of this machine; nothing is simulated unless it is asked for.
   *
   * @throws {@link HcsLibraryError} when there is no such host here
   */
  static open(choice?: HostChoice, settings: HostSettings = {}): Promise<Host> {
    return Host.openThrough(choice, settings);
  }

  /** @internal */
  static async openThrough(
    choice: HostChoice | undefined,
    given: HostSettings,
    wrapper?: BackendWrapper,
    osBuild?: number,
  ): Promise<Host> {
    const settings = readOptions(given, ['backend', 'api', 'maxWorkers', 'debug'], 'settings');
    const { maxWorkers = 64, debug = process.env.HOSTCOMPUTE_DEBUG === '1' } = settings;
    if (typeof debug !== 'boolean') throw new HcsArgumentError('settings.debug', 'must be a boolean', debug);
    checkMaxWorkers('settings.maxWorkers', maxWorkers);
    const lacking = osBuild === undefined ? [] : lackingIn(osBuild);
    const { kind, libraries, servedAt, openBackend, player } = await locateHost(choice, settings, lacking);
    let host;
    try {
      const open = wrapper?.wrap(openBackend) ?? openBackend;
      const ended = async (): Promise<void> => wrapper?.closed();
      host = new Host(kind, new Session(open, libraries, { maxWorkers, debug, ended }), wrapper, player);
      host.#session.osBuild = osBuild ?? host.#session.osBuild;
      for (const key of lacking) host.#session.withhold(key);
    } catch (error) {
      throw new HcsLibraryError(`The ${kind} host could not be opened: ${messageOf(error)}`, remedies[kind], error);
    }
    const refusal = servedAt === undefined ? undefined : await connectRemote(host.#session, servedAt);
    if (refusal === undefined) return host;
    await host.close();
    throw new HcsLibraryError(`The broker ${refusal}`, remedies.brokered);
  }

  /** What makes the calls; `replay` where nothing does. */
  get backend(): BackendName | 'replay' {
    return this.#session.backend.name;
  }

  /** The library that drives systems and processes: `vmcompute`, or `computecore` where it was chosen. */
  get api(): 'vmcompute' | 'computecore' {
    return this.#session.backend.exportOf === undefined ? 'vmcompute' : 'computecore';
  }

  /** For each function that this package knows, by library and name, whether this host exports it. */
  get functions(): Readonly<Record<HostFunction, boolean>> {
    return Object.fromEntries(
      (Object.keys(functions) as FunctionKey[])
        .filter((key) => functions[key].library !== 'simulator')
        .map((key) => [key, this.#session.has(key)]),
    ) as Record<HostFunction, boolean>;
  }

  /** How many calls timed out or were cancelled, and have not completed inside the host. */
  get stuckCalls(): number {
    return this.#session.stuckCalls;
  }

  /** How many threads there are for calls at this moment. */
  get threads(): number {
    return this.#session.backend.threads;
  }

  /**
   * What this program has open in the host: counts, and each handle. All zero but `threads` when nothing was left behind.
   *
   * @example
   * const { systems, processes, stuckCalls } = host.ledger();
   */
  ledger(): Ledger {
    return this.#session.ledger();
  }

  /** The state of the replay, for a host of kind `replayed`. */
  get replay(): Replay | undefined {
    return this.#player;
  }

  /**
   * Properties of the host's service, in the order of the query.
   *
   * @example
   * const { Properties } = await host.serviceProperties(['Basic', 'ProcessorTopology']);
   */
  async serviceProperties<const T extends readonly (keyof ServiceAnswers)[]>(
    types: T,
    options?: OperationOptions,
  ): Promise<ServiceProperties & { readonly Properties?: { readonly [I in keyof T]: ServiceAnswers[T[I]] } }>;
  /** The same by a query document, or its JSON text; without one, the schema versions that it supports. */
  async serviceProperties(
    query?: Schema2.Service_PropertyQuery | string,
    options?: OperationOptions,
  ): Promise<ServiceProperties>;
  async serviceProperties(
    query: readonly string[] | HcsDocument = ['Basic'],
    options: OperationOptions = {},
  ): Promise<ServiceProperties> {
    const name = 'HcsGetServiceProperties';
    options = readOperationOptions(options);
    const asked = Array.isArray(query) ? { PropertyTypes: query as readonly string[] } : query;
    const propertyQuery = documentText(asked, 'query');
    const session = sessionOf(this, name);
    const { outputs } = await run({ session, name, input: { propertyQuery }, options });
    const parsed = parseDocument(outputs.properties);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
    throw new HcsDocumentError({ operation: name, what: 'service properties', text: outputs.properties });
  }

  /** Changes settings of the service, such as CPU groups. */
  async modifyServiceSettings(
    settings: Schema2.ModificationRequest | string,
    options: OperationOptions = {},
  ): Promise<void> {
    const name = 'HcsModifyServiceSettings';
    options = readOperationOptions(options);
    const text = documentText(settings, 'settings');
    await run({ session: sessionOf(this, name), name, input: { settings: text }, options });
  }

  /**
   * Rejects every call in flight and closes every open system; nothing is terminated. Waits at most `timeoutMs` (default
   * 10,000) for calls that are inside the host, and then leaves them to their threads: that is not an error. `signal` ends the
   * wait of this caller, and the close goes on. close() is idempotent; several wait within their own limits.
   *
   * @throws {@link HcsReplayError} when this is a replay, and a call diverged from the recording
   * @throws {@link HcsRecordingError} when this is recorded, and the file is incomplete
   */
  async close(options: OperationOptions = {}): Promise<void> {
    options = readOptions(options, ['signal', 'timeoutMs']);
    const { signal, timeoutMs = 10_000 } = options;
    checkSignal(signal);
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw new HcsArgumentError('options.timeoutMs', 'must be a number of at least 0', timeoutMs);
    }
    throwIfAborted('Host.close', {}, options);
    const closed = this.#close(timeoutMs);
    if (signal === undefined) return closed;
    return boundedWait(closed, 'Host.close', {}, undefined, { signal, timeoutMs: Infinity });
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#player?.closing();
    leaveRemote(this.#session);
    await this.#session.close(timeoutMs);
    if (!this.#session.ended) return; // another close waits longer
    await this.#closeOnce.run(async () => {
      await this.#wrapper?.closed();
      await this.#player?.closed();
    });
  }

  /** Kind, state and counts; no paths. */
  toJSON(): object {
    const { systems, processes, layers, callsInFlight, stuckCalls } = this.ledger();
    const state = this.#session.closed ? 'closed' : 'open';
    return { kind: this.kind, backend: this.backend, state, systems, processes, layers, callsInFlight, stuckCalls };
  }

  /** What `console.log` shows: the same as toJSON(). */
  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected('Host', this.toJSON(), depth, options);
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

let shared: Promise<Host> | undefined;

/** The host that operations use when none is given: opened when it is first needed, and anew after it has been closed. */
export async function defaultHost(): Promise<Host> {
  for (;;) {
    shared ??= Host.open();
    const opening = shared;
    try {
      const host = await opening;
      if (sessions.get(host)?.closed === false) return host;
    } catch (error) {
      if (shared === opening) shared = undefined;
      throw error;
    }
    if (shared === opening) shared = undefined;
  }
}
