// (b) rate
import type { Effort } from '../support/bench.js';
import { inTurn, limit, ratios, spread, trial } from '../support/bench.js';
import { median, table } from '../support/statistics.js';

const threads = [2, 4, 8, 64];

export function rate({ rounds }: Effort): void {
  const sides = inTurn(
    rounds,
    () => Number(trial('rate', 64, 1500)),
    () => Math.max(...threads.map((count) => Number(limit('rate', count, 800)))),
  );
  console.log(
    `\n(b) 64 systems at once, cycles per second (limit: the best of ${threads.join(', ')} blocking threads)`,
  );
  console.log(
    table([
      ['', 'hostcompute', 'limit', 'hostcompute / limit'],
      ['cycles/s', median(sides.ours).toFixed(0), median(sides.theirs).toFixed(0), spread(ratios(sides))],
    ]),
  );
}
