/**
 * Values that have no members, and what each type of the schema takes of them.
 *
 * @module
 */
import { isGuid } from '../guid.js';
import type { ListType } from './lists.js';
import { sinceOf } from './lists.js';
import type { VersionNumber } from './versions.js';

/** What a single value may be. */
export type ScalarType =
  | { readonly kind: 'any' | 'boolean' | 'string' | 'number'; readonly name: string }
  | IntegerType
  | { readonly kind: 'text'; readonly name: string; readonly form: (text: string) => boolean }
  | ListType;

/** A whole number, with its limits for numbers and for bigints: to compare one with the other is slow. */
export interface IntegerType {
  readonly kind: 'integer';
  readonly name: string;
  readonly least: bigint;
  readonly most: bigint;
  readonly from: number;
  readonly below: number;
}

/** Whether there is nothing to say of a value, not even a warning. */
export function fits(type: ScalarType, value: unknown, version: VersionNumber): boolean {
  switch (type.kind) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      if (typeof value === 'number') return value >= type.from && value < type.below && Number.isSafeInteger(value);
      return typeof value === 'bigint' && value >= type.least && value <= type.most;
    case 'list': {
      const since = sinceOf(type, value);
      return since !== undefined && since <= version;
    }
    case 'text':
      return typeof value === 'string' && type.form(value);
    case 'number':
      return typeof value === 'number';
  }
}

/** Whether a key of a table spells a value of a type. */
export function fitsKey(type: ScalarType, key: string): boolean {
  if (type.kind === 'text') return type.form(key);
  if (type.kind !== 'integer') return true;
  return isCount(key) && (key.length < 16 ? Number(key) < type.below : BigInt(key) <= type.most);
}

// Digits, without one 0 too many.
function isCount(text: string): boolean {
  if (text === '' || (text.length > 1 && text.startsWith('0'))) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

const matches =
  (form: RegExp): ((text: string) => boolean) =>
  (text) =>
    form.test(text);

export const anything: ScalarType = { kind: 'any', name: 'anything' };

/** The types that the tables do not spell out. */
export const primitives: Readonly<Record<string, ScalarType>> = {
  any: anything,
  boolean: { kind: 'boolean', name: 'true or false' },
  string: { kind: 'string', name: 'a string' },
  binary: { kind: 'string', name: 'a string' },
  double: { kind: 'number', name: 'a number' },
  uint8: integer('an integer from 0 to 255', 0n, 8n),
  uint16: integer('an integer from 0 to 65535', 0n, 16n),
  uint32: integer('an integer from 0 to 4294967295', 0n, 32n),
  uint64: integer('an integer from 0 to 2^64-1', 0n, 64n),
  int32: integer('an integer from -2147483648 to 2147483647', -(2n ** 31n), 31n),
  int64: integer('an integer from -2^63 to 2^63-1', -(2n ** 63n), 63n),
  guid: { kind: 'text', name: 'a GUID such as b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', form: isGuid },
  macaddress: {
    kind: 'text',
    name: 'an address such as 00-15-5D-01-02-03',
    form: matches(/^(?:[0-9A-Fa-f]{2}[-:]?){5}[0-9A-Fa-f]{2}$/),
  },
  datetime: {
    kind: 'text',
    name: 'a time such as 2026-03-09T10:00:00Z',
    form: matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/),
  },
  base64: {
    kind: 'text',
    name: 'base64',
    form: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  },
};

function integer(name: string, least: bigint, bits: bigint): IntegerType {
  return { kind: 'integer', name, least, most: 2n ** bits - 1n, from: Number(least), below: Number(2n ** bits) };
}
