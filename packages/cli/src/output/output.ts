/**
 * What a command prints on stdout: text for people, or JSON for programs, never both.
 *
 * @module
 */
import type { GlobalOptions } from '../command-line/global-options.js';
import { jsonLine } from './json-line.js';
import { tableLines } from './table.js';

/** One thing; `kind` is its first member. */
export type Printed = Readonly<{ kind: string } & Record<string, unknown>>;

/** A column: its heading, and its text for one thing. */
export type Columns<T> = Readonly<Record<string, (each: T) => string>>;

export class Output {
  readonly isJson: boolean;
  readonly #isAscii: boolean;
  readonly #stream: NodeJS.WriteStream;

  constructor({ json }: GlobalOptions, stream: NodeJS.WriteStream = process.stdout) {
    this.isJson = json !== undefined;
    this.#isAscii = json === 'ascii';
    this.#stream = stream;
  }

  /** A single thing: an object, or lines. */
  one(printed: Printed, lines: readonly string[]): void {
    if (this.isJson) this.json(printed);
    else this.lines(lines);
  }

  /** A list: an object a line, or a table. */
  list<T extends Printed>(printed: readonly T[], columns: Columns<T>): void {
    if (this.isJson) for (const each of printed) this.json(each);
    else this.lines(tableLines(printed, columns, this.width));
  }

  json(printed: Printed): void {
    this.#stream.write(jsonLine(printed, this.#isAscii));
  }

  /** Of the terminal; undefined in a pipe. */
  get width(): number | undefined {
    return this.#stream.isTTY ? this.#stream.columns : undefined;
  }

  /** For people. */
  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.#stream.write(`${lines.join('\n')}\n`);
  }
}
