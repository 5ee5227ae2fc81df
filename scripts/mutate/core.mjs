// Mutants of native/core, by lines, and the native tests that may notice them.
import { spawnSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');

// What is quick, and notices most, comes first.
const programs = ['test-seeds', 'test-watch', 'test-inbox', 'test-host-callback', 'test-handle', 'test-workers'];
const limitMs = 60_000;

/** Where a parenthesis that opens at `open` closes. */
function closing(text, open) {
  let depth = 0;
  for (let place = open; place < text.length; place++) {
    if (text[place] === '(') depth++;
    if (text[place] === ')' && --depth === 0) return place;
  }
  return -1;
}

/** The ways to break a source: [{ start, end, to }]. */
export function coreMutants(source) {
  const ways = [];
  let start = 0;
  let windows = 0;
  let fresh = true; // a statement begins on this line
  for (const line of source.split('\n')) {
    if (/^#if defined\(_WIN32\)/.test(line)) windows = 1;
    else if (windows > 0 && /^#else/.test(line)) windows = -1;
    else if (/^#endif/.test(line)) windows = 0;
    const code = line.replace(/\/\/.*/, '').trimEnd();
    const indent = line.length - line.trimStart().length;
    // Only what stands in a body: what is not indented declares.
    if (windows !== 1 && indent >= 2 && code.trim() !== '') {
      breakLine(code, indent, start, fresh, ways);
    }
    if (code.trim() !== '') fresh = /[;{}:]$/.test(code);
    start += line.length + 1;
  }
  return ways;
}

function breakLine(code, indent, start, fresh, ways) {
  const add = (from, to, text) => ways.push({ start: start + from, end: start + to, to: text });
  const call = /^(?:\+\+|--|\*)?[A-Za-z_][\w.>:-]*(?:\[[^\]]*\])?(?:\(.*\)| \|?\+?-?= .*|\+\+|--);$/;
  const statement = code.trim();
  if (fresh && call.test(statement) && !/^(return|using|static|const|friend|virtual|explicit)\b/.test(statement)) {
    add(indent, code.length, ';');
  }
  const condition = /\b(?:if|while) \(/.exec(code);
  if (condition) {
    const open = condition.index + condition[0].length - 1;
    const close = closing(code, open);
    if (close > 0 && !/;/.test(code.slice(open, close))) add(open, close + 1, `(!(${code.slice(open + 1, close)}))`);
  }
  for (const [pattern, to] of [
    [/ < (?=\w)/g, ' <= '],
    [/ <= (?=\w)/g, ' < '],
    [/ >= /g, ' > '],
    [/ > (?=\w)/g, ' >= '],
    [/ == 0\b/g, ' == 1'],
    [/ == 1\b/g, ' == 2'],
    [/ && /g, ' || '],
    [/ \|\| /g, ' && '],
    [/\breturn true;/g, 'return false;'],
    [/\breturn false;/g, 'return true;'],
    [/ = true;/g, ' = false;'],
    [/ = false;/g, ' = true;'],
    [/\btrue\)/g, 'false)'],
    [/\+\+(?=\w)/g, '--'],
    [/--(?=\w)/g, '++'],
  ]) {
    if (/\b(template|std::enable_if)\b/.test(code)) break;
    for (const match of code.matchAll(pattern)) add(match.index, match.index + match[0].length, to);
  }
  const result = /\breturn ([^;]+);$/.exec(code);
  if (result && !/^(true|false|nullptr|\{.*\})$/.test(result[1])) {
    const from = result.index + 'return '.length;
    add(from, from + result[1].length, '{}');
  }
}

export function coreTests(copy) {
  const folder = join(copy, 'out/native-mutants');
  const cmake = (command, ...rest) =>
    spawnSync(process.execPath, [cmakeJs, command, '--out', folder, ...rest], { cwd: copy, encoding: 'utf8' });
  const configured = cmake('configure', '--debug', '--CDUNITE=OFF', `--CDCMAKE_LIBRARY_OUTPUT_DIRECTORY=${folder}`);
  if (configured.status !== 0) throw new Error(configured.stderr);
  const build = () => cmake('build', '--debug', '--parallel', '2', '--', '--target', ...programs).status === 0;
  return {
    notice(mutant) {
      // Ninja goes by times, which a copy may keep.
      if (mutant) utimesSync(join(copy, mutant.file), new Date(), new Date());
      if (!build()) return 'the compiler';
      return programs.find((name) => {
        const options = { cwd: copy, timeout: limitMs, killSignal: 'SIGKILL', stdio: 'ignore' };
        const args = name === 'test-seeds' ? ['--seeds', '1000'] : [];
        return spawnSync(join(folder, name), args, options).status !== 0;
      });
    },
    restore({ file }) {
      utimesSync(join(copy, file), new Date(), new Date());
    },
  };
}
