/**
 * A host: the libraries behind the calls. Real on Windows, simulated anywhere.
 *
 * @module
 */
import { isAbsolute } from 'node:path';

import type { ServiceAnswers } from '../../types/requests.js';
import type * as Schema2 from '../../types/schema2/index.js';
import type { FunctionName, OpenBackend } from '../backend/backend.js';
import { functions } from '../backend/functions.js';
import { LoadError } from '../backend/load-error.js';
import type { BackendName } from '../backend/load.js';
import { backendNames, loadBackend, simulatorPath } from '../backend/load.js';
import type { HcsDocument } from '../documents/document-text.js';
import { documentText, parseDocument } from '../documents/document-text.js';
import { buildOf } from '../documents/judge.js';
import { HcsArgumentError, HcsClosedError, HcsDocumentError, HcsLibraryError } from '../errors/errors.js';
import type { Ledger } from './ledger.js';
import { run } from './operation.js';
import type { Player, Replay, ReplayChoice } from '../recorder/replay.js';
import { Session } from './session.js';
import type { OperationOptions } from './options.js';
import { checkOptions } from './options.js';

/**
 * `windows`: this machine's own. `simulated`: the one of this package. `custom`: a library given by its path. `replayed`:
 * none, but what one did.
 */
export type HostKind = 'windows' | 'simulated' | 'custom' | 'replayed';

/** Which host to open. */
export type HostChoice = 'windows' | 'simulated' | { readonly vmcompute: string } | ReplayChoice;

export interface HostSettings {
  /**
   * What makes the calls: the addon of this package, or the npm package `koffi`, which has to be installed. Default: what
   * `HOSTCOMPUTE_BACKEND` names, else the addon, else, where that does not load, koffi with a warning. See
   * `koffiLimits`.
   */
  readonly backend?: BackendName;
  /** The most threads that calls may occupy at once, at least 2; default 64. Calls beyond wait for one. */
  readonly maxWorkers?: number;
  /** Remembers where each system and process was opened, for {@link Host.ledger}; default whether `HOSTCOMPUTE_DEBUG` is 1. */
  readonly debug?: boolean;
}

/** The answer of {@link Host.serviceProperties}, in HCS's own spelling and in the order of the query. */
export interface ServiceProperties {
  readonly Properties?: readonly unknown[];
  readonly PropertyResponses?: Readonly<Record<string, unknown>>;
}

/** The functions of `vmcompute.dll`. */
export type HostFunction = Exclude<FunctionName, 'HcSimulatorControl'>;

/** What stands between a host and its backend, such as a recording. */
export interface Between {
  readonly wrap: (open: OpenBackend) => OpenBackend;
  /** The host has been closed. What this rejects with, its close rejects with. */
  readonly closed: () => Promise<void>;
}

const sessions = new WeakMap<Host, Session>();

/** The inside of a host that is open. */
export function sessionOf(host: Host, operation: string): Session {
  const session = sessions.get(host);
  if (session === undefined)
    throw new HcsArgumentError('options.host', 'is no Host', 'Pass what Host.open() returned.');
  if (session.closed) throw new HcsClosedError({ operation, what: 'host' });
  return session;
}

/**
 * A host that has been opened. Closing it closes every system that was opened through it.
 *
 * @example
 * await using host = await Host.open('simulated');
 * const { Properties } = await host.serviceProperties();
 */
export class Host {
  readonly kind: HostKind;
  readonly #session: Session;
  readonly #between: Between | undefined;
  readonly #player: Player | undefined;
  #closing: Promise<void> | undefined;

  private constructor(kind: HostKind, session: Session, between: Between | undefined, player: Player | undefined) {
    this.#between = between;
    this.#player = player;
    this.kind = session.has('HcSimulatorControl') ? 'simulated' : kind;
    this.#session = session;
    session.osBuild = buildOf(this.kind);
    sessions.set(this, session);
  }

  /**
   * Opens a host. Without a choice it is the one that `HOSTCOMPUTE_HOST` names (`windows`, `simulated`, or an absolute
   * path), else this machine's own; nothing is ever simulated unasked.
   *
   * @throws {@link HcsLibraryError} when there is no such host here
   */
  static open(choice?: HostChoice, settings: HostSettings = {}): Promise<Host> {
    return Host.openThrough(choice, settings);
  }

  /** @internal */
  static async openThrough(choice: HostChoice | undefined, settings: HostSettings, between?: Between): Promise<Host> {
    const { maxWorkers = 64, debug = process.env.HOSTCOMPUTE_DEBUG === '1' } = settings;
    const backend = backendOf(settings);
    if (!Number.isInteger(maxWorkers) || maxWorkers < 2 || maxWorkers > 1024) {
      throw new HcsArgumentError('settings.maxWorkers', `is ${maxWorkers}`, 'Pass a whole number from 2 to 1024.');
    }
    const chosen = choice ?? choiceOfEnvironment();
    const player = isReplay(chosen) ? await playerOf(chosen) : undefined;
    const { kind, path } = locate(chosen);
    const openBackend = player?.open ?? (await loadBackend(backend).catch(missing));
    try {
      const open = between?.wrap(openBackend) ?? openBackend;
      return new Host(kind, new Session(open, path, maxWorkers, debug), between, player);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new HcsLibraryError(`The ${kind} host could not be opened: ${why}`, remedies[kind], error);
    }
  }

