import type { Figure, Group } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Measured, Section } from '../support/bench.js';
import { inTurn, limit, ours } from '../support/bench.js';
import { median } from '../support/statistics.js';

const threads = [2, 4, 16, 200];

interface Run {
  /** Milliseconds of each repetition. */
  readonly times: readonly number[];
  /** The most threads that calls occupied. */
  readonly threads: number;
}

const read = (output: string): Run => JSON.parse(output) as Run;
// The second half of the repetitions of each run.
const settled = ({ times }: Run): number => median(times.slice(times.length / 2));

export const manyProcesses: Section = {
  id: 'g',
  title: 'Throughput of processes',
  about:
    'Many processes at once, from the first create to the last close. ' +
    `The C++ client is the best of ${threads.join(', ')} blocking threads.`,
  measure({ rounds, quick }) {
    const processes = quick ? 50 : 200;
    const repetitions = quick ? 4 : 20;
    const runs = [1, 20].map((systems) => ({
      name: `${processes} in ${systems} system${systems === 1 ? '' : 's'}`,
      sides: inTurn(rounds, [
        ours(read, 'many-processes', systems, processes, repetitions),
        { name: 'C++ client', run: () => best(systems, processes, repetitions) },
      ]),
    }));
    const figures = (of: (name: string, sides: readonly Measured<Run>[]) => Figure): Figure[] =>
      runs.map(({ name, sides }) => of(name, sides));
    const groups: Group[] = [
      {
        title: 'Processes per second',
        unit: 'processes/s',
        better: 'more',
        chart: 'bars',
        figures: figures((name, sides) =>
          compared(
            name,
            sides.map((side) =>
              series(
                side.name,
                side.rounds.map((run) => (processes / settled(run)) * 1000),
              ),
            ),
          ),
        ),
      },
      {
        title: 'Until all are closed',
        unit: 'ms',
        better: 'less',
        chart: 'none',
        figures: figures((name, [own]) => ({
          name,
          series: [
            series(
              'the first time',
              own!.rounds.map(({ times }) => times[0] ?? NaN),
            ),
            series('settled', own!.rounds.map(settled)),
          ],
        })),
      },
      {
        title: 'The most threads that calls occupied',
        unit: 'threads',
        better: 'less',
        chart: 'none',
        figures: figures((name, [own]) => ({
          name,
          series: [
            series(
              'hostcompute',
              own!.rounds.map((run) => run.threads),
            ),
          ],
        })),
      },
    ];
    return groups;
  },
};

function best(systems: number, processes: number, repetitions: number): Run {
  const runs = threads.map((count) => read(limit('many-processes', systems, processes, repetitions, count)));
  return runs.reduce((one, other) => (settled(other) < settled(one) ? other : one));
}
