/**
 * Tables without lines, as other tools can cut them.
 *
 * @module
 */
import type { Columns } from './output.js';
import { printableLine } from './printable.js';

/** @param width - of the terminal, to which the last column is cut; absent in a pipe, where nothing is cut */
export function tableLines<T>(rows: readonly T[], columns: Columns<T>, width: number | undefined): string[] {
  const headings = Object.keys(columns);
  const cells = [headings, ...rows.map((row) => headings.map((heading) => printableLine(columns[heading]!(row))))];
  const widths = headings.map((_, at) => Math.max(...cells.map((row) => Array.from(row[at]!).length)));
  return cells.map((row) =>
    cut(
      row
        .map((cell, at) => cell + ' '.repeat(widths[at]! - Array.from(cell).length))
        .join('  ')
        .trimEnd(),
      width,
    ),
  );
}

function cut(line: string, width: number | undefined): string {
  const characters = Array.from(line);
  return width === undefined || characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`;
}
