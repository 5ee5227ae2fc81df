// What node-gyp compiles of a list in native/sources.json: for each folder one file that includes its sources. Most of the
// time goes into the headers, which a folder has in common: this way each is read once. CMakeLists.txt does the same.
//
//   node scripts/units.mjs LIST
//
// Writes them into build/units, and prints their names.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { root } from './run.mjs';

const [list] = process.argv.slice(2);
const sources = JSON.parse(readFileSync(join(root, 'native', 'sources.json'), 'utf8'))[list];

// Exports of different libraries have functions of one name, and are files of their own.
const unitOf = (source) => (source.startsWith('simulator/exports/') ? source.replace(/\.cc$/, '') : dirname(source));

const units = new Map();
for (const source of sources) {
  const name = `build/units/${list}-${unitOf(source).replaceAll('/', '-')}.cc`;
  units.set(name, `${units.get(name) ?? ''}#include "../../native/${source}"\n`);
}
mkdirSync(join(root, 'build', 'units'), { recursive: true });
for (const [name, text] of units) {
  const file = join(root, name);
  // What is as it was keeps its time: nothing is compiled for it.
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
console.log([...units.keys()].join('\n'));
