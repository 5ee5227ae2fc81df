// What sections that compare the phases of a cycle have in common.
import type { Figure, Target } from '../results/figures.js';
import { compared, sampled } from '../results/figures.js';
import type { Measured } from './bench.js';

/** The phases of one side, measured in one run: microseconds by name. */
export type Phases = Readonly<Record<string, readonly number[]>>;

/** Lines of nanoseconds, a column for each phase; of the second half of the cycles. */
export function readPhases(names: readonly string[], output: string): Phases {
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const late = lines.slice(lines.length / 2);
  return Object.fromEntries(names.map((name, column) => [name, late.map((line) => (line[column] ?? NaN) / 1000)]));
}

/** A figure for each phase, of the samples of all sides. */
export function phaseFigures(
  names: readonly string[],
  sides: readonly Measured<Phases>[],
  targets: Readonly<Record<string, Target>>,
): Figure[] {
  return names.map((phase) => {
    const all = sides.map(({ name, rounds }) =>
      sampled(
        name,
        rounds.map((round) => round[phase] ?? []),
      ),
    );
    return compared(phase, all, targets[phase]);
  });
}
