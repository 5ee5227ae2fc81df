// Tries the tarball of the package as its users do: test/package, on Node 20, 22, 24 and 26 where this is Linux, with TypeScript 5.2, and on
// Windows Node 20 and 22 under Wine where that is installed; elsewhere on the Node that runs it.
//
//   node scripts/test-package.mjs [--no-wine] [-- mocha arguments]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bringNode, bringTypeScript } from './node-versions.mjs';
import { root } from './run.mjs';
import { startWine, stopWine, versions, windowsNode, windowsPath, wineEnvironment } from './wine.mjs';

const separator = process.argv.indexOf('--');
const options = process.argv.slice(2, separator < 0 ? undefined : separator);
const mochaArguments = separator < 0 ? [] : process.argv.slice(separator + 1);
const wine = process.platform === 'linux' && process.arch === 'x64' && !options.includes('--no-wine');

const ofLinux = ['20.19.0', '20.20.2', '22.23.3', '24.21.0', '26.10.0'];

/** What a program can be run with: a command, its environment, and whether it is of Windows under Wine. */
function runtimes() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return [{ name: `Node ${process.version}`, command: [process.execPath], env: {}, wine: false }];
  const here = ofLinux.map((version) => ({
    name: `Node ${version}`,
    command: [bringNode('linux-x64', version)],
    env: {},
    wine: false,
  }));
  if (!wine) return here;
  startWine();
  return [
    ...here,
    ...Object.entries(versions).map(([major, version]) => ({
      name: `Windows Node ${version} under Wine`,
      command: ['wine', windowsPath(windowsNode(major))],
      env: wineEnvironment,
      wine: true,
    })),
  ];
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const files = ['--no-config', '--forbid-only', '--forbid-pending', '--timeout', '120000', 'out/test/package/*.test.js'];
const { status } = spawnSync(process.execPath, [mocha, ...files, ...mochaArguments], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    HOSTCOMPUTE_TEST_TARBALL: join(root, 'out', `hostcompute-${version}.tgz`),
    // The oldest that docs/packaging.md names.
    HOSTCOMPUTE_TEST_TYPESCRIPT: bringTypeScript('5.2.2'),
    HOSTCOMPUTE_TEST_RUNTIMES: JSON.stringify(runtimes()),
  },
});
if (wine) stopWine();
process.exitCode = status ?? 1;
