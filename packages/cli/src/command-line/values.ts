/**
 * Values of options.
 *
 * @module
 */

/** For options that may be given several times: one with a variable number of values would take the arguments behind it. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
