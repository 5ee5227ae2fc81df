// The types of the documents, as schema/ has them, and every way from what a call takes to a member that is a string.
import { readdirSync, readFileSync } from 'node:fs';

import type { Shape } from '../../src/documents/shapes.js';
import type { SchemaMajor } from '../../src/documents/types.js';
import { tables } from '../../src/documents/types.js';

const folder = new URL('../../../../../schema/', import.meta.url);

interface Field {
  readonly type: string;
  readonly oneOf?: readonly string[];
}
interface SchemaType {
  readonly kind: string;
  readonly fields?: Readonly<Record<string, Field>>;
}
interface Requests {
  readonly functions: Readonly<Record<string, { readonly input?: string }>>;
  readonly resourcePaths: readonly { readonly path: string; readonly settings: string }[];
  readonly guestResources: readonly { readonly resourceType: string; readonly settings: string }[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const typesOf = (schema: SchemaMajor): Readonly<Record<string, SchemaType>> =>
  Object.assign(
    {},
    ...readdirSync(new URL(`schema${schema}/`, folder)).map(
      (file) => (read(`schema${schema}/${file}`) as { types: object }).types,
    ),
  ) as Record<string, SchemaType>;

export const requests = read('requests.json') as Requests;
const types: Readonly<Record<SchemaMajor, Readonly<Record<string, SchemaType>>>> = { 1: typesOf(1), 2: typesOf(2) };

/** A member that is a string, or may be one: where it is, what its line in the table is, and a document with a value in it. */
export interface StringMember {
  /** From the root, such as `VirtualMachine.Devices.ComPorts.*.NamedPipe`. */
  readonly path: string;
  /** The type and member that the schema has. */
  readonly name: string;
  readonly type: string;
  /** The line of the table; undefined where the table does not know it, or knows it to be refused. */
  readonly line: { readonly kind: string; readonly shape: Shape } | undefined;
  document(value: unknown): unknown;
}

interface Step {
  readonly path: string;
  readonly wrap: (value: unknown) => unknown;
  /** The shape in the table; undefined below what is not for clients. */
  readonly shape: Shape | undefined;
  readonly kind: string;
  readonly seen: readonly string[];
  readonly name: string;
}

const guid = '00000000-1111-2222-3333-444444444444';
const stringLike = ['string', 'guid', 'macaddress', 'bytes(base64)', 'bytes(binary)', 'any', 'datetime'];

/** Every member that is a string below a value of a type. */
export function* stringMembers(schema: SchemaMajor, type: string, shape: Shape | undefined): Generator<StringMember> {
  const start = { path: '', wrap: (value: unknown) => value, shape, kind: '-', seen: [], name: type };
  yield* walk(schema, type, [], start);
}

function* walk(schema: SchemaMajor, type: string, oneOf: readonly string[], step: Step): Generator<StringMember> {
  const nested = /^(array|map)<(?:([^,<>]+(?:\([^)]*\))?),)?(.+)>$/.exec(type);
  if (nested !== null) {
    const [, kind, key = 'string', of] = nested;
    const { shape } = step;
    const inner = shape?.is === 'list' || shape?.is === 'map' ? shape.of : undefined;
    const wrap = (value: unknown): unknown =>
      step.wrap(kind === 'array' ? [value] : { [key === 'guid' ? guid : '0']: value });
    yield* walk(schema, of!, [], { ...step, path: `${step.path}.*`, wrap, shape: inner ?? leaf(shape) });
    return;
  }
  for (const candidate of oneOf) yield* walk(schema, candidate, [], step);
  if (stringLike.includes(type)) {
    const line =
      step.shape === undefined || step.shape.is === 'refused' ? undefined : { kind: step.kind, shape: step.shape };
    yield { path: step.path.slice(1), name: step.name, type, line, document: step.wrap };
    return;
  }
  const fields = types[schema][type]?.fields;
  if (fields === undefined || step.seen.includes(type)) return;
  const members = step.shape?.is === 'object' ? tables[schema][step.shape.type] : undefined;
  for (const [name, field] of Object.entries(fields)) {
    const [kind, shape] = members?.[name] ?? [undefined, undefined];
    yield* walk(schema, field.type, field.oneOf ?? [], {
      path: `${step.path}.${name}`,
      wrap: (value) => step.wrap({ [name]: value }),
      shape,
      kind: kind ?? '-',
      seen: [...step.seen, type],
      name: `${type}.${name}`,
    });
  }
}

/** What is replaced as a whole keeps its line for what is in it. */
function leaf(shape: Shape | undefined): Shape | undefined {
  return shape?.is === 'set' ? shape : undefined;
}
