/**
 * The types of the schema as the validator reads them: each one is taken apart when a document first has it.
 *
 * @module
 */
import { bitsOf, noMembers } from './constraints.js';
import type { RuleName } from './rules.js';
import type { ListType } from './lists.js';
import { listOf } from './lists.js';
import type { ScalarType } from './scalars.js';
import { anything, primitives } from './scalars.js';
import type { Constraint } from './tables.js';
import type { VersionNumber } from './versions.js';
import { versionNumber } from './versions.js';

/** What a value may be. */
export type ValueType =
  | ScalarType
  | { readonly kind: 'array'; readonly item: ValueType }
  | { readonly kind: 'map'; readonly key: ScalarType; readonly item: ValueType }
  | ObjectType
  | UnionType;

/** A type with members. */
export interface ObjectType {
  readonly kind: 'object';
  readonly name: string;
  /** Members in other letters are refused: so they are in schema 2. */
  readonly cased: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  readonly constraints: readonly Constraint[];
  /** The fields in the order of the last document: the next one is mostly of the same maker. */
  readonly order: Field[];
  /** The members of the last object that kept the constraints, as constraints.ts numbers them. */
  kept: number;
}

/** One of several types with members: which one, the value of a member tells. */
export interface UnionType {
  readonly kind: 'union';
  readonly name: string;
  readonly by: string;
  /** By the value of that member, in lower case. */
  readonly types: ReadonlyMap<string, ObjectType>;
  readonly names: readonly string[];
}

/** A member of a type. */
export interface Field {
  readonly name: string;
  readonly type: ValueType;
  /** The type again, where a value has nothing but that to fit. */
  readonly scalar: ScalarType | undefined;
  /** The first version of the schema; 0 where no source says. */
  readonly since: VersionNumber;
  /** The first build that has it although its schema is older, by an update; 0 where there is no such. */
  readonly first: number;
  /** A host that did not know it was seen to refuse it. */
  readonly refused: boolean;
  /** The first build of Windows; 0 where there is no such. */
  readonly build: number;
  /** What stands for it in the number of an object's members; 0 where no constraint names it. */
  readonly bit: number;
  /** What a value breaks that does not fit. */
  readonly rule: RuleName;
  readonly limits: Limits | undefined;
  /** What is known to be in a member that may be anything. */
  readonly oneOf: readonly ObjectType[] | undefined;
}

/** What a value has to fit beyond its type. */
export interface Limits {
  readonly range?: readonly [least: number, most: number];
  /** Fits although it is out of range. */
  readonly unset?: number;
  readonly multiple?: number;
  /** The numbers that keys may be. */
  readonly keys?: readonly [least: number, most: number];
  /** The most members or items. */
  readonly most?: number;
  readonly length?: number;
  /** In any case of letters. */
  readonly values?: readonly string[];
}

/** The field of a name, which is most likely to be at its place in the order of before. */
export function fieldOf({ fields, order }: ObjectType, name: string, place: number): Field | undefined {
  const expected = order[place];
  if (expected?.name === name) return expected;
  const field = fields.get(name);
  if (field !== undefined) order[place] = field;
  return field;
}

/** The types of one schema. */
export class Schema {
  readonly #lines: Readonly<Record<string, string>>;
  readonly #constraints: Readonly<Record<string, readonly Constraint[]>>;
  readonly #cased: boolean;
  readonly #types = new Map<string, ValueType>(Object.entries(primitives));

  constructor(
    lines: Readonly<Record<string, string>>,
    own: Readonly<Record<string, readonly Constraint[]>>,
    cased: boolean,
  ) {
    this.#lines = lines;
    this.#constraints = own;
    this.#cased = cased;
  }

