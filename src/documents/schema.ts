/**
 * The types of the schema as the validator reads them: each one is taken apart when a document first has it.
 *
 * @module
 */
import type { RuleName } from './rules.js';
import type { Constraint } from './tables.js';
import { constraints1, constraints2, schema1, schema2 } from './tables.js';

/** Versions are compared as numbers: 2.11 is 2011. */
export type VersionNumber = number;

/** What a value may be. */
export type ValueType =
  | { readonly kind: 'any' | 'boolean' | 'string' }
  | { readonly kind: 'number'; readonly name: string }
  | IntegerType
  | { readonly kind: 'text'; readonly name: string; readonly form: RegExp }
  | { readonly kind: 'array'; readonly item: ValueType }
  | { readonly kind: 'map'; readonly key: ValueType; readonly item: ValueType }
  | { readonly kind: 'list'; readonly name: string; readonly values: ReadonlyMap<string, VersionNumber> }
  | ObjectType;

/** A whole number, with its limits for numbers and for bigints: to compare one with the other is slow. */
export interface IntegerType {
  readonly kind: 'integer';
  readonly name: string;
  readonly least: bigint;
  readonly most: bigint;
  readonly from: number;
  readonly below: number;
}

/** A type with members. */
export interface ObjectType {
  readonly kind: 'object';
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly constraints: readonly Constraint[];
}

/** A member of a type. */
export interface Field {
  readonly name: string;
  readonly type: ValueType;
  /** The first version of the schema; 0 where no source says. */
  readonly since: VersionNumber;
  /** The first build of Windows; 0 where there is no such. */
  readonly build: number;
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

const guid = /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/;
const any: ValueType = { kind: 'any' };

const primitives: Readonly<Record<string, ValueType>> = {
  any,
  boolean: { kind: 'boolean' },
  string: { kind: 'string' },
  binary: { kind: 'string' },
  double: { kind: 'number', name: 'a number' },
  uint8: integer('an integer from 0 to 255', 0n, 8n),
  uint16: integer('an integer from 0 to 65535', 0n, 16n),
  uint32: integer('an integer from 0 to 4294967295', 0n, 32n),
  uint64: integer('an integer from 0 to 2^64-1', 0n, 64n),
  int32: integer('an integer from -2147483648 to 2147483647', -(2n ** 31n), 31n),
  int64: integer('an integer from -2^63 to 2^63-1', -(2n ** 63n), 63n),
  guid: { kind: 'text', name: 'a GUID such as b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', form: guid },
  macaddress: {
    kind: 'text',
    name: 'an address such as 00-15-5D-01-02-03',
    form: /^(?:[0-9A-Fa-f]{2}[-:]?){5}[0-9A-Fa-f]{2}$/,
  },
  datetime: { kind: 'text', name: 'a time such as 2026-03-09T10:00:00Z', form: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/ },
  base64: { kind: 'text', name: 'base64', form: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/ },
};

function integer(name: string, least: bigint, bits: bigint): IntegerType {
  return { kind: 'integer', name, least, most: 2n ** bits - 1n, from: Number(least), below: Number(2n ** bits) };
}

export function isGuid(value: unknown): boolean {
  return typeof value === 'string' && guid.test(value);
}

/** `2.11` as 2011; 0 for what is no version. */
export function versionNumber(text: string): VersionNumber {
  const [major = '', minor = '0'] = text.split('.');
  return /^\d+$/.test(major) ? Number(major) * 1000 + Number(minor) : 0;
}

export function versionText(version: VersionNumber): string {
  return `${Math.floor(version / 1000)}.${version % 1000}`;
}

/** The types of one schema. */
export class Schema {
  readonly #lines: Readonly<Record<string, string>>;
  readonly #constraints: Readonly<Record<string, readonly Constraint[]>>;
  readonly #types = new Map<string, ValueType>(Object.entries(primitives));

  constructor(lines: Readonly<Record<string, string>>, own: Readonly<Record<string, readonly Constraint[]>>) {
    this.#lines = lines;
    this.#constraints = own;
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
    if (line.startsWith('number ')) return primitives[line.slice('number '.length)] ?? any;
    if (line.startsWith('enum ')) return listOf(name, line);
    const fields = new Map<string, Field>();
    const type: ObjectType = { kind: 'object', name, fields, constraints: this.#constraints[name] ?? [] };
    this.#types.set(name, type); // a type may contain itself
    for (const text of line === '' ? [] : line.split('|')) {
      const field = this.#field(text);
      fields.set(field.name, field);
    }
    return type;
  }

  #field(text: string): Field {
    const [name = '', type = 'any', since = '-', ...more] = text.split(' ');
    const given = Object.fromEntries(more.map((entry) => entry.split('='))) as Record<string, string | undefined>;
    const { build, rule, oneOf } = given;
    return {
      name,
      type: this.#valueType(type),
      since: versionNumber(since),
      build: Number(build ?? 0),
      rule: (rule as RuleName | undefined) ?? 'value',
      limits: limitsOf(given),
      oneOf: oneOf?.split(',').map((each) => this.object(each)),
    };
  }

  #valueType(text: string): ValueType {
    if (text.startsWith('[')) return { kind: 'array', item: this.#valueType(text.slice(1)) };
    if (!text.startsWith('{')) return this.type(text) ?? any;
    const comma = text.indexOf(',');
    const key = this.#valueType(text.slice(1, comma));
    return { kind: 'map', key, item: this.#valueType(text.slice(comma + 1)) };
  }
}

function listOf(name: string, line: string): ValueType {
  const [, common = '-', ...each] = line.split(' ');
  const values = new Map<string, VersionNumber>();
  for (const text of each) {
    const [value = '', since = common] = text.split('@');
    values.set(value, versionNumber(since));
  }
  return { kind: 'list', name, values };
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

/** The documents of schema 1. */
export const first = new Schema(schema1, constraints1);

/** The documents of schema 2. */
export const second = new Schema(schema2, constraints2);
