/**
 * The log of a container: files of JSON lines, numbered in their order, of which the oldest go when there are too many.
 *
 * @module
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339. */
  readonly time: string;
  readonly text: string;
}

/** How much of a log is kept. */
export interface LogLimits {
  readonly fileBytes: number;
  readonly files: number;
}

export const usualLimits: LogLimits = { fileBytes: 4 << 20, files: 4 };

export function logFile(folder: string, number: number): string {
  return join(folder, `log-${String(number).padStart(8, '0')}.jsonl`);
}

/** The numbers of those that are there, in order. */
export async function logNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  const numbers = names.flatMap((name) => {
    const [, number] = /^log-(\d{8})\.jsonl$/.exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.sort((a, b) => a - b);
}
