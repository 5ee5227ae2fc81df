/**
 * Lists of values: HCS takes their names as they are spelt. The service of networks takes names in any letters and numbers for
 * most, and only numbers for flags and for what has a number of its own, such as a protocol.
 *
 * @module
 */
import type { Requirement } from '../errors/errors.js';
import { nearest } from './nearest.js';
import type { RuleName } from './rules.js';
import type { VersionNumber } from './versions.js';
import { versionNumber } from './versions.js';

/** A list of values. */
export interface ListType {
  readonly kind: 'list';
  readonly name: string;
  readonly values: ReadonlyMap<string, VersionNumber>;
  readonly numbered?: NumberedValues;
}

/** The numbers of the values. */
export interface NumberedValues {
  /** What is taken: names in any letters and numbers, numbers alone, or any sum of numbers. */
  readonly form: 'names' | 'numbers' | 'flags';
  /** By the name in lower case, or by the number. */
  readonly since: ReadonlyMap<string | number, VersionNumber>;
  /** By the name in lower case. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** The list of a line of the tables; undefined for a line of another kind. */
export function listOf(name: string, line: string): ListType | undefined {
  const [form, common = '-', ...each] = line.split(' ');
  if (form !== 'enum' && form !== 'names' && form !== 'numbers' && form !== 'flags') return undefined;
  const values = new Map<string, VersionNumber>();
  const since = new Map<string | number, VersionNumber>();
  const numbers = new Map<string, number>();
  for (const text of each) {
    const [pair = '', first = common] = text.split('@');
    const [value = '', number] = pair.split('=');
    const version = versionNumber(first);
    values.set(value, version);
    if (form === 'names') since.set(value.toLowerCase(), version);
    if (number === undefined) continue;
    since.set(Number(number), version);
    numbers.set(value.toLowerCase(), Number(number));
  }
  return form === 'enum'
    ? { kind: 'list', name, values }
    : { kind: 'list', name, values, numbered: { form, since, numbers } };
}

/** The first version that has a value; undefined where it is none of the list. */
export function sinceOf({ values, numbered }: ListType, value: unknown): VersionNumber | undefined {
  if (numbered === undefined) return typeof value === 'string' ? values.get(value) : undefined;
  if (typeof value === 'string') return numbered.since.get(value.toLowerCase());
  if (typeof value !== 'number') return undefined;
  const isSum = numbered.form === 'flags' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  return numbered.since.get(value) ?? (isSum ? 0 : undefined);
}

/** What a value must be that is none of the list, and the rule that says so. */
export function unlisted(
  { name, values, numbered }: ListType,
  value: unknown,
  rule: RuleName,
): readonly [rule: RuleName, requirement: Requirement, severity?: 'warning'] {
  const isText = typeof value === 'string';
  if (typeof value === 'number' && numbered?.form === 'flags') return [rule, 'must be an integer from 0 to 4294967295'];
  if (!isText && typeof value !== 'number') return [rule, `must be a ${wanted(numbered)}, ${name}`];
  if (isText && numbered !== undefined && numbered.form !== 'names') {
    const number = numbered.numbers.get(value.toLowerCase());
    const requirement = `must be a number of ${name}${number === undefined ? '' : `, such as ${number}`}` as const;
    // Hosts were seen to refuse the names of flags.
    return numbered.form === 'flags' ? ['number-for-name', requirement] : ['number-for-name', requirement, 'warning'];
  }
  const meant = isText ? nearest(value, values.keys()) : undefined;
  const hint = meant ?? `one of ${name}: ${[...values.keys()].slice(0, 20).join(', ')}`;
  return [rule === 'value' ? 'unknown-value' : rule, `must be ${hint}`];
}

function wanted(numbered: NumberedValues | undefined): string {
  return numbered === undefined || numbered.form === 'names' ? 'string' : 'number';
}
