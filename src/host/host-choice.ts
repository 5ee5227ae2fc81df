/**
 * Which host to open: the choice of the caller or of the environment, and where its libraries and its backend are.
 *
 * @module
 */
import { release } from 'node:os';
import { isAbsolute } from 'node:path';

import type { FunctionKey, HostLibraries, OpenBackend } from '../backend/backend.js';
import { LoadError } from '../backend/load-error.js';
import type { ApiChoice, BackendName } from '../backend/load.js';
import { backendNames, loadBackend, remoteLibraries, simulatorLibraries } from '../backend/load.js';
import { HcsArgumentError, HcsLibraryError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import type { Player, ReplayChoice } from '../recorder/replay.js';
import { readOptions } from '../known-options.js';
import { checkLibraries } from './libraries.js';
import { checkServedName } from './served-name.js';

/**
 * `windows`: the host of this machine. `simulated`: the simulated host of this package. `brokered`: the host of a broker.
 * `custom`: libraries given by their paths. `replayed`: a recording.
 */
export type HostKind = 'windows' | 'simulated' | 'brokered' | 'custom' | 'replayed';

/** A host that another process serves: a broker, or `serveHost()`. A process can have one at a time. */
export interface BrokerChoice {
  /** The absolute path of its socket, or the name of its pipe on Windows, such as `\\.\pipe\broker`. */
  readonly broker: string;
}

/** Which host to open. */
export type HostChoice = 'windows' | 'simulated' | BrokerChoice | { readonly libraries: HostLibraries } | ReplayChoice;

/** How to open a host. */
export interface HostSettings {
  /**
   * What makes the calls: the addon of this package, or the npm package `koffi`, which has to be installed. Default: what
   * `HOSTCOMPUTE_BACKEND` names, else the addon, else, where that does not load, koffi with a warning. See
   * `koffiLimits`.
   */
  readonly backend?: BackendName;
  /**
   * The library that drives systems and processes: `vmcompute`, or `computecore`, the documented one; `auto` takes the latter
   * where the host has all that is needed. Default: what `HOSTCOMPUTE_API` names, else `vmcompute`.
   */
  readonly api?: ApiChoice;
  /** The most threads that calls may occupy at once, at least 2; default 64. Calls beyond wait for one. */
  readonly maxWorkers?: number;
  /** Records where each system and process was opened, for `host.ledger()`; default whether `HOSTCOMPUTE_DEBUG` is 1. */
  readonly debug?: boolean;
}

/** @internal Checks how many threads calls may occupy. */
export function checkMaxWorkers(field: string, maxWorkers: number): void {
  if (Number.isInteger(maxWorkers) && maxWorkers >= 2 && maxWorkers <= 1024) return;
  throw new HcsArgumentError(field, 'must be a whole number from 2 to 1024', maxWorkers);
}

/** @internal What to do when a host of each kind cannot be opened. */
export const remedies: Readonly<Record<HostKind, string>> = {
  windows:
    'Enable the Windows feature "Containers" or "Hyper-V" and restart, and see that vmcompute.dll is in System32. ' +
    'To find the cause, run "hostcompute doctor --for process".',
  simulated: 'In a clone, run "npm run build:native"; otherwise reinstall the package for this platform.',
  brokered: 'Start the broker, and see that its policy has a rule for this user.',
  replayed: 'Record it again.',
  custom: 'Check the path, and that the library is built for this platform and architecture.',
};

/** @internal Finds a binary of this package: one that is missing is a fault of the package, not of the host. */
export function findBinary<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    throwMissing(error);
  }
}

function throwMissing(error: unknown): never {
  const remedy = error instanceof LoadError ? error.remedy : remedies.simulated;
  throw new HcsLibraryError(messageOf(error), remedy, error);
}

function backendName({ backend }: HostSettings): BackendName | undefined {
  const { backend: given = process.env.HOSTCOMPUTE_BACKEND } = { backend };
  if (given === undefined || given === '') return undefined;
  const found = backendNames.find((name) => name === given);
  if (found !== undefined) return found;
  const what = backend === undefined ? 'HOSTCOMPUTE_BACKEND' : 'settings.backend';
  throw new HcsArgumentError(what, 'must be "addon" or "koffi"', given);
}

const apis: readonly ApiChoice[] = ['vmcompute', 'computecore', 'auto'];

