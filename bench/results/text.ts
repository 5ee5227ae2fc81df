// Results as text: how a number, a spread and a target are written, and the table of a group, for the terminal and the page.
import { median, summarise } from '../support/statistics.js';
import type { Figure, Group, Ratio, Series, Target } from './figures.js';
import { verdict } from './figures.js';

/** Three significant digits, or all of a whole number. */
export function number(value: number): string {
  if (Number.isNaN(value)) return '-';
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The median, and the range of the rounds. */
export function spread(rounds: readonly number[]): string {
  const { min, p50, max } = summarise(rounds);
  return rounds.length > 1 && max > min ? `${number(p50)} (${number(min)} to ${number(max)})` : number(p50);
}

export const targetText = (target: Target): string =>
  'most' in target ? `at most ${number(target.most)}` : `at least ${number(target.least)}`;

/** The first row is the heading, the first column the names of the figures. */
export function tableOf({ figures, unit }: Group): string[][] {
  const names = unique(figures.flatMap((figure) => figure.series.map(({ name }) => name)));
  const against = unique(figures.flatMap(({ ratios = [] }) => ratios.map((ratio) => ratio.against)));
  const withTarget = figures.some((figure) => targetOf(figure) !== '');
  const tails = new Set(
    figures.flatMap((figure) => figure.series.filter((each) => each.tails !== undefined).map(({ name }) => name)),
  );
  const heading = [
    unit,
    ...names.flatMap((name) => (tails.has(name) ? [`${name}, p50`, 'p99'] : [name])),
    ...against.map((name) => `against ${name}`),
    ...(withTarget ? ['target'] : []),
  ];
  return [heading, ...figures.map(row)];

  function row(figure: Figure): string[] {
    const cells = names.flatMap((name) => {
      const one = figure.series.find((each) => each.name === name);
      return [one === undefined ? '' : spread(one.rounds), ...(tails.has(name) ? [tailOf(one)] : [])];
    });
    const ratios = against.map((name) => {
      const ratio = figure.ratios?.find((each) => each.against === name);
      return ratio === undefined ? '' : spread(ratio.rounds);
    });
    return [figure.name, ...cells, ...ratios, ...(withTarget ? [targetOf(figure)] : [])];
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const tailOf = (one: Series | undefined): string => (one?.tails === undefined ? '' : number(median(one.tails)));

function targetOf(figure: Figure): string {
  const own = figure.target && figure.series[0] ? [said(figure.target, figure.series[0].rounds)] : [];
  const ofRatios = (figure.ratios ?? []).flatMap(({ target, rounds }: Ratio) =>
    target === undefined ? [] : [said(target, rounds)],
  );
  return [...own, ...ofRatios].join('; ');
}

const said = (target: Target, rounds: readonly number[]): string => `${targetText(target)}: ${verdict(target, rounds)}`;
