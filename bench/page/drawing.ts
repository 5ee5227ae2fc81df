// A drawing: marks along one axis, and text, as Vega draws it to SVG without a browser. Colours are variables of the page's
// style, so that the same drawing is right in light, dark and print.
import type { Axis, Mark, Scale } from 'vega';
import { parse, View } from 'vega';

/** Along x in the unit of the axis, along y in pixels from the top. */
export interface Box {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly fill: string;
  readonly opacity: number;
}

export interface Line {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly stroke: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly shape: 'circle' | 'cross';
}

/** In pixels in both directions, x from the left end of the axis. */
export interface Words {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'right';
}

export interface Drawing {
  /** What is said of it to who cannot see it. */
  readonly label: string;
  /** Of the axis, pixels. */
  readonly width: number;
  readonly height: number;
  /** What is beside the axis, pixels. */
  readonly left: number;
  readonly right: number;
  readonly domain: readonly [from: number, to: number];
  readonly logarithmic: boolean;
  /** Lines below the axis. */
  readonly axisTitle: readonly string[];
  /** Of a second axis, on the left: what `y` of dots and lines is in instead of pixels. */
  readonly upwards?: { readonly domain: readonly [from: number, to: number] };
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly dots: readonly Dot[];
  readonly words: readonly Words[];
}

const font = 'system-ui, sans-serif';
export const fontSize = 12;
const below = 26; // the axis and its labels

const looks = {
  labelColor: 'var(--muted)',
  titleColor: 'var(--muted)',
  gridColor: 'var(--grid)',
  domain: false,
  ticks: false,
  labelFont: font,
  labelFontSize: fontSize - 1,
  titleFont: font,
  titleFontSize: fontSize - 1,
  titleFontWeight: 'normal',
  grid: true,
} as const;

/** The text of an SVG element. */
export async function svgOf(drawing: Drawing): Promise<string> {
  const { width, height, left, right, axisTitle, boxes, lines, dots, words } = drawing;
  const view = new View(
    parse({
      autosize: 'none',
      width,
      height,
      padding: { left, right, top: 10, bottom: below + axisTitle.length * 14 },
      data: [
        { name: 'boxes', values: [...boxes] },
        { name: 'lines', values: [...lines] },
        { name: 'dots', values: [...dots] },
        { name: 'words', values: [...words] },
      ],
      scales: scalesOf(drawing),
      axes: axesOf(drawing),
      marks: marksOf(drawing),
    }),
    { renderer: 'none' },
  );
  const svg = await view.toSVG();
  view.finalize();
  const label = drawing.label.replace(/[<&"]/g, (character) => `&#${character.charCodeAt(0)};`);
  // The parts have no meaning by themselves; the table below the drawing has the figures.
  return svg.replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, '').replace('<svg ', `<svg role="img" aria-label="${label}" `);
}

function scalesOf({ domain, logarithmic, upwards, height }: Drawing): Scale[] {
  const x: Scale = { name: 'x', type: logarithmic ? 'log' : 'linear', domain: [...domain], range: 'width' };
  const y: Scale = {
    name: 'y',
    type: 'linear',
    domain: [...(upwards?.domain ?? [0, height])],
    range: upwards ? 'height' : [0, height],
  };
  return [x, y];
}

/** The powers of ten on a logarithmic axis, and where there are few of them, their doubles and halves. */
function ticksIn([from, to]: Drawing['domain']): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const steps = Math.log10(to / from) > 2.5 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    steps.map((step) => step * 10 ** (first + index)),
  );
  return ticks.flat().filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
}

function axesOf({ domain, logarithmic, axisTitle, upwards, width }: Drawing): Axis[] {
  const x: Axis = {
    ...looks,
    scale: 'x',
    orient: 'bottom',
    title: [...axisTitle],
    format: ',~r',
    ...(logarithmic ? { values: ticksIn(domain) } : { tickCount: width / 90 }),
  };
  return upwards === undefined
    ? [x]
    : [
        { ...x, grid: false },
        { ...looks, scale: 'y', orient: 'left', tickCount: 5 },
      ];
}

function marksOf({ upwards }: Drawing): Mark[] {
  const x = { scale: 'x', field: 'x' };
  const x2 = { scale: 'x', field: 'x2' };
  const y = { scale: 'y', field: 'y' };
  const y2 = { scale: 'y', field: 'y2' };
  const dot = upwards === undefined ? 70 : 40;
  return [
    {
      type: 'rect',
      from: { data: 'boxes' },
      encode: { enter: { x, x2, y, y2, fill: { field: 'fill' }, fillOpacity: { field: 'opacity' } } },
    },
    {
      type: 'rule',
      from: { data: 'lines' },
      encode: {
        enter: {
          x,
          x2,
          y,
          y2,
          stroke: { field: 'stroke' },
          strokeWidth: { field: 'width' },
          strokeDash: { field: 'dash' },
        },
      },
    },
    {
      type: 'symbol',
      from: { data: 'dots' },
      encode: { enter: { x, y, fill: { field: 'fill' }, shape: { field: 'shape' }, size: { value: dot } } },
    },
    {
      type: 'text',
      from: { data: 'words' },
      encode: {
        enter: {
          x: { field: 'x' },
          y: upwards === undefined ? { field: 'y' } : y,
          text: { field: 'text' },
          fill: { field: 'fill' },
          align: { signal: "datum.align || 'left'" },
          fontWeight: { signal: "datum.bold ? '600' : '400'" },
          baseline: { value: 'middle' },
          font: { value: font },
          fontSize: { value: fontSize },
        },
      },
    },
  ];
}
