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
  if (prototype === null) return true;
  // By name: the objects of another context have another prototype, and that of process.env has a function without a name.
  const { constructor } = prototype;
  return typeof constructor === 'function' && (constructor.name === 'Object' || constructor.name === '');
}

/**
 * Throws for what is not an object of members, and for the first member that is not an option.
 *
 * @param field - names the object in the error
 */
export function checkOptionNames(given: unknown, known: readonly string[], field = 'options'): asserts given is object {
  if (!isPlainObject(given)) throw new HcsArgumentError(field, 'must be a plain object', given);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const remedy = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const received = (given as Readonly<Record<string, unknown>>)[unknown];
  throw new HcsArgumentError(`${field}.${unknown}`, 'must be a known option', received, remedy);
}
