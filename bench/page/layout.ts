// Where the parts of a chart go: blocks below each other, one per figure, each with a heading and a lane per series. On a
// wide page the values are to the right of the lanes, on a narrow one above them.
import type { Words } from './drawing.js';
import { fontSize } from './drawing.js';

export interface Layout {
  readonly wide: boolean;
  /** Of the axis, pixels. */
  readonly width: number;
  readonly left: number;
  readonly right: number;
}

export const wide: Layout = { wide: true, width: 480, left: 18, right: 342 };
export const narrow: Layout = { wide: false, width: 300, left: 18, right: 32 };

/** A line of text with a lane below or to the left of it. */
export interface Lane {
  readonly top: number;
  readonly bottom: number;
}

const gap = 6;
const lineHeight = fontSize + 4;
const characterWidth = 7;

/** The lines of a text that has to fit into the width of a chart. */
export function wrapped(text: string, { width, left, right, wide }: Layout): string[] {
  const most = Math.floor((wide ? width + right : left + width) / characterWidth);
  const lines = [''];
  for (const word of text.split(/(?<= )/)) {
    const longer = `${lines.at(-1)}${word}`;
    if (longer.trimEnd().length > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== '');
}

/** Hands out places from the top. */
export class Rows {
  readonly words: Words[] = [];
  height = 0;

  constructor(readonly layout: Layout) {}

  heading(title: string): void {
    this.#write(title, 'var(--text)', true);
    this.height += 4;
  }

  lane(height: number, name: string, value: string, colour: string): Lane {
    const { wide, width } = this.layout;
    const said = name === '' ? value : `${name}  ${value}`;
    if (!wide) this.#write(said, colour, false);
    const lane = { top: this.height, bottom: this.height + height };
    if (wide) this.words.push({ x: width + 12, y: (lane.top + lane.bottom) / 2 + 1, text: said, fill: colour });
    this.height += height + gap;
    return lane;
  }

  #write(said: string, fill: string, bold: boolean): void {
    for (const line of wrapped(said, this.layout)) {
      this.words.push({ x: 0, y: this.height + lineHeight / 2, text: line, fill, bold });
      this.height += lineHeight;
    }
  }

  /** A space between blocks. */
  space(): void {
    this.height += gap;
  }
}

/** A round number above what has to fit below it. */
export function ceiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}
