/**
 * Checks of the options of builders: what is misspelt, missing or of the wrong type is refused by its name.
 *
 * @module
 */
import { checkedText, shown } from '../document-text.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { nearest } from '../nearest.js';

/** Throws unless the value is what an option takes. `field` names it. */
export type Check = (value: unknown, field: string) => void;

/** The checks of an object, one for each of its members. */
export type Members<T> = { readonly [Name in keyof Required<T>]: Check };

/** An object with these members and no others; those in `required` are not left out. */
export function members<T extends object>(checks: Members<T>, ...required: (keyof T & string)[]): Check {
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new HcsArgumentError(field, `is ${shown(value)}`, 'Pass an object.');
    }
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(checks, name)) continue;
      const meant = nearest(name, Object.keys(checks));
      const remedy = `Use ${meant ?? listed(Object.keys(checks))}.`;
      throw new HcsArgumentError(`${field}.${name}`, 'is no option', remedy);
    }
    for (const [name, check] of Object.entries<Check>(checks)) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined) check(member, `${field}.${name}`);
      else if (required.includes(name as keyof T & string)) {
        throw new HcsArgumentError(`${field}.${name}`, 'is missing', 'Pass it.');
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
    if (!Array.isArray(value)) throw new HcsArgumentError(field, `is ${shown(value)}`, 'Pass an array.');
    value.forEach((item, index) => check(item, `${field}[${index}]`));
  };
}

/** An object of such values by names of the caller's choice. */
export function record(check: Check): Check {
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new HcsArgumentError(field, `is ${shown(value)}`, 'Pass an object.');
    }
    for (const [name, member] of Object.entries(value)) check(member, `${field}[${JSON.stringify(name)}]`);
  };
}

/** One of these values. */
export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, field) => {
    if (values.includes(value as string)) return;
    throw new HcsArgumentError(
      field,
      `is ${shown(value)}`,
      `Pass ${listed(values.map((each) => JSON.stringify(each)))}.`,
    );
  };
}

/** Text that is not empty. */
export const text: Check = (value, field) => {
  if (checkedText(value, field) === '') throw new HcsArgumentError(field, 'is empty', 'Pass a text, or leave it out.');
};

/** Text that may be empty. */
export const anyText: Check = (value, field) => void checkedText(value, field);

/** Text of this form. */
export function matching(form: RegExp | ((text: string) => boolean), remedy: string): Check {
  const fits = typeof form === 'function' ? form : (given: string): boolean => form.test(given);
  return (value, field) => {
    if (!fits(checkedText(value, field))) throw new HcsArgumentError(field, `is ${shown(value)}`, remedy);
  };
}

export const flag: Check = (value, field) => {
  if (typeof value !== 'boolean') throw new HcsArgumentError(field, `is ${shown(value)}`, 'Pass true or false.');
};

/** What is either left out or true. */
export const onlyTrue: Check = (value, field) => {
  if (value !== true) throw new HcsArgumentError(field, `is ${shown(value)}`, 'Pass true, or leave it out.');
};

/** A whole number; beyond 2^53-1 as a bigint. */
export function whole(least: number, most: number | bigint): Check {
  return (value, field) => {
    const exact = typeof value === 'bigint' || Number.isSafeInteger(value);
    if (exact && (value as number) >= least && (value as number) <= most) return;
    throw new HcsArgumentError(field, `is ${shown(value)}`, `Pass a whole number from ${least} to ${most}.`);
  };
}

/** A plain object that is passed on as it is. */
export const plain: Check = (value, field) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new HcsArgumentError(field, `is ${shown(value)}`, 'Pass an object in the spelling of HCS.');
};

/** Exactly one of these members. */
export function exactlyOne(value: unknown, field: string, ...names: readonly string[]): void {
  if (names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1) return;
  throw new HcsArgumentError(field, `needs one of ${names.join(', ')}`, 'Pass exactly one.');
}

/** Options that only the other schema knows. */
export function refuse(options: object, names: readonly string[], remedy: string, within = 'options'): void {
  for (const name of names) {
    if ((options as Record<string, unknown>)[name] === undefined) continue;
    throw new HcsArgumentError(`${within}.${name}`, 'does not go with this schema', remedy);
  }
}

/** A copy that lacks these members. */
export function without<T extends object, Name extends keyof T>(object: T, ...names: readonly Name[]): Omit<T, Name> {
  const left = Object.entries(object).filter(([name]) => !names.includes(name as Name));
  return Object.fromEntries(left) as Omit<T, Name>;
}
