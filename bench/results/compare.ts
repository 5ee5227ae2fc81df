// Two reports, figure by figure. The rounds of two runs are not paired, so the spread of a ratio is all that the ranges of
// both allow, and a difference counts when those ranges do not meet.
import { median, table } from '../support/statistics.js';
import type { Group } from './figures.js';
import type { Report } from './report.js';
import { number, spread } from './text.js';

export interface Difference {
  readonly section: string;
  readonly group: string;
  readonly figure: string;
  /** The side, or what it is a ratio against. */
  readonly series: string;
  readonly unit: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** After by before: of the medians, and the least and the most that the rounds allow. */
  readonly ratio: { readonly p50: number; readonly min: number; readonly max: number };
  readonly judgement: 'better' | 'worse' | 'within the spread' | 'one round: no spread';
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** What only one of them has. */
  readonly unmatched: readonly string[];
}

interface Line extends Pick<Difference, 'section' | 'group' | 'figure' | 'series' | 'unit'> {
  readonly better: Group['better'];
  readonly rounds: readonly number[];
}

function linesOf(report: Report): Map<string, Line> {
  const lines = report.sections.flatMap((section) =>
    section.groups.flatMap((group) =>
      group.figures.flatMap((figure): Line[] => {
        const at = { section: section.id, group: group.title, figure: figure.name, better: group.better };
        return [
          ...figure.series.map(({ name, rounds }) => ({ ...at, series: name, unit: group.unit, rounds })),
          ...(figure.ratios ?? []).map(({ against, rounds }) => ({
            ...at,
            series: `against ${against}`,
            unit: '',
            rounds,
          })),
        ];
      }),
    ),
  );
  return new Map(lines.map((line) => [`${line.section}: ${line.group}, ${line.figure}, ${line.series}`, line]));
}

export function compareReports(before: Report, after: Report): Comparison {
  const one = linesOf(before);
  const other = linesOf(after);
  const differences = [...one].flatMap(([key, line]) => {
    const match = other.get(key);
    return match === undefined ? [] : [difference(line, match)];
  });
  const missing = (from: Map<string, Line>, in_: Map<string, Line>): string[] =>
    [...from.keys()].filter((key) => !in_.has(key));
  return { differences, unmatched: [...missing(one, other), ...missing(other, one)] };
}

function difference({ rounds: before, better, ...at }: Line, { rounds: after }: Line): Difference {
  const ratio = {
    p50: median(after) / median(before),
    min: Math.min(...after) / Math.max(...before),
    max: Math.max(...after) / Math.min(...before),
  };
  return { ...at, before, after, ratio, judgement: judge(ratio, better, Math.min(before.length, after.length)) };
}

function judge({ min, max }: Difference['ratio'], better: Group['better'], rounds: number): Difference['judgement'] {
  if (rounds < 2) return 'one round: no spread';
  if (min > 1) return better === 'more' ? 'better' : 'worse';
  if (max < 1) return better === 'more' ? 'worse' : 'better';
  return 'within the spread';
}

/** What `--compare` prints. */
export function comparisonText(before: Report, after: Report): string {
  const { differences, unmatched } = compareReports(before, after);
  const rows = differences.map(({ section, group, figure, series, unit, ratio, judgement, ...sides }) => [
    `(${section}) ${group}, ${figure}: ${series}`,
    spread(sides.before),
    spread(sides.after),
    unit,
    `${number(ratio.p50)} (${number(ratio.min)} to ${number(ratio.max)})`,
    judgement,
  ]);
  const beyond = differences.filter(({ judgement }) => judgement === 'better' || judgement === 'worse').length;
  return [
    `before: ${described(before)}`,
    `after:  ${described(after)}`,
    ...warnings(before, after),
    '',
    table([['', 'before', 'after', '', 'after / before', ''], ...rows]),
    '',
    `${beyond} of ${differences.length} differ beyond the spread of their rounds.`,
    ...unmatched.map((key) => `only in one of them: ${key}`),
  ].join('\n');
}

const described = ({ commit, changed, date, node, rounds, host }: Report): string =>
  `commit ${commit}${changed ? ' with changes' : ''}, ${date}, Node ${node}, ${host.kind} host, ${rounds} rounds`;

function warnings(before: Report, after: Report): string[] {
  const same = (pick: (report: Report) => unknown): boolean => pick(before) === pick(after);
  return [
    ...(same(({ host }) => host.kind)
      ? []
      : ['One is of a simulated host, the other is not: their figures say nothing of each other.']),
    ...(same(({ machine }) => `${machine.processor} ${machine.processors} ${machine.system}`)
      ? []
      : ['The machines differ: what is not a ratio against the other side says little.']),
    ...(same(({ cycles, quick }) => `${cycles} ${quick}`)
      ? []
      : ['They did not do the same amount of work per round.']),
  ];
}
