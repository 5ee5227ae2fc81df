// (d) event loop
import type { Effort } from '../support/bench.js';
import { repeat, spread, trial } from '../support/bench.js';
import { table } from '../support/statistics.js';

interface Delays {
  readonly starts: { readonly p99: number; readonly max: number };
  readonly hang: { readonly p99: number; readonly max: number; readonly slowest: number };
}

export function loopDelay({ rounds }: Effort): void {
  const delays = repeat(rounds, () => JSON.parse(trial('loop-delay')) as Delays);
  const cell = (pick: (delays: Delays) => number): string => spread(delays.map(pick));
  console.log('\n(d) Event-loop delay, milliseconds');
  console.log(
    table([
      ['', 'p99', 'max', 'slowest cycle of another system'],
      ['1,000 starts in flight', cell(({ starts }) => starts.p99), cell(({ starts }) => starts.max), ''],
      [
        'one call hangs for 3 s',
        cell(({ hang }) => hang.p99),
        cell(({ hang }) => hang.max),
        cell(({ hang }) => hang.slowest),
      ],
    ]),
  );
}
