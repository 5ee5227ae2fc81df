// The targets of the project, all in one place: how far each figure is on the right side of its own.
import type { Figure, Target, Verdict } from '../results/figures.js';
import { verdict } from '../results/figures.js';
import type { Report } from '../results/report.js';
import { spread, targetText } from '../results/text.js';
import { median } from '../support/statistics.js';
import type { Drawing } from './drawing.js';
import type { Layout } from './layout.js';
import { Rows, wrapped } from './layout.js';

export interface Goal {
  readonly section: string;
  readonly name: string;
  readonly what: string;
  readonly target: Target;
  readonly rounds: readonly number[];
  readonly verdict: Verdict;
}

/** Every figure that has a target. */
export function goalsOf({ sections }: Report): Goal[] {
  return sections.flatMap(({ id, groups }) =>
    groups.flatMap(({ title, unit, figures }) =>
      figures.flatMap((figure) =>
        goalsOfFigure(figure, unit).map((goal) => ({ ...goal, section: id, name: `${title}: ${figure.name}` })),
      ),
    ),
  );
}

function goalsOfFigure({ series: [own], target, ratios = [] }: Figure, unit: string): Omit<Goal, 'section' | 'name'>[] {
  const goal = (what: string, of: Target, rounds: readonly number[]) => ({
    what,
    target: of,
    rounds,
    verdict: verdict(of, rounds),
  });
  return [
    ...(target !== undefined && own !== undefined ? [goal(unit, target, own.rounds)] : []),
    ...ratios.flatMap(({ against, target: of, rounds }) =>
      of === undefined ? [] : [goal(`against ${against}`, of, rounds)],
    ),
  ];
}

/** Above 1 on the right side of the target, below it on the other. */
const margin = (target: Target, value: number): number =>
  'most' in target ? target.most / value : value / target.least;

export function targetsDrawing(goals: readonly Goal[], layout: Layout, host: string): Drawing {
  const rows = new Rows(layout);
  const margins = goals.flatMap(({ target, rounds }) => rounds.map((value) => margin(target, value)));
  const reach = Math.max(2, ...margins.map((value) => Math.max(value, 1 / value))) * 1.1;
  const lines: Drawing['lines'][number][] = [];
  const dots: Drawing['dots'][number][] = [];
  for (const { section, name, what, target, rounds, verdict: met } of goals) {
    rows.heading(`(${section}) ${name}`);
    const fill = met === 'missed' ? 'var(--bad)' : 'var(--good)';
    const said = met === 'met in the median, not in every round' ? 'met in the median' : met;
    const lane = rows.lane(
      12,
      `${said}:`,
      `${spread(rounds)}, ${targetText(target)}${layout.wide ? '' : ` ${what}`}`,
      fill,
    );
    const y = (lane.top + lane.bottom) / 2;
    const all = rounds.map((value) => margin(target, value));
    lines.push({ x: 1, x2: 1, y: lane.top - 3, y2: lane.bottom + 3, stroke: 'var(--target)', width: 3 });
    lines.push({ x: Math.min(...all), x2: Math.max(...all), y, y2: y, stroke: fill, width: 2 });
    dots.push({ x: margin(target, median(rounds)), y, fill, shape: met === 'missed' ? 'cross' : 'circle' });
    rows.space();
  }
  return {
    label: `The targets, ${host}: how far each is kept or missed; the tables of the sections have the figures`,
    ...layout,
    height: rows.height,
    domain: [1 / reach, reach],
    logarithmic: true,
    axisTitle: wrapped(`${host} · times as good as the target, logarithmic · right of the line is met`, layout),
    boxes: [],
    lines,
    dots,
    words: rows.words,
  };
}
