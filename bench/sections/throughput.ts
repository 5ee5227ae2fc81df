import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { clientPath, inTurn, trial } from '../support/bench.js';

export const throughput: Section = {
  id: 'f',
  title: 'Bytes through the streams of a process',
  about:
    'Against child_process of Node: a program that writes the same bytes in the same blocks of 64 KiB, and cat. ' +
    'The clock begins when the process is there.',
  measure({ rounds, quick }) {
    const mebibytes = quick ? 16 : 256;
    const compare = (what: string, way: string, ...child: string[]) => {
      const rate = (...args: string[]): number => Number(trial('throughput', way, mebibytes, ...args));
      const sides = inTurn(rounds, [
        { name: 'hostcompute', run: () => rate() },
        { name: 'child_process', run: () => rate(...child) },
      ]);
      const all = sides.map(({ name, rounds: each }) => series(name, each));
      return compared(what, all, { least: 0.9 });
    };
    const figures = [
      compare('out', 'flood', clientPath, 'flood', String(mebibytes)),
      compare('in and out', 'cat', 'cat'),
    ];
    return [{ title: `${mebibytes} MiB through the streams`, unit: 'MiB/s', better: 'more', chart: 'bars', figures }];
  },
};
