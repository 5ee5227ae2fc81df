// Runs the mocha suite inside Windows Node under Wine: cross-builds addon and simulator with mingw, brings Windows Node
// from npm, and starts the very files that `npm test` runs on this system. Before that come the native tests of what only
// Windows has, which need no Node.
//
//   node scripts/test-wine.mjs [--koffi] [--api computecore] [node major ...] [-- mocha arguments]
//
// With --koffi the backend is koffi, whose binary for Windows comes from npm as well. With --api computecore systems are
// driven through computecore.dll.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { takeApi } from './api-option.mjs';
import { build } from './flavours.mjs';
import { thinLibraries } from './package/dlls.mjs';
import { root, run } from './run.mjs';
import {
  folder,
  nativeTests,
  startWine,
  stopWine,
  versions,
  windowsNode,
  windowsPath,
  wineEnvironment,
} from './wine.mjs';

const separator = process.argv.indexOf('--');
const { api, rest: given } = takeApi(process.argv.slice(2, separator < 0 ? undefined : separator));
const words = given.filter((word) => word !== '--koffi');
const onKoffi = given.includes('--koffi');
const mochaArguments = separator < 0 ? [] : process.argv.slice(separator + 1);
const majors = words.length > 0 ? words : Object.keys(versions);

// A folder of modules for NODE_PATH: npm installs koffi's binary for this system only.
function koffiForWindows() {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'koffi', 'package.json'), 'utf8'));
  const modules = join(folder, `koffi-${version}`);
  const place = join(modules, '@koromix', 'koffi-win32-x64');
  if (existsSync(join(place, 'package.json'))) return modules;
  mkdirSync(place, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', modules, `@koromix/koffi-win32-x64@${version}`]);
  const archive = join(modules, `koromix-koffi-win32-x64-${version}.tgz`);
  run('tar', ['-xzf', archive, '--strip-components=1', '-C', place]);
  rmSync(archive);
  return modules;
}

function runNativeTest(name) {
  const output = join(folder, `${name}.txt`);
  const file = openSync(output, 'w');
  const options = { env: { ...process.env, ...wineEnvironment }, stdio: ['ignore', file, file] };
  const { status } = spawnSync('wine', [join(binaries, `${name}.exe`)], options);
  const text = readFileSync(output, 'utf8').trimEnd();
  console.log(`${name} under Wine: ${text}`);
  return status === 0 && /^[1-9]\d* passed, 0 failed$/.test(text.split(/\r?\n/).at(-1));
}

function runMocha(program, major) {
  // Node for Windows cannot write to a pipe of this system: its output has to be a file.
  const output = join(folder, `mocha-${major}.txt`);
  const file = openSync(output, 'w');
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  // fetch() of Node for Windows connects to nothing under Wine: test/network/published-ports.test.ts asks by node:http.
  const without = ['--ignore', 'out/test/examples/nat-network.test.js'];
  const { status } = spawnSync('wine', [program, windowsPath(mocha), ...without, ...mochaArguments], {
    cwd: root,
    env: {
      ...process.env,
      ...wineEnvironment,
      HOSTCOMPUTE_ADDON: windowsPath(join(binaries, 'hostcompute.node')),
      HOSTCOMPUTE_SIMULATOR: windowsPath(join(binaries, 'hostcompute-simulator.dll')),
      HOSTCOMPUTE_REMOTE: windowsPath(join(binaries, 'hostcompute-remote.dll')),
      HOSTCOMPUTE_TEST_WINE: '1',
      NODE_PATH: windowsPath(koffiForWindows()),
      ...(onKoffi && { HOSTCOMPUTE_BACKEND: 'koffi' }),
      ...(api && { HOSTCOMPUTE_API: api }),
    },
    stdio: ['ignore', file, file],
  });
  process.stdout.write(readFileSync(output, 'utf8'));
  console.log(`Windows Node ${versions[major]} under Wine${api ? `, ${api}` : ''}: mocha ended with ${status}\n`);
  return status;
}

const hosts = [...thinLibraries('simulator'), ...thinLibraries('remote')];
const binaries = build('windows', 'hostcompute', ...hosts, ...nativeTests);
startWine();
let failures = nativeTests.filter((name) => !runNativeTest(name)).length;
for (const major of majors) if (runMocha(windowsNode(major), major) !== 0) failures++;
stopWine();
process.exitCode = failures === 0 ? 0 : 1;
