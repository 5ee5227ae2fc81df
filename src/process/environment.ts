/**
 * The environment of a process: how it is given, and what of it a Windows guest cannot have.
 *
 * @module
 */
import { isMembers } from '../documents/check.js';
import type { HcsDocument } from '../documents/document-text.js';
import { checkedText, parseDocument } from '../documents/document-text.js';
import type { HostFacts } from '../documents/facts.js';
import { loadValidation } from '../documents/load-validation.js';
import { isUnixPath, variableKey } from '../documents/variables.js';
import { HcsArgumentError } from '../errors/errors.js';
import { isPlainObject } from '../known-options.js';

type Variables = Readonly<Record<string, unknown>>;

/** Throws unless they are names and values; those that are undefined are left out. */
export function readEnvironment(given: unknown, field: string): Record<string, string> {
  if (!isPlainObject(given)) throw new HcsArgumentError(field, 'must be a plain object of names and values', given);
  const environment = Object.create(null) as Record<string, string>; // a name may be __proto__
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    // Windows itself has names that begin with "=".
    if (name === '' || name.includes('=', 1)) {
      const requirement = 'must have a name that is not empty and has no "=" after its first character';
      throw new HcsArgumentError(`${field}[${JSON.stringify(name)}]`, requirement, name);
    }
    environment[checkedText(name, field)] = checkedText(value, `${field}.${name}`);
  }
  return environment;
}

/** Whether a Windows guest could not have it as it is: names that differ in case only, or the PATH of Unix. */
export function isDoubtful(environment: Variables): boolean {
  const names = Object.keys(environment);
  if (names.some((name) => isUnixPath(name, environment[name]))) return true;
  return new Set(names.map(variableKey)).size < names.length;
}

/** One variable of each name: as in Node's `child_process` the first of the names in sorted order counts. */
export function oneOfEachName(environment: Readonly<Record<string, string>>): Record<string, string> {
  const chosen = new Map<string, string>();
  for (const name of Object.keys(environment).sort()) {
    if (!chosen.has(variableKey(name))) chosen.set(variableKey(name), name);
  }
  const kept = Object.entries(environment).filter(([name]) => chosen.get(variableKey(name)) === name);
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(kept));
}

const anyHost: HostFacts = {};

/** Emits the warnings of the validator about the environment for a Windows guest. */
export async function warnOf(environment: Variables, field: string): Promise<void> {
  const { validateRequest } = await loadValidation();
  const document = { CommandLine: '-', Environment: environment };
  validateRequest({ field, document, host: anyHost, known: { guestOs: 'Windows' }, kind: 'ProcessParameters' }, 'warn');
}

/** The same for a document of HCS, which is sent as it is. A command line means a Windows guest. */
export async function warnOfDocument(document: HcsDocument, field: string): Promise<void> {
  if (typeof document === 'string' && !document.includes('"Environment"')) return;
  const members = typeof document === 'string' ? parseDocument(document) : document;
  if (!isMembers(members) || !isMembers(members.Environment) || typeof members.CommandLine !== 'string') return;
  if (isDoubtful(members.Environment)) await warnOf(members.Environment, field);
}
