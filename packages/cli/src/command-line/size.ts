/**
 * Sizes as people type them.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { b: 2 ** -20, k: 2 ** -10, m: 1, g: 2 ** 10, t: 2 ** 20 };

/** MiB of `512m`, `2g` or `1.5GiB`, no part of one left out; a number alone is bytes. */
export function parseMebibytes(text: string): number {
  const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkmgt])?(?:i?b)?$/i.exec(text) ?? [];
  const mebibytes = Math.ceil(Number(number) * units[unit.toLowerCase()]!);
  if (mebibytes > 0 && mebibytes <= 2 ** 40) return mebibytes;
  throw new InvalidArgumentError('It must be a size such as 512m or 2g.');
}
