/**
 * What JavaScript gives for a parameter, checked as the addon checks it.
 *
 * @module
 */
import type { GuidParts } from '../../guid.js';
import { readGuid } from '../../guid.js';
import { kinds } from '../functions.js';

/** What a call that is under way has for one of its parameters. */
export interface Slot {
  /** The C arguments. */
  readonly values: readonly unknown[];
  /** What came back. `failed`: the host said so. */
  read?(failed: boolean): unknown;
  /** The host has told how much memory it wants, and is to be called again with `values`. */
  grows?(): boolean;
}

/** Throws the error that the addon throws for what it is not to be given. */
export function refuse(message: string): never {
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

export function textOf(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') refuse(`${name} must be a string or null`);
  if (value.includes('\0')) refuse(`${name} must not contain a NUL character`);
  return value;
}

function rangeOf(type: string): readonly [least: number, limit: number] {
  const [, unsigned, bits] = /^(u?)int(\d+)_t$/.exec(type)!;
  const limit = Math.min(2 ** (Number(bits) - (unsigned ? 0 : 1)) - 1, Number.MAX_SAFE_INTEGER);
  return [unsigned ? 0 : -limit - (Number(bits) > 53 ? 0 : 1), limit];
}

const integerTypes = Object.values(kinds).flatMap(({ shape, of }) => (shape === 'Integer' ? [of] : []));
const ranges = new Map<string, readonly [number, number]>(integerTypes.map((type) => [type, rangeOf(type)]));

export function integer(value: unknown, name: string, type: string): number {
  const [least, limit] = ranges.get(type)!;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= limit) return value;
  return refuse(`${name} must be an integer from ${least} to ${limit}`);
}

export const guidOf = (value: unknown, problem: string): GuidParts => readGuid(value) ?? refuse(problem);
