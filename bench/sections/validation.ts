// (i) validation, by itself and as a part of create
import type { Effort } from '../support/bench.js';
import { readPhases, repeat, spread, trial } from '../support/bench.js';
import type { Summary } from '../support/statistics.js';
import { summarise, table } from '../support/statistics.js';

const phases = ['off', 'validated', 'alone'];
const percent = (samples: readonly number[]): string =>
  `${spread(
    samples.map((each) => each * 100),
    1,
  )} %`;

function speed(size: 'small' | 'large', what: string, rounds: number): { row: string[]; p50: number[] } {
  const runs = repeat(rounds, () =>
    summarise(readPhases(['document'], trial('validation', size, 4000)).document ?? []),
  );
  const of = (share: keyof Summary): number[] => runs.map((run) => run[share]);
  const perSecond = of('p50').map((microseconds) => 1000 / microseconds);
  return { row: [what, spread(of('p50')), spread(of('p99')), `${spread(perSecond, 1)} thousand`], p50: of('p50') };
}

export function validation({ rounds, cycles }: Effort): void {
  const small = speed('small', 'container', rounds);
  const large = speed('large', 'utility VM with 200 devices', rounds);
  console.log('\n(i) Validation of a document in a loop, microseconds');
  console.log(table([['', 'p50', 'p99', 'documents per second'], small.row, large.row]));

  const runs = repeat(rounds, () => readPhases(phases, trial('validation-share', 5 * cycles)));
  const of = (phase: string, share: 'p50' | 'p99'): number[] => runs.map((run) => summarise(run[phase] ?? [])[share]);
  const off = of('off', 'p50');
  const share = (times: readonly number[]): string => percent(times.map((time, round) => time / (off[round] ?? NaN)));
  console.log('\n(i) Creating the container without validation and with it, in turn, microseconds');
  console.log(
    table([
      ['', 'p50', 'p99', 'share of a create without validation'],
      ['create without validation', spread(off, 1), spread(of('off', 'p99'), 1), ''],
      ['create with validation', spread(of('validated', 'p50'), 1), spread(of('validated', 'p99'), 1), ''],
      ['the difference', '', '', share(of('validated', 'p50').map((time, round) => time - (off[round] ?? NaN)))],
      [
        'one validation between creates',
        spread(of('alone', 'p50')),
        spread(of('alone', 'p99')),
        share(of('alone', 'p50')),
      ],
      ['one of many in a loop', spread(small.p50), '', share(small.p50)],
    ]),
  );
}
