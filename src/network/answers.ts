/**
 * What the network service answers, in one form: members in the spelling of the schema, whatever case they came in; ids in lower
 * case; and what the service leaves out because it is zero filled in with what it means.
 *
 * @module
 */
import { isMembers, type Members } from '../documents/check.js';
import { parseDocument } from '../documents/document-text.js';
import { printJson } from '../documents/json.js';
import type { Field, ObjectType, ValueType } from '../documents/schema.js';
import { memberType } from '../documents/schema.js';
import { HcsDocumentError } from '../errors/errors.js';
import type { Subject } from '../errors/errors.js';
import { isGuid } from '../guid.js';
import { typeOfSettled } from './documents/checks/settled.js';
import { hcn, hns } from './documents/schema.js';

const zeroId = '00000000-0000-0000-0000-000000000000';

/** What an answer is of. */
export interface Asked {
  readonly operation: string;
  readonly subject: Subject;
  /** What it should be, for people. */
  readonly what: string;
}

/**
 * Reads the properties of an object.
 *
 * @throws {@link HcsDocumentError} where they are not JSON of an object
 */
export function readProperties(type: string, text: string | null, asked: Asked): unknown {
  const parsed = parseDocument(text);
  if (isMembers(parsed)) return toDocument(type, parsed);
  throw malformed(text, asked);
}

/** Gives a document of a type of HCN, or with `Hns.` before it of the older route, the form of the schema. */
export function toDocument(type: string, members: Members): Members {
  return readMembers(type.startsWith('Hns.') ? hns.object(type.slice(4)) : hcn.object(type), members);
}

/** Reads a list of ids, or other texts. */
export function readList(text: string | null, asked: Asked): string[] {
  const parsed = parseDocument(text);
  const isList = Array.isArray(parsed) && parsed.every((item) => typeof item === 'string');
  if (!isList) throw malformed(text, asked);
  // Each once: what is listed twice is one object.
  return [...new Set(parsed.map((item) => (isGuid(item) ? item.toLowerCase() : item)))];
}

/**
 * A member of properties that has a list; an absent one is an empty list.
 *
 * @throws {@link HcsDocumentError} where it is something else, or has items of another kind
 */
export function listIn<T>(properties: object, name: string, isItem: (item: unknown) => item is T, asked: Asked): T[] {
  const value = (properties as Members)[name] ?? [];
  if (Array.isArray(value) && value.every(isItem)) return value;
  throw malformed(printJson(properties) ?? null, asked);
}

function malformed(text: string | null, { operation, subject, what }: Asked): HcsDocumentError {
  return new HcsDocumentError({ operation, ...subject, what, text });
}

// Members that have ids although the schema has them as any text.
const ids: ReadonlySet<string> = new Set([
  'ID',
  'Id',
  'EndpointId',
  'HostComputeEndpoints',
  'HostComputeNetwork',
  'InstanceId',
  'VirtualNetwork',
]);
// An absent value of these is not their zero: no source says that it is left out.
const zeroOf: ReadonlySet<string> = new Set([
  'NetworkMode',
  'IpamType',
  'NamespaceType',
  'NamespaceResourceType',
  'EndpointPolicyType',
]);

/** Gives an object of a known type the form that the schema has; members that it does not know are kept as they are. */
function readMembers(type: ObjectType, given: Members): Members {
  const found: Record<string, unknown> = {};
  const fields = fieldsOf(type);
  for (const [name, value] of Object.entries(given)) {
    const field = fields.get(name.toLowerCase());
    if (field === undefined) {
      // Not by an assignment, which takes `__proto__` for something else.
      Object.defineProperty(found, name, { value, writable: true, enumerable: true, configurable: true });
      continue;
    }
    // Where there are several spellings, the right one counts.
    const isOther = field.name !== name && Object.hasOwn(given, field.name);
    if (isOther || value === null) continue;
    found[field.name] = readValue(field.type, value, ids.has(field.name));
  }
  fillIn(type, found);
  const settled = typeOfSettled(type.name, found);
  if (settled !== undefined && isMembers(found[settled.member])) {
    found[settled.member] = readMembers(settled.type, found[settled.member] as Members);
  }
  return found;
}

const knownFields = new WeakMap<ObjectType, ReadonlyMap<string, Field>>();

// By their names in lower case. Of two that differ in case alone, `Id` and `ID`, the first is the one of the schema's own page.
function fieldsOf(type: ObjectType): ReadonlyMap<string, Field> {
  const known = knownFields.get(type);
  if (known !== undefined) return known;
  const fields = new Map<string, Field>();
  for (const field of type.fields.values()) {
    const lower = field.name.toLowerCase();
    if (!fields.has(lower)) fields.set(lower, field);
  }
  knownFields.set(type, fields);
  return fields;
}

function readValue(type: ValueType, value: unknown, isId: boolean): unknown {
  switch (type.kind) {
    case 'object':
      return isMembers(value) ? readMembers(type, value) : value;
    case 'union': {
      const own = isMembers(value) ? memberType(type, value) : undefined;
      return own === undefined ? value : readMembers(own, value as Members);
    }
    case 'array':
      return Array.isArray(value) ? value.map((item) => readValue(type.item, item, isId)) : value;
    case 'list':
      return type.numbered?.form === 'names'
        ? (nameIn(type.numbered.numbers, type.values.keys(), value) ?? value)
        : value;
    default:
      return (isId || (type.kind === 'text' && type.name === 'guid')) && isGuid(value) ? value.toLowerCase() : value;
  }
}

// A name in any letters, or its number.
function nameIn(numbers: ReadonlyMap<string, number>, names: Iterable<string>, value: unknown): string | undefined {
  for (const name of names) {
    const lower = name.toLowerCase();
    if (typeof value === 'string' ? value.toLowerCase() === lower : numbers.get(lower) === value) return name;
  }
  return undefined;
}

function fillIn(type: ObjectType, found: Record<string, unknown>): void {
  for (const { name, type: of } of type.fields.values()) {
    if (of.kind !== 'list' || found[name] !== undefined || !zeroOf.has(of.name)) continue;
    found[name] = nameIn(of.numbered!.numbers, of.values.keys(), 0);
  }
  // Of an endpoint that is in no namespace.
  if (found.HostComputeNamespace === zeroId || found.HostComputeNamespace === '') delete found.HostComputeNamespace;
}
