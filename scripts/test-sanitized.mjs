// Runs mocha on an addon and a simulator that were built with a sanitizer, inside an ordinary Node.
//
//   node scripts/test-sanitized.mjs [address | thread] [-- mocha arguments]
//
// Without mocha arguments: the matrix of every call under every fault, chaos, and a served host. Node itself is not instrumented, so the
// sanitizer's runtime is loaded before it. Its calls to malloc, free and pthread are seen nevertheless: memory of ours is
// checked and followed wherever it goes, a lock that Node takes between two threads counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build, flavours } from './flavours.mjs';
import { thinLibraries } from './package/dlls.mjs';
import { finish, root, run } from './run.mjs';

const sanitizers = {
  address: { runtime: 'libasan.so', options: 'ASAN_OPTIONS' },
  thread: { runtime: 'libtsan.so', options: 'TSAN_OPTIONS' },
};
const tests = [
  'out/test/conformance/fault-matrix.test.js',
  'out/test/lifetime/chaos.test.js',
  'out/test/lifetime/served-host.test.js',
];
// In this process, not in one that mocha starts: process.exit() in the midst of a callback leaves memory behind in Node.
const mocha = ['--expose-gc', '--enable-source-maps', 'node_modules/mocha/lib/cli/cli.js', '--no-config'];
const limits = ['--timeout', '120000', '--forbid-only', '--forbid-pending', '--reporter', 'dot'];

function runtime(name) {
  const [compiler, ...words] = (process.env.CXX ?? 'g++').split(' '); // such as "ccache g++", as cmake takes it too
  const path = run(compiler, [...words, `-print-file-name=${name}`]).trim();
  if (!existsSync(path)) throw new Error(`${name} of g++ is not there. See CONTRIBUTING.md for what this needs.`);
  return realpathSync(path); // what the package has under its plain name may be a linker script
}

// TSan finds no names in libraries that were loaded later: this gives its frames theirs.
function symbolized(report, folder) {
  return report.replaceAll(
    /<null> <null> \((hostcompute\.node|hostcompute-simulator\.so)\+(0x[0-9a-f]+)\)/g,
    (frame, file, offset) => {
      const { status, stdout } = spawnSync('addr2line', ['-Cfpsie', join(folder, file), offset], { encoding: 'utf8' });
      return status === 0 ? stdout.trim() : frame;
    },
  );
}

// A report in which no frame of any stack is ours is about Node alone: its locks and atomics are not instrumented.
const ours = /\((?:hostcompute\.node|hostcompute-[\w-]+\.so)\+0x/;
const aboutNode = (report) => report.startsWith('WARNING: ThreadSanitizer') && !ours.test(report);
const isSummary = (report) => /^(?:ThreadSanitizer: reported \d+ warnings)?\s*$/.test(report);

function readReports(folder) {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.flatMap((text) => text.split(/^={18}\n/m)).filter((report) => !isSummary(report));
}

function runMocha(flavour, given) {
  const folder = build(flavour, 'hostcompute', ...thinLibraries('simulator'), ...thinLibraries('remote'));
  const reports = join(folder, 'reports');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports);
  const { runtime: library, options } = sanitizers[flavour];
  const own = [`log_path=${join(reports, 'report')}`];
  own.push(...(flavour === 'thread' ? ['exitcode=0', 'halt_on_error=0'] : ['exitcode=66']));
  const env = {
    ...process.env,
    ...flavours[flavour].env,
    [options]: [flavours[flavour].env[options], ...own].join(':').replaceAll(' ', ':'),
    HOSTCOMPUTE_ADDON: join(folder, 'hostcompute.node'),
    HOSTCOMPUTE_SIMULATOR: join(folder, 'hostcompute-simulator.so'),
    HOSTCOMPUTE_REMOTE: join(folder, 'hostcompute-remote.so'),
    LD_PRELOAD: runtime(library),
  };
  const begun = performance.now();
  const { status, signal, error } = spawnSync(process.execPath, [...mocha, ...limits, ...given], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (error) throw error;
  const all = readReports(reports);
  const found = all.filter((report) => !aboutNode(report));
  for (const report of found) console.log(symbolized(report, folder));
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const left = all.length - found.length;
  const note = `${found.length} reports${left > 0 ? `, and ${left} about Node alone` : ''}`;
  console.log(`${flavour} in Node: mocha ended with ${signal ?? status}, ${note} (${seconds} s)`);
  return status === 0 && found.length === 0;
}

finish((words) => {
  const separator = words.indexOf('--');
  const asked = separator < 0 ? words : words.slice(0, separator);
  const given = separator < 0 ? [] : words.slice(separator + 1);
  const unknown = asked.filter((name) => !Object.hasOwn(sanitizers, name));
  if (unknown.length > 0) throw new Error(`no such flavour: ${unknown.join(', ')}; there are address and thread`);
  if (process.platform !== 'linux') throw new Error('sanitizers can be loaded before Node on Linux only');
  let failures = 0;
  for (const flavour of asked.length > 0 ? asked : Object.keys(sanitizers)) {
    if (!runMocha(flavour, given.some((word) => word.endsWith('.js')) ? given : [...tests, ...given])) failures++;
  }
  return failures;
});
