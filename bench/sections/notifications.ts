import { series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { repeat, trial } from '../support/bench.js';

export const notifications: Section = {
  id: 'c',
  title: 'Notifications',
  about: 'Delivered to one listener, in order.',
  measure({ rounds, quick }) {
    const count = quick ? 50_000 : 1_000_000;
    const runs = repeat(rounds, () => trial('notifications', count).trim().split(' ').map(Number));
    const figures = ['without data', 'with data'].map((name, column) => ({
      name,
      series: [
        series(
          'hostcompute',
          runs.map((round) => (round[column] ?? NaN) / 1e6),
        ),
      ],
      target: { least: 1 },
    }));
    return [
      { title: 'Millions of notifications per second', unit: 'million/s', better: 'more', chart: 'bars', figures },
    ];
  },
};
