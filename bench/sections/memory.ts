import type { Figure } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { client, inTurn, ours } from '../support/bench.js';

interface Mark {
  readonly systems: number;
  /** MiB. */
  readonly rss: number;
  readonly heap?: number;
}

const marks = 4;
const read = (output: string): readonly Mark[] => JSON.parse(output) as Mark[];

/** From the first mark to the last, for each system. */
const kibibytesEach = (run: readonly Mark[], pick: (mark: Mark) => number): number => {
  const [first, last] = [run[0]!, run.at(-1)!];
  return ((pick(last) - pick(first)) * 1024) / (last.systems - first.systems);
};

export const memory: Section = {
  id: 'n',
  title: 'Memory per system',
  about:
    'Systems are created and started, and stay open. The simulated host is in the same process on both sides, so its share ' +
    'is in both; the C++ client has next to nothing besides. Before the first mark 3,000 were opened and closed, one after the other.',
  measure({ rounds, quick }) {
    const sides = inTurn(rounds, [
      ours(read, 'memory', quick ? 200 : 2000, marks),
      client(read, 'memory', quick ? 200 : 2000, marks),
    ]);
    const own = sides[0]!.rounds;
    const each = sides.map((side) =>
      series(
        side.name,
        side.rounds.map((run) => kibibytesEach(run, ({ rss }) => rss)),
      ),
    );
    const heap = series(
      'hostcompute',
      own.map((run) => kibibytesEach(run, (mark) => mark.heap ?? NaN)),
    );
    const atMark = (index: number): Figure => ({
      name: `${own[0]![index]!.systems.toLocaleString('en-US')} systems`,
      at: own[0]![index]!.systems,
      series: sides.map((side) =>
        series(
          side.name,
          side.rounds.map((run) => run[index]!.rss),
        ),
      ),
    });
    return [
      {
        title: 'For each open system',
        unit: 'KiB',
        better: 'less',
        chart: 'bars',
        figures: [
          { ...compared('resident memory', each), target: { most: 8 } },
          { name: 'heap of JavaScript', series: [heap] },
        ],
      },
      {
        title: 'Resident memory of the whole process',
        unit: 'MiB',
        better: 'less',
        chart: 'line',
        axis: 'open systems',
        figures: Array.from({ length: marks + 1 }, (_, index) => atMark(index)),
      },
    ];
  },
};
