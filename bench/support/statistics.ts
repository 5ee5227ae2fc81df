/** Figures of a set of samples. Percentiles are nearest-rank: each is a sample that was measured. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

const ranked =
  (sorted: readonly number[]) =>
  (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;

export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = ranked(sorted);
  return {
    count: sorted.length,
    min: rank(0),
    p50: rank(0.5),
    p90: rank(0.9),
    p99: rank(0.99),
    max: rank(1),
  };
}

export function median(samples: readonly number[]): number {
  return summarise(samples).p50;
}

/** How many bins a power of ten has. */
export const binsPerDecade = 20;

/** Samples in little room: what charts and comparisons need of them. */
export interface Distribution {
  readonly count: number;
  /** By share, from 0 to 1. */
  readonly quantiles: readonly (readonly [share: number, value: number])[];
  /** Bin `first + i` has `counts[i]` samples, from 10^((first + i) / 20) to the next. */
  readonly first: number;
  readonly counts: readonly number[];
}

const shares = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];
const least = 1e-3; // for a logarithm: the clock can say that no time has passed

export function distributionOf(samples: readonly number[]): Distribution {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = ranked(sorted);
  const binOf = (value: number): number => Math.floor(Math.log10(Math.max(least, value)) * binsPerDecade);
  const first = binOf(rank(0));
  const counts = Array.from({ length: sorted.length === 0 ? 0 : binOf(rank(1)) - first + 1 }, () => 0);
  for (const value of sorted) counts[binOf(value) - first]! += 1;
  return {
    count: sorted.length,
    quantiles: sorted.length === 0 ? [] : shares.map((share) => [share, rank(share)] as const),
    first: sorted.length === 0 ? 0 : first,
    counts,
  };
}

/** Rows of text in aligned columns, the first to the left and the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
