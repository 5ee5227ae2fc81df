import type { Field, Limits, ObjectType, ValueType } from '#dist/documents/schema.js';
import { memberType } from '#dist/documents/schema.js';
import type { ListType } from '#dist/documents/lists.js';
import { hcn } from '#dist/network/documents/schema.js';
import { settled } from '#dist/network/documents/tables.js';
import fc from 'fast-check';

type Steps = readonly (string | number)[];

/** A place in a document, what is there, and what may be there. */
export interface Place {
  readonly steps: Steps;
  readonly type: ValueType;
  readonly value: unknown;
}

/** Any value of a type, as far as the tables tell what that is. */
export function valueOf(type: ValueType, limits: Limits = {}, depth = 4): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'any':
      return fc.jsonValue();
    case 'boolean':
      return fc.boolean();
    case 'string':
      return limits.values === undefined ? fc.string() : fc.constantFrom(...limits.values);
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'integer':
      return integerOf(type, limits);
    case 'text':
      return textOf(type.name);
    case 'list':
      return fc.constantFrom(...valuesOf(type));
    case 'array': {
      const length = limits.length ?? 2;
      const size = { minLength: limits.length ?? 0, maxLength: depth > 0 ? length : (limits.length ?? 0) };
      return fc.array(valueOf(type.item, {}, depth - 1), size);
    }
    case 'map': {
      const key =
        limits.keys === undefined ? keyOf(type.key) : fc.integer({ min: limits.keys[0], max: limits.keys[1] });
      const size = { maxKeys: depth > 0 ? Math.min(2, limits.most ?? 2) : 0, noNullPrototype: true };
      return fc.dictionary(key.map(String), valueOf(type.item, {}, depth - 1), size);
    }
    case 'object':
      return objectOf(type, depth);
    case 'union':
      return fc.constantFrom(...type.names).chain((name) => {
        const of = memberType(type, { [type.by]: name })!;
        return objectOf(of, depth).map((made) => ({ ...(made as object), [type.by]: name }));
      });
  }
}

// Flags, and what has a number of its own, are written as numbers.
function valuesOf({ values, numbered }: ListType): (string | number)[] {
  if (numbered === undefined || numbered.form === 'names') return [...values.keys()];
  return [...numbered.numbers.values()];
}

function integerOf({ least, most }: ValueType & { kind: 'integer' }, limits: Limits): fc.Arbitrary<number | bigint> {
  const [from, to] = limits.range ?? [least, most];
  const multiple = BigInt(limits.multiple ?? 1);
  const min = (BigInt(from) + multiple - 1n) / multiple;
  const max = (to === Infinity ? most : BigInt(to)) / multiple;
  return fc.bigInt({ min, max }).map((value) => {
    const number = Number(value * multiple);
    return Number.isSafeInteger(number) ? number : value * multiple;
  });
}

function textOf(name: string): fc.Arbitrary<string> {
  if (name.startsWith('a GUID')) return fc.uuid();
  if (name.startsWith('an address')) return fc.constantFrom('00-15-5D-01-02-03', '00155d010203');
  if (name.startsWith('a time'))
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  return fc.base64String();
}

function keyOf(type: ValueType): fc.Arbitrary<unknown> {
  return type.kind === 'string' ? fc.string().filter((text) => text !== '__proto__') : valueOf(type);
}

/** A type that has a member whose type follows from the value of another: each value with what belongs to it. */
function settledOf(type: ObjectType, depth: number): fc.Arbitrary<unknown> {
  const { by, member, types } = settled[type.name]!;
  const names = Object.keys(types);
  return fc
    .constantFrom(...names)
    .chain((name) =>
      objectOf(hcn.object(types[name]!), depth - 1).map((settings) => ({ [by]: name, [member]: settings })),
    );
}

function objectOf(type: ObjectType, depth: number): fc.Arbitrary<unknown> {
  if (Object.hasOwn(settled, type.name) && hcn.type(type.name) === type) return settledOf(type, depth);
  if (depth <= 0 || type.fields.size === 0) return fc.constant({});
  // A few members of many: large documents say no more than small ones.
  return fc
    .subarray([...type.fields.values()], { maxLength: Math.min(5, type.fields.size) })
    .chain((fields) => fc.record(Object.fromEntries(fields.map((field) => [field.name, fieldOf(field, depth)]))))
    .map((made) => ({ ...(made as object) }));
}

function fieldOf({ type, limits, oneOf }: Field, depth: number): fc.Arbitrary<unknown> {
  if (oneOf === undefined) return valueOf(type, limits, depth - 1);
  return fc.oneof(
    ...oneOf.map((each) => objectOf(each, depth - 1).filter((made) => Object.keys(made as object).length > 0)),
  );
}

/** Every place of a value whose type is known. */
export function placesIn(type: ValueType, value: unknown, steps: Steps = []): Place[] {
  const own = { steps, type, value };
  if (type.kind === 'array') {
    return [own, ...(value as unknown[]).flatMap((item, index) => placesIn(type.item, item, [...steps, index]))];
  }
  if (type.kind === 'map') {
    return [
      own,
      ...Object.entries(value as object).flatMap(([key, item]) => placesIn(type.item, item, [...steps, key])),
    ];
  }
  if (type.kind === 'union') {
    const of = memberType(type, value as Readonly<Record<string, unknown>>);
    return of === undefined ? [own] : [own, ...placesIn(of, value, steps).slice(1)];
  }
  if (type.kind !== 'object') return [own];
  const below = Object.entries(value as object).flatMap(([name, member]) => {
    const field = type.fields.get(name);
    return field === undefined || field.oneOf !== undefined ? [] : placesIn(field.type, member, [...steps, name]);
  });
  return [own, ...below];
}

/** A value that cannot be at this place; undefined where anything can. */
export function wrongFor({ type }: Place): fc.Arbitrary<unknown> | undefined {
  switch (type.kind) {
    case 'any':
      return undefined;
    case 'integer':
      return fc.constantFrom(1.5, '1', type.most + 1n, type.least - 1n, true);
    case 'string':
    case 'text':
    case 'list':
      return fc.constantFrom(type.kind === 'string' ? 1 : '?', 1, false, {});
    case 'array':
    case 'map':
    case 'object':
    case 'union':
      return fc.constantFrom('?', 1, true, type.kind === 'array' ? {} : []);
    default:
      return fc.constantFrom('?', {});
  }
}

/** A copy with the value at one place replaced. */
export function replaced(document: unknown, [step, ...rest]: Steps, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(document)) {
    return document.map((item: unknown, index) => (index === step ? replaced(item, rest, value) : item));
  }
  const members = document as Record<string, unknown>;
  return { ...members, [step]: replaced(members[step], rest, value) };
}
