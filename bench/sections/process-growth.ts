import type { Group } from '../results/figures.js';
import { series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { trial } from '../support/bench.js';

const marks = 4;

type Mark = Readonly<Record<'processes' | 'descriptors' | 'threads' | 'handles' | 'pipes' | 'programs', number>> &
  Readonly<Record<'rss' | 'heap', number>>;

export const processGrowth: Section = {
  id: 'h',
  title: 'What stays behind after many processes',
  about:
    'Processes are run to their end and closed. The trial fails when descriptors, handles, pipes or programs grow.',
  measure: ({ quick }) => [1, 50].flatMap((atOnce) => grow(quick ? 400 : 10_000, atOnce)),
};

function grow(processes: number, atOnce: number): Group[] {
  const kept = JSON.parse(trial('process-growth', processes, marks, atOnce)) as Mark[];
  const figures = (names: Readonly<Partial<Record<keyof Mark, string>>>) =>
    kept.map((mark) => ({
      name: `after ${mark.processes.toLocaleString('en-US')}`,
      at: mark.processes,
      series: Object.entries(names).map(([key, name]) => series(name, [mark[key as keyof Mark]])),
    }));
  const axis = 'processes that have ended';
  return [
    {
      title: `Memory, ${atOnce} at once`,
      unit: 'MiB',
      better: 'less',
      chart: 'line',
      axis,
      figures: figures({ rss: 'resident memory', heap: 'heap' }),
    },
    {
      title: `What can be counted, ${atOnce} at once`,
      unit: 'count',
      better: 'less',
      chart: 'none',
      figures: figures({
        descriptors: 'descriptors',
        threads: 'threads',
        handles: 'handles',
        pipes: 'pipes',
        programs: 'programs',
      }),
    },
  ];
}
