import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { inTurn, limit, ours } from '../support/bench.js';

const threads = [2, 4, 8, 64];

export const rate: Section = {
  id: 'b',
  title: 'Throughput of systems',
  about: `64 systems at once: create, start, terminate, close. The C++ client is the best of ${threads.join(', ')} blocking threads.`,
  measure({ rounds, quick }) {
    const [warmup, milliseconds] = quick ? [300, 300] : [2500, 1500];
    const sides = inTurn(rounds, [
      ours(Number, 'rate', 64, milliseconds, warmup),
      {
        name: 'C++ client',
        run: () => Math.max(...threads.map((count) => Number(limit('rate', count, milliseconds / 2)))),
      },
    ]);
    const all = sides.map(({ name, rounds: each }) => series(name, each));
    const figures = [compared('64 systems at once', all, { least: 0.6 })];
    return [{ title: 'Cycles per second', unit: 'cycles/s', better: 'more', chart: 'bars', figures }];
  },
};
