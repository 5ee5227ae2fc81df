// (f) bytes through the streams of a process, against child_process
import type { Effort } from '../support/bench.js';
import { clientPath, inTurn, ratios, spread, trial } from '../support/bench.js';
import { median, table } from '../support/statistics.js';

const mebibytes = 256;

export function throughput({ rounds }: Effort): void {
  const compare = (way: string, ...child: string[]): string[] => {
    const rate = (...args: string[]): number => Number(trial('throughput', way, mebibytes, ...args));
    const sides = inTurn(
      rounds,
      () => rate(),
      () => rate(...child),
    );
    return [median(sides.ours).toFixed(0), median(sides.theirs).toFixed(0), spread(ratios(sides))];
  };
  console.log(`\n(f) ${mebibytes} MiB through the streams of a process, MiB per second`);
  console.log('child_process: a program that writes the same bytes in the same blocks of 64 KiB, and cat');
  console.log(
    table([
      ['', 'hostcompute', 'child_process', 'hostcompute / child_process'],
      ['out of sim-flood', ...compare('flood', clientPath, 'flood', String(mebibytes))],
      ['in and out of sim-cat', ...compare('cat', 'cat')],
    ]),
  );
}
