// Which lines of TypeScript a program of Node did not run, by what V8 wrote for NODE_V8_COVERAGE.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The lines ("src/host/host.ts:12") of the sources of `root` that have code, were loaded, and were run by none of the
 * processes and threads whose coverage is in `folder`. What one did not write, because it was killed, is missing here.
 */
export function linesNotRun(root, folder) {
  const ran = new Map();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const script of result) addScript(root, script, ran);
  }
  return new Set([...ran].filter(([, did]) => !did).map(([line]) => line));
}

function addScript(root, { url, functions }, ran) {
  if (!url.startsWith('file:')) return;
  const file = fileURLToPath(url);
  if (relative(root, file).startsWith('..') || !existsSync(`${file}.map`)) return;
  const text = readFileSync(file, 'utf8');
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  // Outer ranges come first: the innermost one says how often.
  const counts = new Int32Array(text.length);
  for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
    counts.fill(count, startOffset, endOffset);
  }
  let start = 0;
  for (const [number, line] of text.split('\n').entries()) {
    const indent = line.length - line.trimStart().length;
    const { originalSource, originalLine } = map.findEntry(number, indent);
    if (line.trim() !== '' && originalSource !== undefined) {
      const place = `${relative(root, resolve(file, '..', originalSource)).replaceAll('\\', '/')}:${originalLine + 1}`;
      // A line that goes on after a branch counts as run when any of it was.
      const did = counts.subarray(start + indent, start + line.length).some((count) => count > 0);
      ran.set(place, did || ran.get(place) === true);
    }
    start += line.length + 1;
  }
}
