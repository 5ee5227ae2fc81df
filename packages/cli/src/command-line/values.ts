/**
 * Values of options.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';

/** For options that may be given several times: one with a variable number of values would take the arguments behind it. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function parseWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** A whole number that is not 0. */
export function parseCount(text: string): number {
  const number = parseWhole(text);
  if (number > 0) return number;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