  get names(): string[] {
    return Object.keys(this.#lines);
  }

  /** A type by its name: one of the schema, or such as `uint64`. */
  type(name: string): ValueType | undefined {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const line = Object.hasOwn(this.#lines, name) ? this.#lines[name] : undefined;
    if (line === undefined) return undefined;
    const type = this.#parse(name, line);
    this.#types.set(name, type);
    return type;
  }

  object(name: string): ObjectType {
    return this.type(name) as ObjectType;
  }

  #parse(name: string, line: string): ValueType {
    if (line.startsWith('number ')) return primitives[line.slice('number '.length)] ?? anything;
    if (line.startsWith('union ')) return this.#union(name, line);
    const list = listOf(name, line);
    if (list !== undefined) return list;
    const fields = new Map<string, Field>();
    const constraints = this.#constraints[name] ?? [];
    const kept = constraints.length > 0 ? noMembers : 0;
    const cased = this.#cased;
    const type: ObjectType = { kind: 'object', name, cased, fields, constraints, order: [], kept };
    this.#types.set(name, type); // a type may contain itself
    const bits = bitsOf(constraints);
    for (const text of line === '' ? [] : line.split('|')) {
      const field = this.#field(text, bits);
      fields.set(field.name, field);
    }
    return type;
  }

  #union(name: string, line: string): UnionType {
    const [, by = '', ...each] = line.split(' ');
    const pairs = each.map((text) => text.split('='));
    const types = new Map(pairs.map(([value = '', type = '']) => [value.toLowerCase(), this.object(type)]));
    return { kind: 'union', name, by, types, names: pairs.map(([value = '']) => value) };
  }

  #field(text: string, bits: ReadonlyMap<string, number>): Field {
    const [name = '', type = 'any', since = '-', ...more] = text.split(' ');
    const given = Object.fromEntries(more.map((entry) => entry.split('='))) as Record<string, string | undefined>;
    const { build, first, refused, rule, oneOf } = given;
    const valueType = this.#valueType(type);
    const limits = limitsOf(given);
    const alone = isScalar(valueType) && limits === undefined && oneOf === undefined;
    return {
      name,
      type: valueType,
      scalar: alone ? valueType : undefined,
      since: versionNumber(since),
      first: Number(first ?? 0),
      refused: refused !== undefined,
      build: Number(build ?? 0),
      bit: bits.get(name) ?? 0,
      rule: (rule as RuleName | undefined) ?? 'value',
      limits,
      oneOf: oneOf?.split(',').map((each) => this.object(each)),
    };
  }

  #valueType(text: string): ValueType {
    if (text.startsWith('[')) return { kind: 'array', item: this.#valueType(text.slice(1)) };
    if (!text.startsWith('{')) return this.type(text) ?? anything;
    const comma = text.indexOf(',');
    const key = this.type(text.slice(1, comma)) as ScalarType;
    return { kind: 'map', key, item: this.#valueType(text.slice(comma + 1)) };
  }
}

function isScalar(type: ValueType): type is ScalarType {
  return type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'object' && type.kind !== 'union';
}

function limitsOf(given: Readonly<Record<string, string | undefined>>): Limits | undefined {
  const { range, unset, multiple, keys, most, length, values } = given;
  const limits: Limits = {
    ...(range !== undefined && { range: pair(range) }),
    ...(unset !== undefined && { unset: Number(unset) }),
    ...(multiple !== undefined && { multiple: Number(multiple) }),
    ...(keys !== undefined && { keys: pair(keys) }),
    ...(most !== undefined && { most: Number(most) }),
    ...(length !== undefined && { length: Number(length) }),
    ...(values !== undefined && { values: values.split(',') }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

function pair(text: string): [number, number] {
  const [least, most = Infinity] = text.split(',').map(Number);
  return [least!, most];
}

/** The alternatives that have the most of the members. */
export function fitting(types: readonly ObjectType[], value: Readonly<Record<string, unknown>>): ObjectType[] {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  const known = types.map(({ fields }) => names.filter((name) => fields.has(name)).length);
  const most = Math.max(...known);
  return types.filter((_, index) => known[index] === most);
}

/** The type that the members are of; undefined where they do not tell. */
export function memberType(
  { by, types }: UnionType,
  members: Readonly<Record<string, unknown>>,
): ObjectType | undefined {
  const value = members[by];
  return typeof value === 'string' ? types.get(value.toLowerCase()) : undefined;
}

/** The values of the member that tells the type, as a list. */
export function namesOf({ name, names }: UnionType): ListType {
  return { kind: 'list', name, values: new Map(names.map((each) => [each, 0])) };
}
