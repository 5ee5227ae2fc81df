/**
 * The options of a function: each is read once, and a misspelt one is refused, not ignored.
 *
 * @module
 */
import { nearest } from './documents/nearest.js';
import { HcsArgumentError } from './errors/errors.js';

/**
 * Whether it is an object of members and nothing else: not a `Map`, a `Date`, an `AbortSignal` or another instance of a class,
 * which has no members to be read as options.
 */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null;
  if (prototype === null || prototype === Object.prototype) return true;
  // By name: the objects of another context have another prototype, and that of process.env has a function without a name.
  const { constructor } = prototype;
  return typeof constructor === 'function' && (constructor.name === 'Object' || constructor.name === '');
}

/**
 * Reads options. What a getter or a proxy returns is used as it was checked: nothing else may look at `given`.
 *
 * @param field - names the object in the error
 * @param more - further names, which come first in the error
 * @returns the options that are present
 * @throws {@link HcsArgumentError} for what is not an object of members, and for the first member that is not an option
 */
export function readOptions<T>(
  given: T,
  known: readonly string[],
  field = 'options',
  more: readonly string[] = [],
): T & object {
  if (!isPlainObject(given)) throw new HcsArgumentError(field, 'must be a plain object', given);
  for (const name of Object.keys(given)) {
    if (!known.includes(name) && !more.includes(name)) throw unknownOption(given, name, [...more, ...known], field);
  }
  const options: Record<string, unknown> = {};
  readInto(options, given, known);
  if (more.length > 0) readInto(options, given, more);
  return options as T & object;
}

function readInto(options: Record<string, unknown>, given: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) options[name] = value;
  }
}

function unknownOption(given: object, name: string, known: readonly string[], field: string): HcsArgumentError {
  const meant = nearest(name, known);
  const remedy = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const received = (given as Readonly<Record<string, unknown>>)[name];
  return new HcsArgumentError(`${field}.${name}`, 'must be a known option', received, remedy);
}
