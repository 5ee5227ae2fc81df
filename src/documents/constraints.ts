/**
 * Which members an object of a type has, in one number: of the members that constraints name each has a bit. Objects with
 * the same number keep the same constraints, and most have the number of the one before.
 *
 * @module
 */
import type { Constraint } from './tables.js';

/** The bit of what the others do not cover: a member that is empty, is not known, or whose value matters. */
export const unclear = 1 << 31;

/** The number of no object. */
export const noMembers = -1;

const mostBits = 30;

/** The bits of the members that constraints name. */
export function bitsOf(constraints: readonly Constraint[]): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const { exactlyOne, atMostOne, together, anyOf, needs, field } of constraints) {
    for (const name of [exactlyOne, atMostOne, together, anyOf, needs].flatMap((names) => names ?? [])) {
      if (!bits.has(name)) bits.set(name, bits.size < mostBits ? 1 << bits.size : unclear);
    }
    if (field !== undefined) bits.set(field, unclear);
  }
  return bits;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
