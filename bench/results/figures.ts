// What a run has measured, as plain data: the tables, report.json and the page are made from it. A section has groups, a
// group has figures in one unit, and a figure has a series for each side that was measured.
import type { Distribution } from '../support/statistics.js';
import { distributionOf, median, summarise } from '../support/statistics.js';

/** What a value has to keep to. */
export type Target = { readonly most: number } | { readonly least: number };

/** One side of a figure. */
export interface Series {
  readonly name: string;
  /** A value for each round; the median, where a round has many samples. */
  readonly rounds: readonly number[];
  /** The 99th percentile of each round. */
  readonly tails?: readonly number[];
  /** Of the samples of all rounds. */
  readonly distribution?: Distribution;
}

/** The first series of a figure by another, round by round. */
export interface Ratio {
  readonly against: string;
  readonly rounds: readonly number[];
  readonly target?: Target;
}

export interface Figure {
  readonly name: string;
  /** What the axis of a line says, where a figure is a point of it. */
  readonly at?: number;
  readonly series: readonly Series[];
  readonly ratios?: readonly Ratio[];
  /** Of the first series. */
  readonly target?: Target;
}

/** Figures that belong in one table and in one chart. */
export interface Group {
  readonly title: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  /** `none`: a table says it all. */
  readonly chart: 'distributions' | 'bars' | 'line' | 'none';
  /** What the axis of a line is. */
  readonly axis?: string;
  /** What a reader has to know besides. */
  readonly note?: string;
  readonly figures: readonly Figure[];
}

export interface SectionResult {
  readonly id: string;
  readonly title: string;
  /** What is done, and what it is compared with. */
  readonly about: string;
  readonly groups: readonly Group[];
}

/** A series of one value per round. */
export const series = (name: string, rounds: readonly number[]): Series => ({ name, rounds });

/** A series of many samples per round. */
export function sampled(name: string, rounds: readonly (readonly number[])[]): Series {
  const summaries = rounds.map(summarise);
  return {
    name,
    rounds: summaries.map(({ p50 }) => p50),
    tails: summaries.map(({ p99 }) => p99),
    distribution: distributionOf(rounds.flat()),
  };
}

/** A figure whose first series is compared with each of the others; the target is that of the first comparison. */
export function compared(name: string, all: readonly Series[], target?: Target): Figure {
  const [first, ...others] = all;
  const ratios = others.map(({ name: against, rounds }, index): Ratio => {
    const values = rounds.map((value, round) => (first?.rounds[round] ?? NaN) / value);
    return { against, rounds: values, ...(index === 0 && target !== undefined ? { target } : {}) };
  });
  return { name, series: all, ratios };
}

export type Verdict = 'met' | 'met in the median, not in every round' | 'missed';

export function verdict(target: Target, rounds: readonly number[]): Verdict {
  const meets = (value: number): boolean => ('most' in target ? value <= target.most : value >= target.least);
  if (!meets(median(rounds))) return 'missed';
  return rounds.every(meets) ? 'met' : 'met in the median, not in every round';
}
