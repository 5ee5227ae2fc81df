import type { Figure, Target } from '../results/figures.js';
import { series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { repeat, trial } from '../support/bench.js';

interface Delays {
  readonly starts: { readonly p99: number; readonly max: number };
  readonly hang: { readonly p99: number; readonly max: number; readonly slowest: number };
}

const target: Target = { most: 10 };

export const loopDelay: Section = {
  id: 'd',
  title: 'Delay of the event loop',
  about: 'How late the event loop runs, and how long the slowest cycle of another system takes while one call hangs.',
  measure({ rounds, quick }) {
    const [starts, hang] = quick ? [100, 300] : [1000, 3000];
    const delays = repeat(rounds, () => JSON.parse(trial('loop-delay', starts, hang)) as Delays);
    const of = (name: string, pick: (delays: Delays) => number) => series(name, delays.map(pick));
    const figures: Figure[] = [
      {
        name: `${starts} starts in flight`,
        series: [of('longest', (all) => all.starts.max), of('p99', (all) => all.starts.p99)],
        target,
      },
      {
        name: `a call hangs for ${hang / 1000} s`,
        series: [of('longest', (all) => all.hang.max), of('p99', (all) => all.hang.p99)],
        target,
      },
      { name: 'slowest cycle meanwhile', series: [of('longest', (all) => all.hang.slowest)] },
    ];
    return [{ title: 'Delay of the event loop', unit: 'ms', better: 'less', chart: 'bars', figures }];
  },
};
