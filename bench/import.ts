// What importing the package costs a program: the time and the processor time of Node with an empty module, and with one
// that imports the package as it is published, in turn. `npm run package` has to have been run.
//
// node out/bench/import.js [rounds]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { median } from './support/statistics.js';

const entry = fileURLToPath(new URL('../package/dist/index.js', import.meta.url));
if (!existsSync(entry)) throw new Error('there is no package: npm run package');
const rounds = Number(process.argv[2] ?? 40);
const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
const programs = { empty: '', imports: `import ${JSON.stringify(pathToFileURL(entry).href)};` };
// Told at the exit, and so without the end of the process itself.
const tell = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ wall: performance.now(), processor: (user + system) / 1000 }));
});\n`;

interface Cost {
  readonly wall: number;
  readonly processor: number;
}

function run(name: keyof typeof programs): Cost {
  const { stdout, status, stderr } = spawnSync(process.execPath, [join(folder, `${name}.mjs`)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Cost;
}

try {
  const costs: Record<keyof typeof programs, Cost[]> = { empty: [], imports: [] };
  for (const [name, text] of Object.entries(programs)) {
    const setUp = join(folder, 'tell.mjs');
    writeFileSync(setUp, tell);
    writeFileSync(join(folder, `${name}.mjs`), `import './tell.mjs';\n${text}`);
  }
  run('imports');
  for (let round = 0; round < rounds; round++)
    for (const name of ['empty', 'imports'] as const) costs[name].push(run(name));
  for (const kind of ['wall', 'processor'] as const) {
    const empty = median(costs.empty.map((each) => each[kind]));
    const more = median(costs.imports.map((each, round) => each[kind] - costs.empty[round]![kind]));
    console.log(`${kind}: empty ${empty.toFixed(1)} ms, importing ${more.toFixed(1)} ms more (${rounds} pairs)`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
