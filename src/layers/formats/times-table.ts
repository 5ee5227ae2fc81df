// FileTimes: the times of the files of a transport tree on a file system that cannot hold all four of them exactly. A line per
// file: creation, access, write and change as FILETIME in decimal, then the path with slashes, as a JSON text.
import type { FileTimes } from './file-time.js';
import { FormatError } from './format-error.js';

/** The name of the file, in the root of the tree. */
export const timesTableName = 'FileTimes';

const pattern = /^(\d{1,20}) (\d{1,20}) (\d{1,20}) (\d{1,20}) (".*")$/;

/** One line, with its end. */
export function encodeTimesLine(path: string, { creation, access, write, change }: FileTimes): string {
  return `${creation} ${access} ${write} ${change} ${JSON.stringify(path)}\n`;
}

/** Reads one line, without its end. Throws {@link FormatError}. */
export function decodeTimesLine(line: string): { path: string; times: FileTimes } {
  const match = pattern.exec(line);
  if (match === null) throw new FormatError(`${timesTableName} has the line ${JSON.stringify(line.slice(0, 80))}`);
  const [, creation, access, write, change, path] = match;
  return {
    path: pathOf(path!),
    times: { creation: BigInt(creation!), access: BigInt(access!), write: BigInt(write!), change: BigInt(change!) },
  };
}

function pathOf(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch (cause) {
    throw new FormatError(`${timesTableName} has the path ${text.slice(0, 80)}`, { cause });
  }
}
