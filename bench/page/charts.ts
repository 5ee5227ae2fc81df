// The chart of a group of figures, as a drawing.
import type { Figure, Group, Series } from '../results/figures.js';
import { number, spread } from '../results/text.js';
import type { Distribution } from '../support/statistics.js';
import { binsPerDecade, median } from '../support/statistics.js';
import type { Box, Dot, Drawing, Line } from './drawing.js';
import type { Lane, Layout } from './layout.js';
import { ceiling, Rows, wrapped } from './layout.js';

const laneHeights = { distributions: 30, bars: 16 };

/** hostcompute has one colour everywhere; the others have theirs by their order in the group. */
export function coloursOf({ figures }: Group): ReadonlyMap<string, string> {
  const names = [...new Set(figures.flatMap((figure) => figure.series.map(({ name }) => name)))];
  const others = names.slice(1);
  return new Map(
    names.map((name) => {
      if (name === names[0]) return [name, 'var(--ours)'];
      if (name.includes('koffi')) return [name, 'var(--koffi)'];
      return [name, `var(--other-${(others.filter((each) => !each.includes('koffi')).indexOf(name) % 4) + 1})`];
    }),
  );
}

export function drawingOf(group: Group, layout: Layout, host: string): Drawing | undefined {
  if (group.chart === 'none' || group.figures.length === 0) return undefined;
  if (group.chart === 'line') return lineChart(group, layout, host);
  return laneChart(group, layout, host);
}

const axisTitle = ({ unit, better, axis }: Group, host: string, layout: Layout, logarithmic: boolean): string[] => {
  const of = axis === undefined ? '' : `${axis} · `;
  return wrapped(`${of}${host} · ${unit}${logarithmic ? ', logarithmic' : ''} · ${better} is better`, layout);
};

/** What the first series of a figure has to keep to, in the unit of the figure. */
function targetOf({ series, ratios = [], target }: Figure): number | undefined {
  if (target !== undefined) return 'most' in target ? target.most : target.least;
  const ratio = ratios.find((each) => each.target !== undefined);
  const other = series.find(({ name }) => name === ratio?.against);
  if (ratio?.target === undefined || other === undefined) return undefined;
  return ('most' in ratio.target ? ratio.target.most : ratio.target.least) * median(other.rounds);
}

function laneChart(group: Group, layout: Layout, host: string): Drawing {
  const histograms = group.chart === 'distributions';
  const colours = coloursOf(group);
  const rows = new Rows(layout);
  const boxes: Box[] = [];
  const lines: Line[] = [];
  const domain = histograms ? decadesOf(group) : ([0, ceiling(mostOf(group) * 1.02)] as const);
  for (const figure of group.figures) {
    rows.heading(figure.name);
    for (const [index, one] of figure.series.entries()) {
      const colour = colours.get(one.name) ?? 'var(--ours)';
      const name = colours.size > 1 ? one.name : '';
      const tail = one.tails === undefined ? '' : `, p99 ${number(median(one.tails))}`;
      const lane = rows.lane(
        laneHeights[histograms ? 'distributions' : 'bars'],
        name,
        spread(one.rounds) + tail,
        colour,
      );
      if (histograms) addHistogram(one, lane, colour, boxes, lines);
      else addBar(one, lane, colour, boxes, lines);
      const target = index === 0 ? targetOf(figure) : undefined;
      if (target !== undefined && target >= domain[0] && target <= domain[1]) lines.push(targetLine(target, lane));
    }
    rows.space();
  }
  return {
    label: `${group.title}, ${host}: ${histograms ? 'histograms' : 'bars'}; the table has the figures`,
    ...layout,
    height: rows.height,
    domain,
    logarithmic: histograms,
    axisTitle: axisTitle(group, host, layout, histograms),
    boxes,
    lines,
    dots: [],
    words: rows.words,
  };
}

const targetLine = (x: number, { top, bottom }: Lane): Line => ({
  x,
  x2: x,
  y: top - 3,
  y2: bottom + 3,
  stroke: 'var(--target)',
  width: 3,
});

