// Windows Node under Wine: where it comes from, and how it is started. Everything is under out/wine, the Wine prefix
// included; it can be removed at any time.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bringNode } from './node-versions.mjs';
import { root, run } from './run.mjs';

export const folder = join(root, 'out', 'wine');
export const prefix = join(folder, 'prefix');

/** The native tests of what only Windows has. */
export const nativeTests = [
  'test-files',
  'test-inspect-answers',
  'test-inspect-questions',
  'test-pipes',
  'test-archive-placed',
  'test-archive-unpack',
];

/** Newer ones do not start under the Wine that Debian has. */
export const versions = { 20: '20.20.2', 22: '22.23.3' };

export const wineEnvironment = {
  WINEPREFIX: prefix,
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  // No dialogs, no browser, no Mono.
  WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=',
};

/** The path of node.exe, for `wine`. */
export function windowsNode(major) {
  const version = versions[major];
  if (version === undefined) throw new Error(`Windows Node ${major} is not known to run under Wine; use 20 or 22`);
  return bringNode('win-x64', version);
}

const quiet = { env: { ...process.env, ...wineEnvironment }, stdio: 'ignore' };

/** Makes the prefix when it is not there, and starts the server of all programs in it. */
export function startWine() {
  const isReady = existsSync(join(prefix, 'ready'));
  if (!isReady) rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  // One that is about to end, because no program needs it, would take the next program with it: this one stays a minute.
  spawnSync('wineserver', ['-p60'], quiet);
  if (isReady) return;
  run('wine', ['wineboot', '-i'], quiet);
  run('wine', ['winecfg', '-v', 'win10'], quiet); // Node refuses to start on anything older
  openSync(join(prefix, 'ready'), 'w');
}

/** Ends the server, and returns when it has ended. */
export function stopWine(environment = wineEnvironment) {
  const options = { env: { ...process.env, ...environment }, stdio: 'ignore', timeout: 60_000 };
  for (const option of ['-k', '-w']) spawnSync('wineserver', [option], options);
}

/**
 * A machine of its own, made from the prefix, whose server has to be stopped: with the values of a .reg file, and with files in its
 * System32. Its services are those of the file.
 *
 * @returns the environment of its programs
 */
export function makeMachine(name, registry, files) {
  const machine = join(folder, name);
  rmSync(machine, { recursive: true, force: true });
  // Hard links: nothing of what it shares is ever written.
  run('cp', ['-al', prefix, machine]);
  for (const hive of ['system.reg', 'user.reg', 'userdef.reg']) {
    rmSync(join(machine, hive));
    copyFileSync(join(prefix, hive), join(machine, hive));
  }
  for (const [file, source] of Object.entries(files)) {
    const place = join(machine, 'drive_c', 'windows', 'system32', file);
    rmSync(place, { force: true });
    copyFileSync(source, place);
  }
  const text = join(folder, `${name}.reg`);
  // In UTF-16: what is in another form is read in that of Windows 95.
  writeFileSync(text, `\ufeff${registry.replaceAll('\n', '\r\n')}`, 'utf16le');
  const environment = { ...wineEnvironment, WINEPREFIX: machine };
  run('wine', ['regedit', '/S', windowsPath(text)], { env: { ...process.env, ...environment }, stdio: 'ignore' });
  // Services are read when the machine starts.
  stopWine(environment);
  return environment;
}

// Wine's drive Z: is the file system of this machine.
export const windowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;
