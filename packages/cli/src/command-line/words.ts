/**
 * Words that commands read alike.
 *
 * @module
 */
import { usageFailure } from '../failure.js';

/** What follows a `--` that divides the words of a command from those of another one. */
export function withoutDivider(words: readonly string[]): readonly string[] {
  return words[0] === '--' ? words.slice(1) : words;
}

/**
 * `NAME=VALUE`, or a name alone. Windows has variables whose names begin with a "=".
 *
 * @param option - as it was typed
 */
export function nameAndValue(option: string, given: string): readonly [name: string, value: string | undefined] {
  const at = given.indexOf('=', 1);
  if (at !== -1) return [given.slice(0, at), given.slice(at + 1)];
  if (given === '' || given.startsWith('=')) {
    throw usageFailure(`${option} "${given}" has no name`, 'Write NAME=VALUE, or NAME.');
  }
  return [given, undefined];
}
