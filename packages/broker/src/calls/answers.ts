/**
 * What clients read of the host's answers: their own names for their own things, and nothing of others.
 *
 * @module
 */
import type { Json, JsonBounds, JsonObject } from '../documents/json.js';
import { isJsonList, isJsonObject, JsonError, printJson, readJson } from '../documents/json.js';
import type { SystemRecord } from '../ledger/ledger.js';

const answerBounds: JsonBounds = { length: 16 << 20, depth: 64, values: 2_000_000 };

/** An answer of the host; undefined for one that cannot be read. */
export function readAnswer(text: unknown): Json | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return readJson(text, answerBounds);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

// Ids on the host begin with the owner name: a prefix and sixteen digits.
const hostId = /\b[a-z][a-z\d]{0,15}-([\da-f]{16})-([\w@.-]*)/g;
// A path of the host, to where the text can no longer belong to it.
const windowsPath = /(?:\\\\[?.]\\|\\\\|\b[A-Za-z]:[\\/])[^\s"'<>|,;]*(?: [^\s"'<>|,;\\]*\\[^\s"'<>|,;]*)*/g;
const posixPath = /(?<![\w/.])\/(?:[\w.@+-]+\/)+[\w.@+-]*/g;

/** A text for a client: its ids as it calls them, others' ids and all paths of the host left out. */
export function clientText(text: string, owner: string): string {
  const digits = owner.slice(owner.indexOf('-') + 1);
  return text
    .replace(hostId, (_, of: string, id: string) => (of === digits ? id : '(another system)'))
    .replace(windowsPath, '(a path of the host)')
    .replace(posixPath, '(a path of the host)');
}

/** A result document for a client; null where there is none. */
export function clientResult(text: unknown, owner: string): string | null {
  const result = readAnswer(text);
  if (!isJsonObject(result)) return null;
  const events = result.get('ErrorEvents');
  const rebuilt = only(result, ['Error', 'ErrorMessage'], owner);
  if (isJsonList(events)) {
    const members = ['Message', 'Provider', 'EventId', 'Flags', 'Source'];
    rebuilt.set(
      'ErrorEvents',
      events.filter(isJsonObject).map((event) => only(event, members, owner)),
    );
  }
  return printJson(rebuilt);
}

/** Members of an object that are no objects, for a client. */
function only(object: JsonObject, names: readonly string[], owner: string): Map<string, Json> {
  const rebuilt = new Map<string, Json>();
  for (const name of names) {
    const value = object.get(name);
    if (typeof value === 'string') rebuilt.set(name, clientText(value, owner));
    else if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      rebuilt.set(name, value);
  }
  return rebuilt;
}

// What an answer about a system may tell: nothing in them names the host, or anything that is not the system's own.
const ofSystems = [
  'SystemType',
  'RuntimeOsType',
  'RuntimeId',
  'State',
  'Stopped',
  'ExitType',
  'Memory',
  'Statistics',
  'ProcessList',
  'TerminateOnLastHandleClosed',
  'GuestConnectionInfo',
  'ICHeartbeatStatus',
  'SystemGUID',
  'AreUpdatesPending',
  'IsRuntimeTemplate',
];

/** The properties of a system, for the client whose it is. */
export function clientProperties(properties: JsonObject, system: SystemRecord): JsonObject {
  const rebuilt = new Map<string, Json>();
  for (const name of ['Id', 'Name']) {
    if (properties.get(name) === system.hostId) rebuilt.set(name, system.clientId);
  }
  if (properties.has('Owner') && system.clientOwner !== undefined) rebuilt.set('Owner', system.clientOwner);
  for (const name of ofSystems) {
    const value = properties.get(name);
    if (value !== undefined) rebuilt.set(name, value);
  }
  return rebuilt;
}
