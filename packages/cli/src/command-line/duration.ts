/**
 * Durations as people type them.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `500ms`, `1.5s`, `2m` or `1h`; a number alone is seconds. */
export function parseDuration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(number) * units[unit]!);
  if (milliseconds > 0 && milliseconds <= 0x7fffffff) return milliseconds;
  throw new InvalidArgumentError('It must be a time such as 500ms, 30s or 2m.');
}
