/**
 * Looks for what a host would refuse, or would take for something else, before it is asked.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import type { Members } from './check.js';
import { isMembers } from './check.js';
import { Checker } from './checker.js';
import { checks } from './checks.js';
import type { HostFacts, KnownFacts, ResolvedFacts } from './facts.js';
import { resolveFacts } from './facts.js';
import type { Issue } from './issue.js';
import { nearest } from './nearest.js';
import type { ValueType } from './schema.js';
import { first, second } from './hcs-schemas.js';

/** What a document is validated against. */
export interface ValidateOptions extends HostFacts {
  /**
   * The type of the document, such as `ComputeSystem`, `ContainerConfig`, `ModifySettingRequest` or `ProcessParameters`:
   * any type of schema 2, or of schema 1 where schema 2 has none of the name. Without it, what makes a system, changes
   * one, or runs in one, follows from its members.
   */
  readonly kind?: string;
  /** What is known beyond the document, for the rules that need it. */
  readonly known?: KnownFacts;
}

/**
 * What is wrong with a document; nothing when there is nothing. The rules are those of docs/documents.md. Without
 * `schemaVersion` or `osBuild` no member is too new.
 *
 * @example
 * const issues = validateDocument(document, { osBuild: 20348 });
 * for (const { message, remedy } of issues) console.log(message, remedy);
 */
export function validateDocument(document: object, options: ValidateOptions = {}): Issue[] {
  const { kind, known, ...facts } = readOptions(options, ['schemaVersion', 'osBuild', 'kind', 'known']);
  return issuesOf(document, resolveFacts(facts, known), kind);
}

/** The same for facts that have been looked through. */
export function issuesOf(document: object, facts: ResolvedFacts, kind?: string): Issue[] {
  if (!isMembers(document)) throw new HcsArgumentError('document', "must be an object in HCS's own spelling", document);
  const checker = new Checker(facts, checks);
  checker.value(typeOf(kind ?? kindOf(document)), document);
  return checker.issues;
}

function typeOf(kind: string): ValueType {
  const type = second.type(kind) ?? first.type(kind);
  if (type?.kind === 'object') return type;
  const meant = nearest(kind, [...second.names, ...first.names]);
  throw new HcsArgumentError('options.kind', 'must be a type of the schema', kind, `Pass ${meant ?? 'ComputeSystem'}.`);
}

const ofSchema1 = ['SystemType', 'HvPartition', 'VolumePath', 'LayerFolderPath', 'HvRuntime'];
const ofSchema2 = ['Container', 'VirtualMachine', 'HostedSystem', 'SchemaVersion'];
const kinds: readonly (readonly [kind: string, members: readonly string[]])[] = [
  ['ModifySettingRequest', ['ResourcePath', 'GuestRequest']],
  ['ResourceModificationRequestResponse', ['ResourceType']],
  ['ProcessConfig', ['OCISpecification', 'CreateInUtilityVm']],
  ['LcowProcessParameters', ['OciProcess']],
  ['ProcessParameters', ['CommandLine', 'CommandArgs']],
];

function kindOf(document: Members): string {
  if (hasOne(document, ofSchema2)) return 'ComputeSystem';
  if (hasOne(document, ofSchema1)) return 'ContainerConfig';
  return kinds.find(([, members]) => hasOne(document, members))?.[0] ?? 'ComputeSystem';
}

function hasOne(document: Members, members: readonly string[]): boolean {
  for (const member of members) if (document[member] !== undefined && document[member] !== null) return true;
  return false;
}
