// Runs the fuzzers of test/fuzz, each for so many seconds; built by clang with libFuzzer, ASan and UBSan.
//
//   node scripts/fuzz.mjs [--seconds N] [archives | disks | documents | marshalling | networks]
//
// They begin with test/fuzz/corpus, which they never change. What they find of their own stays in out/fuzz, for the next
// run; an input that fails is kept there too, and out/native-fuzz/fuzz-<name> with that file plays it again.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { build, flavours } from './flavours.mjs';
import { finish, root } from './run.mjs';

const fuzzers = ['archives', 'disks', 'documents', 'marshalling', 'networks'];

// The words that the simulator's documents are made of, in the form that libFuzzer reads.
function dictionary() {
  const folder = join(root, 'native', 'simulator');
  const names = readdirSync(folder, { recursive: true }).filter((name) => /\.(cc|h)$/.test(name));
  const sources = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const words = new Set(sources.flatMap((source) => [...source.matchAll(/u"(\w{2,})"/g)].map(([, word]) => word)));
  const file = join(root, 'out', 'fuzz', 'words.dict');
  writeFileSync(file, [...words].map((word) => `"${word}"\n`).join(''));
  return file;
}

function fuzz(folder, name, seconds) {
  const found = join(root, 'out', 'fuzz', name);
  const seeds = join(root, 'test', 'fuzz', 'corpus', name);
  mkdirSync(found, { recursive: true });
  const limits = [`-max_total_time=${seconds}`, '-max_len=4096', '-timeout=20', '-print_final_stats=1'];
  const { status, signal, stderr, error } = spawnSync(
    join(folder, `fuzz-${name}`),
    [...limits, `-dict=${dictionary()}`, `-artifact_prefix=${join(root, 'out', 'fuzz')}/${name}-`, found, seeds],
    {
      cwd: root,
      env: { ...process.env, ...flavours.fuzz.env },
      stdio: ['ignore', 'inherit', 'pipe'],
      encoding: 'utf8',
    },
  );
  if (error) throw error;
  const runs = /number_of_executed_units: (\d+)/.exec(stderr)?.[1] ?? '0';
  const coverage = [...stderr.matchAll(/ cov: (\d+)/g)].at(-1)?.[1] ?? '0';
  console.log(`${name}: ${runs} inputs, ${coverage} edges covered, ended with ${signal ?? status}`);
  if (status === 0 && Number(runs) > 0) return true;
  process.stdout.write(stderr.replaceAll(/^#\d+\t.*\n/gm, '')); // without the lines of progress
  return false;
}

finish((words) => {
  const { values, positionals } = parseArgs({
    args: words,
    options: { seconds: { type: 'string', default: '60' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !fuzzers.includes(name));
  if (unknown.length > 0) throw new Error(`no such fuzzer: ${unknown.join(', ')}; there are ${fuzzers.join(', ')}`);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error('--seconds must be a whole number from 1');
  const asked = positionals.length > 0 ? positionals : fuzzers;
  const folder = build('fuzz', ...asked.map((name) => `fuzz-${name}`));
  return asked.filter((name) => !fuzz(folder, name, seconds)).length;
});
