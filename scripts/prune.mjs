// Deletes what was compiled from a module that has gone: tsc leaves it, and mocha and the bundler would find it.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './run.mjs';

const packages = readdirSync(join(root, 'packages')).flatMap((name) => [
  [`packages/${name}/src`, `packages/${name}/dist/src`],
  [`packages/${name}/test`, `packages/${name}/dist/test`],
]);
const outputs = {
  src: 'dist',
  test: 'out/test',
  bench: 'out/bench',
  examples: 'out/examples',
  ...Object.fromEntries(packages),
};
// Each compiled module has one of these.
const map = '.js.map';

for (const [sources, output] of Object.entries(outputs)) {
  const folder = join(root, output);
  const maps = existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(map)) : [];
  for (const module of maps.map((name) => name.slice(0, -map.length))) {
    if (existsSync(join(root, sources, `${module}.ts`))) continue;
    for (const extension of [map, '.js', '.d.ts']) rmSync(join(folder, module + extension), { force: true });
  }
}