  /** What makes the calls; `replay` where nothing does. */
  get backend(): BackendName | 'replay' {
    return this.#session.backend.name;
  }

  /** For each function of `vmcompute.dll`, whether this host exports it. */
  get functions(): Readonly<Record<HostFunction, boolean>> {
    return Object.fromEntries(
      (Object.keys(functions) as FunctionName[])
        .filter((name) => functions[name].library === 'vmcompute')
        .map((name) => [name, this.#session.has(name)]),
    ) as Record<HostFunction, boolean>;
  }

  /** How many calls were given up by their callers and have not been finished by the host. */
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

  /** How far the replay has come, where this is one. */
  get replay(): Replay | undefined {
    return this.#player;
  }

  /**
   * What the service says of itself, in the order in which it is asked.
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
    checkOptions(options);
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
    const text = documentText(settings, 'settings');
    await run({ session: sessionOf(this, name), name, input: { settings: text }, options });
  }

  /**
   * Gives up every call under way, closes every open system, and lets go of the library. Nothing is terminated. Waits
   * at most `timeoutMs` (default 10,000) for calls that are inside the host.
   *
   * @throws {@link HcsReplayError} when this is a replay, and a call has diverged from its recording
   * @throws {@link HcsRecordingError} when this is recorded, and the file is not whole
   */
  close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      const remedy = 'Pass milliseconds, 0 or more.';
      return Promise.reject(new HcsArgumentError('options.timeoutMs', `is ${String(timeoutMs)}`, remedy));
    }
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#player?.closing();
    await this.#session.close(timeoutMs);
    await this.#between?.closed();
    await this.#player?.closed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const remedies: Readonly<Record<HostKind, string>> = {
  windows:
    'Enable the Windows feature "Containers" or "Hyper-V" and restart, and see that vmcompute.dll is in System32.',
  simulated: 'In a clone, run "npm run build:native"; otherwise reinstall the package for this platform.',
  replayed: 'Record anew.',
  custom: 'Check the path, and that the library is built for this platform and architecture.',
};

/** @internal A binary of this package: where it is missing, the package is at fault and not the host. */
export function part<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    return missing(error);
  }
}

function missing(error: unknown): never {
  const remedy = error instanceof LoadError ? error.remedy : remedies.simulated;
  throw new HcsLibraryError(error instanceof Error ? error.message : String(error), remedy, error);
}

function backendOf({ backend }: HostSettings): BackendName | undefined {
  const given = backend ?? process.env.HOSTCOMPUTE_BACKEND;
  if (given === undefined || given === '') return undefined;
  const found = backendNames.find((name) => name === given);
  if (found !== undefined) return found;
  const what = backend === undefined ? 'HOSTCOMPUTE_BACKEND' : 'settings.backend';
  throw new HcsArgumentError(what, `is ${JSON.stringify(given)}`, 'Use addon or koffi.');
}

const twoWaysOut =
  'Set HOSTCOMPUTE_HOST=simulated, or pass a host from "hostcompute/simulator" or Host.open("simulated") as the option "host".';

function choiceOfEnvironment(): HostChoice {
  const given = process.env.HOSTCOMPUTE_HOST;
  if (!given) return 'windows';
  if (given === 'windows' || given === 'simulated') return given;
  if (isAbsolute(given)) return { vmcompute: given };
  throw new HcsArgumentError(
    'HOSTCOMPUTE_HOST',
    `is "${given}"`,
    'Use windows, simulated, or the absolute path of a library.',
  );
}

function isReplay(choice: unknown): choice is ReplayChoice {
  return typeof choice === 'object' && choice !== null && 'replay' in choice;
}

async function playerOf(choice: ReplayChoice): Promise<Player> {
  // Not before it is wanted: few programs replay.
  const { openReplay } = await import('../recorder/replay.js');
  return openReplay(choice);
}

function locate(choice: HostChoice): { kind: HostKind; path: string | null } {
  if (isReplay(choice)) return { kind: 'replayed', path: null };
  if (choice === 'windows') {
    if (process.platform === 'win32') return { kind: choice, path: null };
    throw new HcsLibraryError(
      `The Host Compute System exists on Windows only, and this is ${process.platform}`,
      twoWaysOut,
    );
  }
  if (choice === 'simulated') return { kind: choice, path: part(simulatorPath) };
  const path = typeof choice === 'object' ? (choice as { vmcompute?: unknown } | null)?.vmcompute : undefined;
  if (typeof path !== 'string') {
    throw new HcsArgumentError('choice', 'names no host', 'Pass "windows", "simulated" or { vmcompute: path }.');
  }
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new HcsArgumentError('options.vmcompute', `is "${path.replaceAll('\0', '\\0')}"`, 'Pass an absolute path.');
  }
  return { kind: 'custom', path };
}

let shared: Promise<Host> | undefined;

/** The host that is used where none is given: opened when it is first needed, and anew after it has been closed. */
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