function apiOf({ api }: HostSettings): ApiChoice {
  const { api: given = process.env.HOSTCOMPUTE_API } = { api };
  if (given === undefined || given === '') return 'vmcompute';
  const found = apis.find((name) => name === given);
  if (found !== undefined) return found;
  const what = api === undefined ? 'HOSTCOMPUTE_API' : 'settings.api';
  throw new HcsArgumentError(what, 'must be "vmcompute", "computecore" or "auto"', given);
}

// Both ways to a host off Windows.
const simulatedRemedy =
  'Set HOSTCOMPUTE_HOST=simulated, or pass a host from "hostcompute/simulator" or Host.open("simulated") as the option "host".';

function choiceOfEnvironment(): HostChoice {
  const given = process.env.HOSTCOMPUTE_HOST;
  if (!given) return 'windows';
  if (given === 'windows' || given === 'simulated') return given;
  if (isAbsolute(given)) return { libraries: { vmcompute: given } };
  throw new HcsArgumentError(
    'HOSTCOMPUTE_HOST',
    'must be "windows", "simulated", or the absolute path of a vmcompute library',
    given,
  );
}

function isReplay(choice: unknown): choice is ReplayChoice {
  return typeof choice === 'object' && choice !== null && 'replay' in choice;
}

async function openPlayer(choice: ReplayChoice): Promise<Player> {
  // Loaded when it is needed: few programs replay.
  const { openReplay } = await import('../recorder/replay.js');
  return openReplay(choice);
}

function isBroker(choice: unknown): choice is BrokerChoice {
  return typeof choice === 'object' && choice !== null && 'broker' in choice;
}

/** A host of another process, and where that serves it. */
function locateBroker(choice: BrokerChoice): { kind: HostKind; libraries: HostLibraries; servedAt: string } {
  const { broker } = readOptions(choice, ['broker'], 'choice');
  checkServedName('choice.broker', broker);
  return { kind: 'brokered', libraries: findBinary(remoteLibraries), servedAt: broker };
}

function locate(choice: HostChoice): Omit<LocatedHost, 'openBackend' | 'player'> {
  if (isReplay(choice)) return { kind: 'replayed', libraries: null };
  if (choice === 'windows') {
    if (process.platform === 'win32') return { kind: choice, libraries: null };
    throw new HcsLibraryError(
      `The Host Compute System exists on Windows only, and this is ${process.platform}`,
      simulatedRemedy,
    );
  }
  if (isBroker(choice)) return locateBroker(choice);
  if (choice === 'simulated') return { kind: choice, libraries: findBinary(simulatorLibraries) };
  return { kind: 'custom', libraries: checkLibraries(choice) };
}

/** A host that has been found, before it is opened. */
export interface LocatedHost {
  readonly kind: HostKind;
  /** Null for those of Windows. */
  readonly libraries: HostLibraries | null;
  /** For one of another process. */
  readonly servedAt?: string;
  readonly openBackend: OpenBackend;
  readonly player: Player | undefined;
}

/** A broker makes the calls of its clients by vmcompute.dll only. */
function apiFor({ servedAt }: { readonly servedAt?: string }, api: ApiChoice): ApiChoice {
  if (servedAt === undefined) return api;
  if (api !== 'computecore') return 'vmcompute';
  throw new HcsLibraryError(
    `The broker at ${servedAt} cannot be opened for computecore.dll: a broker serves vmcompute.dll only`,
    'Open it with { api: "vmcompute" } or { api: "auto" }.',
  );
}

/** Finds the host of a choice; without one that which `HOSTCOMPUTE_HOST` names, else that of this machine. */
export async function locateHost(
  given: HostChoice | undefined,
  settings: HostSettings,
  lacking: readonly FunctionKey[] = [],
): Promise<LocatedHost> {
  const backend = backendName(settings);
  const api = apiOf(settings);
  const { choice: chosen = choiceOfEnvironment() } = { choice: given };
  const player = isReplay(chosen) ? await openPlayer(chosen) : undefined;
  const located = locate(chosen);
  // A recording has the calls of either library in one form.
  const openBackend = player?.open ?? (await loadBackend(backend, apiFor(located, api), lacking).catch(throwMissing));
  return { ...located, openBackend, player };
}

// The build of this machine, for its own host.
const ownBuild = process.platform === 'win32' ? Number(release().split('.')[2]) : undefined;

/** The build of Windows of a host, where its kind says which. */
export function buildOf(hostKind: HostKind): number | undefined {
  return hostKind === 'windows' && Number.isInteger(ownBuild) ? ownBuild : undefined;
}
