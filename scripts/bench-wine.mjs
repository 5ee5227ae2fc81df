// Measures in Windows Node under Wine what exists on Windows only: how long a layer takes that stands on another, which calls
// its files cost, and the latency of systems beside the plain C++ client. No Windows is involved, and a Wine server carries
// out the calls on files of all threads one by one: what counts is the ratio of two sides of one run, and the number of calls.
//
//   npm run bench:wine -- [import] [calls] [latency] [--rounds 3] [--beside FOLDER]
//
// With --beside the import of another checkout is measured in turn. Its TypeScript is built, and its addon is in
// out/native-windows, as `node scripts/test-wine.mjs` leaves it.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { build } from './flavours.mjs';
import { thinLibraries } from './package/dlls.mjs';
import { root, run } from './run.mjs';
import { folder as wineFolder, startWine, stopWine, windowsNode, windowsPath, wineEnvironment } from './wine.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, beside: { type: 'string' } },
});
const wanted = positionals.length > 0 ? positionals : ['import', 'calls', 'latency'];
const rounds = Number(values.rounds);
const client = join(root, 'out', 'native-windows', 'bench-client.exe');
const importTrial = join('out', 'bench', 'trials', 'layer-import-above.js');
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** What a program of Windows writes: its output has to be a file. What Wine says of it goes to `trace`. */
function wine(checkout, program, args, { trace, env = {} } = {}) {
  const output = join(wineFolder, 'bench.txt');
  const errors = trace ?? join(wineFolder, 'bench-errors.txt');
  const stdio = ['ignore', openSync(output, 'w'), openSync(errors, 'w')];
  const binaries = join(checkout, 'out', 'native-windows');
  const own = {
    HOSTCOMPUTE_ADDON: windowsPath(join(binaries, 'hostcompute.node')),
    HOSTCOMPUTE_SIMULATOR: windowsPath(join(binaries, 'hostcompute-simulator.dll')),
  };
  const settings = { cwd: checkout, stdio, env: { ...process.env, ...wineEnvironment, ...own, ...env } };
  const { status } = spawnSync('wine', [program, ...args], settings);
  if (status === 0) return readFileSync(output, 'utf8');
  throw new Error(`${program} ended with ${status}\n${readFileSync(output, 'utf8')}`);
}

const node = (checkout, script, args, options) =>
  wine(checkout, windowsNode(20), ['--expose-gc', windowsPath(join(checkout, script)), ...args], options);

/** Milliseconds until the host has the folder of the layer. */
function importMs(checkout, archive, options) {
  const place = mkdtempSync(join(places, 'layer-'));
  const output = node(checkout, importTrial, [windowsPath(archive), windowsPath(place)], options);
  rmSync(place, { recursive: true });
  return Number(output);
}

function filesMs(files, bytes) {
  const place = mkdtempSync(join(places, 'files-'));
  const output = wine(root, client, ['files', windowsPath(place), files, bytes].map(String));
  rmSync(place, { recursive: true });
  return Number(output);
}

function measureImport(archives) {
  const sides = [['this', root], ...(values.beside === undefined ? [] : [['beside', values.beside]])];
  for (const [, checkout] of sides.slice(1)) {
    // Both run the same trial.
    const copy = join(checkout, importTrial);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, importTrial), copy);
  }
  for (const { what, files, bytes, plain } of archives) {
    const times = sides.map(() => []);
    const least = [];
    for (let round = 0; round < rounds; round++) {
      least.push(filesMs(files, Math.round(bytes / files)));
      for (const [side, [, checkout]] of sides.entries()) times[side].push(importMs(checkout, plain));
    }
    const [own, other] = times.map(median);
    const text = sides.map(([name], side) => `${name} ${median(times[side]).toFixed(0)} ms (${spread(times[side])})`);
    const ratio = other === undefined ? '' : `, ${(own / other).toFixed(2)} of it`;
    console.log(`import of ${what}, ${(bytes / 1e6).toFixed(0)} MB: ${text.join(', ')}${ratio}`);
    console.log(
      `  files alone, of that size each, by one thread in C++: ${median(least).toFixed(0)} ms (${spread(least)})`,
    );
  }
}

const spread = (times) => [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(0)).join(' to ');

