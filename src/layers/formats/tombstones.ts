// tombstones.txt: what a layer deletes of its parents, one path below `Files` per line.
import { FormatError } from './format-error.js';
import { quoted } from '../../shortened.js';

const firstLine = '\uFEFFVersion 1.0';

/** The file's text, for paths such as `dir\f.txt`. */
export function encodeTombstones(paths: readonly string[]): string {
  return [firstLine, ...paths.map((path) => `\\${path}`), ''].join('\n');
}

/** The paths that are deleted, with backslashes, below `Files`. Throws {@link FormatError}. */
export function decodeTombstones(text: string): string[] {
  const [first, ...lines] = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (first !== firstLine)
    throw new FormatError('tombstones.txt does not begin with its byte order mark and "Version 1.0"');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    if (!/^\\[^\\]/.test(line)) throw new FormatError(`tombstones.txt has the line ${quoted(line)}, not \\path`);
    return line.slice(1);
  });
}
