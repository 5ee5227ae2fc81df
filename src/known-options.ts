/**
 * The names of options: a misspelt one is refused, not ignored.
 *
 * @module
 */
import { nearest } from './documents/nearest.js';
import { HcsArgumentError } from './errors/errors.js';

/**
 * Throws for what is not an object, and for the first member that is not an option.
 *
 * @param field - names the object in the error
 */
export function checkOptionNames(given: unknown, known: readonly string[], field = 'options'): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new HcsArgumentError(field, 'must be an object', given);
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const remedy = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const received = (given as Readonly<Record<string, unknown>>)[unknown];
  throw new HcsArgumentError(`${field}.${unknown}`, 'must be a known option', received, remedy);
}
