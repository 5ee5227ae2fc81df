/**
 * Documents on their way to the network service: written once, at the call, validated, and with what every one needs.
 *
 * @module
 */
import { isMembers, type Members } from '../documents/check.js';
import type { HcsDocument } from '../documents/document-text.js';
import { documentText, objectOf } from '../documents/document-text.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { actOnIssues, validationOf } from '../documents/validation-error.js';
import { HcsArgumentError } from '../errors/errors.js';
import { resolveNetworkFacts } from './documents/facts.js';
import { kindOfDocument } from './documents/kinds.js';
import { networkIssues } from './documents/validate.js';
import type { Family } from './object-families.js';
import { checkObjectId } from './object-families.js';

const version = { Major: 2, Minor: 0 };

// Nothing is known of the host before the call.
const anyHost = resolveNetworkFacts({});

/** A document as the service gets it. */
export interface SentDocument {
  readonly text: string;
  /** The id that it names. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** What was written, read again. */
  readonly members: Members;
}

/** A member in whatever case it is written. */
export function memberOf(members: Members, name: string): unknown {
  const lower = name.toLowerCase();
  const key = Object.hasOwn(members, name) ? name : Object.keys(members).find((each) => each.toLowerCase() === lower);
  return key === undefined ? undefined : members[key];
}

/**
 * The document of a new object. `more`: members that it gets where it has none of the name. JSON text is passed on unchanged.
 *
 * @throws `HcsValidationError` when it is not valid
 */
export function newDocument(
  family: Family,
  document: HcsDocument,
  more: Members,
  options: ValidationOptions,
): SentDocument {
  const validate = validationOf(options);
  const written = documentText(document, 'document');
  const object = objectOf('document', written) as Members;
  const kind = kindOfDocument(object);
  // Documents of the older route are accepted as well; they have no version.
  const type = kind.startsWith('Hns.') ? kind : family.type;
  if (validate !== 'off') actOnIssues('document', networkIssues(object, anyHost, type), validate);
  const id = memberOf(object, 'ID');
  const name = memberOf(object, 'Name');
  return {
    text: typeof document === 'string' || type !== family.type ? written : withMembers(object, written, more),
    id: id === undefined || id === null ? undefined : checkObjectId('document.ID', id),
    name: typeof name === 'string' ? name : undefined,
    members: object,
  };
}

function withMembers(object: Members, written: string, more: Members): string {
  const wanted = Object.entries({ ...more, SchemaVersion: version });
  const lacking = wanted.filter(([name]) => memberOf(object, name) === undefined);
  if (lacking.length === 0) return written;
  const added = JSON.stringify(Object.fromEntries(lacking)).slice(1, -1);
  return written === '{}' ? `{${added}}` : `${written.slice(0, -1)},${added}}`;
}

/** The text of a change. */
export function changeText(family: Family, request: HcsDocument, options: ValidationOptions): string {
  const validate = validationOf(options);
  const text = documentText(request, 'request');
  if (validate === 'off') return text;
  const object = objectOf('request', text) as Members;
  // A load balancer is changed by its whole document, and by what it says of one backend, which the schema does not have.
  const isUnknown = family.change === family.type && memberOf(object, 'ResourceType') !== undefined;
  if (!isUnknown) actOnIssues('request', networkIssues(object, anyHost, family.change), validate);
  return text;
}

/** The members of a filter that the host compares, and those that are compared here. */
export interface SplitFilter {
  readonly query: string;
  readonly compared: readonly (readonly [name: string, value: unknown])[];
}

/** A question to the service: the filter is JSON inside JSON. */
export function queryText(filter: Members = {}): string {
  const text = Object.keys(filter).length === 0 ? {} : { Filter: JSON.stringify(filter) };
  return JSON.stringify({ SchemaVersion: version, ...text });
}

/** Splits a filter by who compares its members. */
export function splitFilter(family: Family, fields: ReadonlySet<string>, filter: unknown): SplitFilter {
  if (!isMembers(filter)) throw new HcsArgumentError('filter', 'must be an object of members to be equal', filter);
  const sent: Record<string, unknown> = {};
  const compared: [string, unknown][] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    if (!fields.has(name)) {
      const remedy = `Compare ${[...fields].join(', ')}.`;
      throw new HcsArgumentError(
        `filter.${name}`,
        `must be a member of ${family.type} that has one value`,
        value,
        remedy,
      );
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new HcsArgumentError(`filter.${name}`, 'must be a string, a number or a boolean', value);
    }
    const known = family.filters[name];
    if (known !== undefined) sent[known] = value;
    compared.push([name, value]);
  }
  return { query: queryText(sent), compared };
}

/** Whether an object has the values of a filter; texts are compared without case. */
export function matches(object: Members, { compared }: SplitFilter): boolean {
  return compared.every(([name, value]) => {
    const own = object[name];
    if (typeof own === 'string' && typeof value === 'string') return own.toLowerCase() === value.toLowerCase();
    return own === value;
  });
}
