/**
 * The names of options: a misspelt one is refused, not ignored.
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
 * Throws for what is not an object of members, and for the first member that is not an option.
 *
 * @param field - names the object in the error
 * @param more - further names, which come first in the error
 */
export function checkOptionNames(
  given: unknown,
  known: readonly string[],
  field = 'options',
  more: readonly string[] = [],
): asserts given is object {
  if (!isPlainObject(given)) throw new HcsArgumentError(field, 'must be a plain object', given);
  for (const name of Object.keys(given)) {
    if (!known.includes(name) && !more.includes(name)) throw unknownOption(given, name, [...more, ...known], field);
  }
}

function unknownOption(given: object, name: string, known: readonly string[], field: string): HcsArgumentError {
  const meant = nearest(name, known);
  const remedy = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const received = (given as Readonly<Record<string, unknown>>)[name];
  return new HcsArgumentError(`${field}.${name}`, 'must be a known option', received, remedy);
}
