/** What was counted at a moment. */
export interface Sample {
  readonly hours: number;
  readonly value: number;
}

export interface Growth {
  readonly perHour: number;
  /** Of 95%: the true growth is within this of `perHour` as often. */
  readonly margin: number;
  /** What has certainly been added between the first sample and the last. */
  readonly certain: number;
}

// Student's t for 95%, two-sided, by degrees of freedom; between two of them the greater value holds.
const students: readonly (readonly [number, number])[] = [
  [1, 12.71],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [7, 2.365],
  [10, 2.228],
  [15, 2.131],
  [30, 2.042],
  [Infinity, 2],
];

/** The line of least squares through the samples, and how sure its slope is. */
export function growthOf(samples: readonly Sample[]): Growth {
  const n = samples.length;
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, each) => sum + of(each), 0) / n;
  const [hours, value] = [mean((each) => each.hours), mean((each) => each.value)];
  const spread = samples.reduce((sum, each) => sum + (each.hours - hours) ** 2, 0);
  const perHour = samples.reduce((sum, each) => sum + (each.hours - hours) * (each.value - value), 0) / spread;
  const rest = samples.reduce((sum, each) => sum + (each.value - value - perHour * (each.hours - hours)) ** 2, 0);
  const student = [...students].reverse().find(([freedom]) => freedom <= Math.max(1, n - 2))![1];
  const margin = n > 2 ? student * Math.sqrt(rest / (n - 2) / spread) : Infinity;
  const certain = Math.max(0, perHour - margin) * (samples[n - 1]!.hours - samples[0]!.hours);
  return { perHour, margin, certain };
}
