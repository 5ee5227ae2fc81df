// Breaks one statement at a time, and lists the breaks that no test notices.
//
//   node scripts/mutate.mjs [core | host] [--count N] [--seed N]
//
// Every n-th statement of native/core and src/host is changed in one way, so that there are N mutants: a statement is left
// out, a condition negated, a bound moved by one, a result exchanged. Which ones follows from the seed, which is printed.
// All of it happens in a copy of the tree, in the folder for temporary files.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { coreMutants, coreTests } from './mutate/core.mjs';
import { hostMutants, hostTests } from './mutate/host.mjs';
import { root, run } from './run.mjs';

const areas = {
  core: { folder: 'native/core', files: /\.(h|cc)$/, mutants: coreMutants, tests: coreTests },
  host: { folder: 'src/host', files: /\.ts$/, mutants: hostMutants, tests: hostTests },
};

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const place = words.indexOf(name);
  return place < 0 ? otherwise : Number(words.splice(place, 2)[1]);
};
const seed = option('--seed', Date.now() % 100_000);
const count = option('--count', 100);
const asked = words.length > 0 ? words : Object.keys(areas);

// A generator of Park and Miller: the same choices on every machine.
let state = (seed % 2_147_483_646) + 1;
const choose = (end) => (state = (state * 48_271) % 2_147_483_647) % end;

/** What git knows of the tree, with the packages and what is built of TypeScript beside it. */
function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), 'hostcompute-mutants-'));
  for (const file of run('git', ['ls-files', '-z']).split('\0').filter(Boolean)) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const folder of ['dist', 'build', 'out/test', 'out/bench', 'out/examples']) {
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Every mutant of an area, in the order of its files: { file, line, from, to, source, text }, `text` being the source with it. */
function mutantsOf({ folder, files, mutants }) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => files.test(name))
    .sort()
    .flatMap((name) => {
      const file = `${folder}/${name}`;
      const source = readFileSync(join(root, file), 'utf8');
      return mutants(source, file).map(({ start, end, to }) => ({
        file,
        line: source.slice(0, start).split('\n').length,
        from: source.slice(start, end),
        to,
        source,
        text: source.slice(0, start) + to + source.slice(end),
      }));
    });
}

// Statements have a place in the order each, and one of the ways to break it.
function every(all, wanted) {
  const byPlace = new Map();
  for (const way of all) {
    const place = `${way.file}:${way.line}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), way]);
  }
  const places = [...byPlace.values()];
  const step = Math.max(1, places.length / wanted);
  const chosen = [];
  for (let place = (choose(1000) / 1000) * step; place < places.length; place += step) {
    const ways = places[Math.floor(place)];
    chosen.push(ways[choose(ways.length)]);
  }
  return { chosen: chosen.slice(0, wanted), places: places.length };
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim() || 'nothing';
const describe = ({ file, line, from, to }) => `${file}:${line}: ${oneLine(from)} -> ${oneLine(to)}`;

const found = asked.map((name) => ({ name, area: areas[name], all: mutantsOf(areas[name]) }));
const total = found.reduce((sum, { all }) => sum + all.length, 0);
console.log(`seed ${seed}`);
const copy = copyTree();
let unnoticed = 0;
try {
  for (const { name, area, all } of found) {
    const { chosen, places } = every(all, Math.round((count * all.length) / total));
    console.log(`${name}: ${chosen.length} mutants of ${places} places`);
    const tests = area.tests(copy);
    const healthy = tests.notice(undefined);
    if (healthy !== undefined) throw new Error(`without a mutant, ${healthy} fails`);
    const counts = { noticed: 0, unnoticed: 0, 'not compiled': 0 };
    for (const mutant of chosen) {
      const begun = performance.now();
      writeFileSync(join(copy, mutant.file), mutant.text);
      let by;
      try {
        by = tests.notice(mutant);
      } finally {
        writeFileSync(join(copy, mutant.file), mutant.source);
        tests.restore(mutant);
      }
      const kind = by === undefined ? 'unnoticed' : by === 'the compiler' ? 'not compiled' : 'noticed';
      counts[kind]++;
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      console.log(`${kind}${kind === 'noticed' ? ` by ${by}` : ''} (${seconds} s): ${describe(mutant)}`);
    }
    unnoticed += counts.unnoticed;
    console.log(
      `${name}: ${Object.entries(counts)
        .map(([kind, number]) => `${number} ${kind}`)
        .join(', ')}`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = unnoticed === 0 ? 0 : 1;
