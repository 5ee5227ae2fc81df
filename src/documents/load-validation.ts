/**
 * Loads the validator and its tables, the larger part of this package, when a call first needs them.
 *
 * @module
 */
import type * as Validation from './request-validation.js';

let loaded: typeof Validation | undefined;

/** The validator where it has been loaded: a document can be validated without a wait. */
export function loadedValidation(): typeof Validation | undefined {
  return loaded;
}

export async function loadValidation(): Promise<typeof Validation> {
  return (loaded ??= await import('./request-validation.js'));
}
