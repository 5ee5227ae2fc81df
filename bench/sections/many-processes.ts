// (g) many processes at once
import type { Effort } from '../support/bench.js';
import { inTurn, limit, ratios, spread, trial } from '../support/bench.js';
import { median, table } from '../support/statistics.js';

const processes = 200;
const repetitions = 20;
const threads = [2, 4, 16, 200];

interface Run {
  /** Milliseconds of each repetition. */
  readonly times: readonly number[];
  /** The most threads that calls occupied. */
  readonly threads: number;
}

// The second half of the repetitions of each run.
const settled = ({ times }: Run): number => median(times.slice(times.length / 2));

export function manyProcesses({ rounds }: Effort): void {
  const rows = [1, 20].map((systems) => {
    const runs: Run[] = [];
    const sides = inTurn(
      rounds,
      () => {
        const run = JSON.parse(trial('many-processes', systems, processes, repetitions)) as Run;
        runs.push(run);
        return settled(run);
      },
      () => {
        const each = threads.map((count) => limit('many-processes', systems, processes, repetitions, count));
        return Math.min(...each.map((output) => settled(JSON.parse(output) as Run)));
      },
    );
    const perSecond = (times: readonly number[]): string => ((processes / median(times)) * 1000).toFixed(0);
    return [
      `${systems} system${systems === 1 ? '' : 's'}`,
      median(sides.ours).toFixed(1),
      median(runs.map(({ times }) => times[0] ?? NaN)).toFixed(1),
      perSecond(sides.ours),
      median(sides.theirs).toFixed(1),
      perSecond(sides.theirs),
      spread(ratios({ ours: sides.theirs, theirs: sides.ours })),
      String(Math.max(...runs.map((run) => run.threads))),
    ];
  });
  console.log(`\n(g) ${processes} processes at once, from the first create to the last close`);
  console.log(`limit: the best of ${threads.join(', ')} blocking threads`);
  console.log(
    table([
      ['in', 'ms', 'first, ms', 'processes/s', 'limit ms', 'limit processes/s', 'rate / limit', 'threads, most'],
      ...rows,
    ]),
  );
}
