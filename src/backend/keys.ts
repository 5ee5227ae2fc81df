/**
 * The keys of functions: library and name.
 *
 * @module
 */
import type { FunctionKey, FunctionName } from './backend.js';
import { functions } from './functions.js';

const keys = new Map<string, FunctionKey>();
for (const key of Object.keys(functions) as FunctionKey[]) {
  const name = nameOf(key);
  // What only the name tells is of vmcompute, which comes first in the list.
  if (!keys.has(name)) keys.set(name, key);
  keys.set(key, key);
}

/** The key of a function. Entities name what they do by the function's own name; a backend wants the key. */
export function keyOf(function_: FunctionKey | FunctionName): FunctionKey {
  return keys.get(function_)!;
}

/** The name of a function without that of its library. */
export function nameOf(key: FunctionKey): FunctionName {
  return key.slice(key.indexOf('.') + 1) as FunctionName;
}