/** Calls as Wine's relay channel tells them: for each of what the second run does more than the first. */
function callsFor(each, names, [fewer, more], once) {
  const key = 'HKEY_CURRENT_USER\\Software\\Wine\\Debug';
  run('wine', ['reg', 'add', key, '/v', 'RelayInclude', '/t', 'REG_SZ', '/d', names.join(';'), '/f'], {
    env: { ...process.env, ...wineEnvironment },
    stdio: 'ignore',
  });
  const trace = join(wineFolder, 'relay.txt');
  const [before, after] = [fewer, more].map((count) => {
    once(count, { trace, env: { WINEDEBUG: '+relay' } });
    const calls = [...readFileSync(trace, 'utf8').matchAll(/Call (\w+\.\w+)\(/g)].map(([, name]) => name);
    return names.map((name) => calls.filter((call) => call === name).length);
  });
  rmSync(trace);
  console.log(`calls for each ${each}:`);
  for (const [at, name] of names.entries()) {
    const number = (after[at] - before[at]) / (more - fewer);
    if (Math.abs(number) >= 0.05) console.log(`  ${name} ${number.toFixed(2)}`);
  }
}

const ofFiles = [
  'CreateFile',
  'OpenFile',
  'Close',
  'ReadFile',
  'WriteFile',
  'SetInformationFile',
  'QueryInformationFile',
];
const ofThreads = [
  'SetEvent',
  'WaitForSingleObject',
  'WaitForMultipleObjects',
  'ReleaseSemaphore',
  'WaitForAlertByThreadId',
  'AlertThreadByThreadId',
  'SetIoCompletion',
  'RemoveIoCompletion',
  'RemoveIoCompletionEx',
];
const ntdll = (names) => names.map((name) => `ntdll.Nt${name}`);

function measureCalls(archives) {
  const byFiles = new Map(archives.map(({ files, plain }) => [files, plain]));
  const [small, large] = [...byFiles.keys()];
  const names = [...ntdll(ofFiles), 'kernel32.BackupWrite', 'kernel32.BackupSeek'];
  callsFor('file', names, [small, large], (files, options) => importMs(root, byFiles.get(files), options));
  for (const [side, once] of Object.entries(latencySides)) {
    callsFor(`cycle of one system, ${side}`, ntdll(ofThreads), [200, 600], once);
  }
}

const dll = (name) => windowsPath(join(root, 'out', 'native-windows', name));
const libraries = [dll('hostcompute-simulator-vmcompute.dll'), dll('hostcompute-simulator.dll')];
const latencySides = {
  hostcompute: (cycles, options) => node(root, join('out', 'bench', 'trials', 'latency.js'), [String(cycles)], options),
  'C++ client': (cycles, options) => wine(root, client, [...libraries, 'latency', String(cycles)], options),
};

function measureLatency() {
  const cycles = 1000;
  const phases = ['create', 'start', 'inspect', 'terminate', 'whole'];
  const sides = Object.values(latencySides);
  const all = sides.map(() => phases.map(() => []));
  for (let round = 0; round < rounds; round++) {
    for (const [side, once] of sides.entries()) {
      const lines = once(cycles).trim().split(/\r?\n/);
      for (const line of lines.slice(lines.length / 2)) {
        for (const [phase, value] of line.split(' ').entries()) all[side][phase].push(Number(value) / 1000);
      }
    }
  }
  console.log(`systems one after the other, µs, p50 and p99, against the C++ client`);
  for (const [phase, name] of phases.entries()) {
    const [own, other] = all.map((side) => side[phase].toSorted((a, b) => a - b));
    const at = (times, part) => times[Math.floor((times.length - 1) * part)];
    const text = [0.5, 0.99].map((part) => `${at(own, part).toFixed(0)} against ${at(other, part).toFixed(0)}`);
    console.log(`  ${name} ${text.join(', ')}: ${(at(own, 0.5) / at(other, 0.5)).toFixed(2)}`);
  }
}

build('windows', 'hostcompute', ...thinLibraries('simulator'), 'bench-client');
startWine();
const places = mkdtempSync(join(wineFolder, 'bench-'));
try {
  const { makeArchive } = await import(`${root}out/bench/support/layer-archives.js`);
  const archives = [
    [500, 5],
    [1500, 15],
    [2000, 70],
  ].map(([files, megabytes]) => makeArchive(places, `${files} files`, files, megabytes * 1e6));
  if (wanted.includes('import')) measureImport(archives.slice(1));
  if (wanted.includes('calls')) measureCalls(archives);
  if (wanted.includes('latency')) measureLatency();
} finally {
  rmSync(places, { recursive: true, force: true });
  stopWine();
}
