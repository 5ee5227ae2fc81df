/**
 * Limits of a value that has its type: ranges, numbers of members, lists of values.
 *
 * @module
 */
import { notShown } from '../errors/errors.js';
import type { CheckContext } from './check.js';
import type { RuleName } from './rules.js';
import type { Limits } from './schema.js';

export function checkLimits(limits: Limits, value: unknown, rule: RuleName, checker: CheckContext): void {
  const { range, unset, multiple, keys, most, length, values } = limits;
  if (range !== undefined && (unset === undefined || Number(value) !== unset)) {
    const [least, top] = range;
    if ((value as number) < least || (value as number) > top) {
      const wanted = top === Infinity ? `${least} or more` : `from ${least} to ${top}`;
      checker.report(rule, `must be ${wanted}`, value);
    }
  }
  if (multiple !== undefined && !isMultiple(value as number | bigint, multiple)) {
    checker.report(rule, `must be ${multiple === 2 ? 'an even number' : `a multiple of ${multiple}`}`, value);
  }
  if (most !== undefined && Object.keys(value as object).length > most)
    checker.report(rule, `must have at most ${most} members`, notShown);
  if (length !== undefined && Array.isArray(value) && value.length !== length) {
    checker.report(rule, `must have ${length} elements`, value);
  }
  if (keys !== undefined) {
    for (const key of Object.keys(value as object)) {
      if (Number(key) < keys[0] || Number(key) > keys[1])
        checker.report(rule, `must have a key from ${keys[0]} to ${keys[1]}`, key, [key]);
    }
  }
  if (values !== undefined && !isOneOf(values, value as string)) {
    const known = values.filter(Boolean).join(' or ');
    checker.report(rule === 'value' ? 'unknown-value' : rule, `must be ${known}`, value);
  }
}

function isMultiple(value: number | bigint, of: number): boolean {
  return typeof value === 'number' ? value % of === 0 : value % BigInt(of) === 0n;
}

// In any case of letters.
function isOneOf(values: readonly string[], value: string): boolean {
  return values.includes(value) || values.some((each) => each.toLowerCase() === value.toLowerCase());
}