const binStart = (index: number): number => 10 ** (index / binsPerDecade);

function addHistogram(one: Series, lane: Lane, fill: string, boxes: Box[], lines: Line[]): void {
  const { first, counts } = one.distribution ?? { first: 0, counts: [] };
  const highest = Math.max(...counts, 1);
  lines.push({
    x: binStart(first),
    x2: binStart(first + counts.length),
    y: lane.bottom,
    y2: lane.bottom,
    stroke: fill,
    width: 1,
  });
  for (const [index, count] of counts.entries()) {
    if (count === 0) continue;
    // A single sample is seen as well.
    const height = Math.max(1.5, (count / highest) * (lane.bottom - lane.top));
    const x = binStart(first + index);
    boxes.push({ x, x2: binStart(first + index + 1), y: lane.bottom - height, y2: lane.bottom, fill, opacity: 0.55 });
  }
  const mark = (x: number, dash: readonly number[], width: number): Line => ({
    x,
    x2: x,
    y: lane.top,
    y2: lane.bottom,
    stroke: 'var(--text)',
    width,
    dash,
  });
  lines.push(mark(median(one.rounds), [], 2));
  if (one.tails !== undefined) lines.push(mark(median(one.tails), [3, 3], 1.5));
}

function addBar(one: Series, { top, bottom }: Lane, fill: string, boxes: Box[], lines: Line[]): void {
  const middle = (top + bottom) / 2;
  const [from, to] = [Math.min(...one.rounds), Math.max(...one.rounds)];
  boxes.push({ x: 0, x2: median(one.rounds), y: top, y2: bottom, fill, opacity: 0.75 });
  if (to > from) lines.push({ x: from, x2: to, y: middle, y2: middle, stroke: 'var(--text)', width: 1.5 });
}

/** Whole powers of ten around all samples. */
function decadesOf({ figures }: Group): readonly [number, number] {
  const all = figures.flatMap((figure) => figure.series.flatMap(({ distribution }) => distribution ?? []));
  const from = Math.min(...all.map((each: Distribution) => each.first));
  const to = Math.max(...all.map((each) => each.first + each.counts.length));
  return [10 ** Math.floor(from / binsPerDecade), 10 ** Math.ceil(to / binsPerDecade)];
}

const mostOf = ({ figures }: Group): number =>
  Math.max(...figures.flatMap((figure) => [...figure.series.flatMap(({ rounds }) => rounds), targetOf(figure) ?? 0]));

function lineChart(group: Group, layout: Layout, host: string): Drawing {
  const colours = coloursOf(group);
  const points = group.figures.filter((figure) => figure.at !== undefined);
  const at = points.map((figure) => figure.at ?? 0);
  const lines: Line[] = [];
  const dots: Dot[] = [];
  const words: Drawing['words'][number][] = [];
  for (const [name, colour] of colours) {
    const line = points.map((figure, index) => ({
      x: at[index] ?? 0,
      y: median(figure.series.find((each) => each.name === name)?.rounds ?? []),
    }));
    for (const [index, point] of line.entries()) {
      dots.push({ ...point, fill: colour, shape: 'circle' });
      const next = line[index + 1];
      if (next !== undefined) lines.push({ x: point.x, x2: next.x, y: point.y, y2: next.y, stroke: colour, width: 2 });
    }
    const last = line.at(-1)?.y ?? NaN;
    if (layout.wide) words.push({ x: layout.width + 12, y: last, text: `${name}  ${number(last)}`, fill: colour });
  }
  const most = ceiling(mostOf(group) * 1.02);
  return {
    label: `${group.title}, ${host}: lines; the table has the figures`,
    ...layout,
    left: 48,
    width: layout.width - 40,
    height: 180,
    domain: [Math.min(...at), Math.max(...at)],
    logarithmic: false,
    axisTitle: axisTitle(group, host, layout, false),
    upwards: { domain: [0, most] },
    boxes: [],
    lines,
    dots,
    words: layout.wide ? words.map((each) => ({ ...each, x: each.x - 40 })) : words,
  };
}
