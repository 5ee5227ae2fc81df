/**
 * The names of what can be passed to the simulator: the native side refuses others as well, without the name that was meant.
 *
 * @module
 */
import { readOptions } from '../known-options.js';
import type { FaultRule, RaisedNotification } from './faults/fault.js';
import type { LatencyProfile, SimulatorConfiguration, SimulatorSettings } from './simulator-settings.js';
import type { ProcessEnd, SystemEnd } from './simulator-state.js';

/** Every member of a type, each once. */
type NamesOf<T> = Readonly<Record<keyof T, true>>;

const settings: NamesOf<SimulatorSettings> = {
  backend: true,
  api: true,
  maxWorkers: true,
  debug: true,
  osBuild: true,
};
const configuration: NamesOf<SimulatorConfiguration> = {
  profile: true,
  completion: true,
  echoCompletion: true,
  codeFamily: true,
  pauseContainers: true,
  siloJobs: true,
  user: true,
  seed: true,
  clock: true,
  schemaVersion: true,
  strict: true,
  unknownNetworks: true,
  publishedPorts: true,
  hnsVersion: true,
};
const profile: NamesOf<LatencyProfile> = {
  create: true,
  start: true,
  pause: true,
  resume: true,
  save: true,
  shutdown: true,
  terminate: true,
  jitter: true,
  rareShare: true,
  rareMs: true,
};
const rule: NamesOf<FaultRule> = {
  function: true,
  system: true,
  object: true,
  request: true,
  nth: true,
  count: true,
  probability: true,
  status: true,
  result: true,
  completion: true,
  completionStatus: true,
  completionData: true,
  delayMs: true,
  callMs: true,
  block: true,
  loseExit: true,
  keepPipes: true,
  invalidStreams: true,
  lateMs: true,
  before: true,
  properties: true,
  missing: true,
};
const notification: NamesOf<RaisedNotification> = {
  system: true,
  process: true,
  type: true,
  status: true,
  data: true,
  count: true,
  sequence: true,
  threads: true,
};
const end: NamesOf<SystemEnd & ProcessEnd> = {
  crash: true,
  status: true,
  exitType: true,
  data: true,
  loseExit: true,
  process: true,
  exitCode: true,
  lastWaitResult: true,
};
const counters = {
  callsInside: true,
  blockedCalls: true,
  undelivered: true,
  pipes: true,
  programs: true,
  scheduled: true,
  publishedPorts: true,
  handles: true,
};

const names = {
  settings,
  configuration,
  profile,
  rule,
  notification,
  end,
  counters,
  handles: { system: true, process: true, registration: true, network: true, operation: true, disk: true },
  disconnect: { status: true },
  drain: { tasks: true },
} as const;

/** Reads what is passed, each member once; throws an {@link HcsArgumentError} for one that does not exist. */
export function readMembersOf<T>(what: keyof typeof names, given: T): T & object {
  return readOptions(given, Object.keys(names[what]), what);
}

/** The members of a request as the simulator spells them, which is as HCS does. */
export function capitalise(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value as unknown]),
  );
}
