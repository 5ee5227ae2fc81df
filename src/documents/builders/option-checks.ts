/**
 * Checks of the options of builders: what is misspelt, missing or of the wrong type is refused by its name.
 *
 * @module
 */
import { checkedText } from '../document-text.js';
import type { Requirement } from '../../errors/errors.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { isPlainObject } from '../../known-options.js';
import { nearest } from '../nearest.js';

/** Throws unless the value is what an option takes. `field` names it. */
export type Check = (value: unknown, field: string) => void;

/** A copy of the options of a builder, checked: each member of what the caller has is read once. */
export function checkedOptions<T extends object>(given: T, check: Check): T {
  const options = copied(given, deepestOption) as T;
  check(options, 'options');
  return options;
}

// What lies deeper belongs to a document, which is printed once.
const deepestOption = 8;

function copied(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) return Array.from(value as unknown[], (item) => copied(item, depth - 1));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member, depth - 1)]));
}

/** The checks of an object, one for each of its members. */
export type Members<T> = { readonly [Name in keyof Required<T>]: Check };

/** An object with these members and no others; those in `required` are not left out. */
export function members<T extends object>(checks: Members<T>, ...required: (keyof T & string)[]): Check {
  return (value, field) => {
    if (!isPlainObject(value)) throw new HcsArgumentError(field, 'must be a plain object', value);
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(checks, name)) continue;
      const meant = nearest(name, Object.keys(checks));
      const remedy = `Use ${meant ?? listed(Object.keys(checks))}.`;
      const received = (value as Record<string, unknown>)[name];
      throw new HcsArgumentError(`${field}.${name}`, 'must be a known option', received, remedy);
    }
    for (const [name, check] of Object.entries<Check>(checks)) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined) check(member, `${field}.${name}`);
      else if (required.includes(name as keyof T & string)) {
        throw new HcsArgumentError(`${field}.${name}`, 'must be present', undefined);
      }
    }
  };
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** An array of such values. */
export function list(check: Check): Check {
  return (value, field) => {
    if (!Array.isArray(value)) throw new HcsArgumentError(field, 'must be an array', value);
    value.forEach((item, index) => check(item, `${field}[${index}]`));
  };
}

/** An object of such values by names of the caller's choice. */
export function record(check: Check): Check {
  return (value, field) => {
    if (!isPlainObject(value)) throw new HcsArgumentError(field, 'must be a plain object', value);
    for (const [name, member] of Object.entries(value)) check(member, `${field}[${JSON.stringify(name)}]`);
  };
}

/** One of these values. */
export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, field) => {
    if (values.includes(value as string)) return;
    throw new HcsArgumentError(field, `must be ${listed(values.map((each) => JSON.stringify(each)))}`, value);
  };
}

/** Text that is not empty. */
export const text: Check = (value, field) => {
  if (checkedText(value, field) === '') throw new HcsArgumentError(field, 'must be a non-empty string', value);
};

/** Text that may be empty. */
export const anyText: Check = (value, field) => void checkedText(value, field);

/** Text of this form. */
export function matching(form: RegExp | ((text: string) => boolean), requirement: Requirement): Check {
  const fits = typeof form === 'function' ? form : (given: string): boolean => form.test(given);
  return (value, field) => {
    if (!fits(checkedText(value, field))) throw new HcsArgumentError(field, requirement, value);
  };
}

export const flag: Check = (value, field) => {
  if (typeof value !== 'boolean') throw new HcsArgumentError(field, 'must be a boolean', value);
};

/** What is either left out or true. */
export const onlyTrue: Check = (value, field) => {
  if (value !== true) throw new HcsArgumentError(field, 'must be true or undefined', value);
};

/** A whole number; beyond 2^53-1 as a bigint. */
export function whole(least: number, most: number | bigint): Check {
  return (value, field) => {
    const exact = typeof value === 'bigint' || Number.isSafeInteger(value);
    if (exact && (value as number) >= least && (value as number) <= most) return;
    throw new HcsArgumentError(field, `must be a whole number from ${least} to ${most}`, value);
  };
}

/** A plain object that is passed on as it is. */
export const plain: Check = (value, field) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new HcsArgumentError(field, "must be an object in HCS's own spelling", value);
};

/** Exactly one of these members. */
export function exactlyOne(value: unknown, field: string, ...names: readonly string[]): void {
  if (names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1) return;
  throw new HcsArgumentError(field, `must have exactly one of ${names.join(', ')}`, value);
}

/** Options that only the other schema knows. */
export function refuse(options: object, names: readonly string[], remedy: string, within = 'options'): void {
  for (const name of names) {
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined) continue;
    throw new HcsArgumentError(`${within}.${name}`, 'must not be used with this schema', value, remedy);
  }
}

/** A copy that lacks these members. */
export function without<T extends object, Name extends keyof T>(object: T, ...names: readonly Name[]): Omit<T, Name> {
  const left = Object.entries(object).filter(([name]) => !names.includes(name as Name));
  return Object.fromEntries(left) as Omit<T, Name>;
}
