// Builds and runs the native tests, which need no Node, in up to three flavours.
//
//   node scripts/test-native.mjs [plain | thread | address ...]
//
// Everything it makes is under out/native-<flavour>.
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

import { build, flavours } from './flavours.mjs';
import { finish, maxBuffer, root, run } from './run.mjs';

const known = ['plain', 'thread', 'address'];
const limitMs = 300_000;

// The programs as CTest knows them: [{ name, command: [program, ...arguments] }].
function buildTests(flavour) {
  const folder = build(flavour, 'native-tests');
  const { tests } = JSON.parse(run('ctest', ['--test-dir', folder, '--show-only=json-v1']));
  if (tests.length === 0) throw new Error(`${folder} has no tests`);
  return tests;
}

function runTest(flavour, { name, command }) {
  const begun = performance.now();
  const { status, signal, stdout, stderr, error } = spawnSync(command[0], command.slice(1), {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...flavours[flavour].env },
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer,
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const closing = (stdout ?? '').trimEnd().split('\n').at(-1);
  // A program that ended early has not said how many checks it made.
  const good = status === 0 && /^[1-9]\d* passed, 0 failed$/.test(closing);
  console.log(`${flavour} ${name}: ${closing || 'no closing line'} (${seconds} s)`);
  if (good) return true;
  process.stdout.write(stderr ?? '');
  const end = error?.code === 'ETIMEDOUT' ? `did not end in ${limitMs} ms` : `ended with ${signal ?? status}`;
  console.log(`${flavour} ${name}: ${basename(command[0])} ${end}`);
  return false;
}

finish((asked) => {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such flavour: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  let failures = 0;
  for (const flavour of asked.length > 0 ? asked : known) {
    for (const test of buildTests(flavour)) if (!runTest(flavour, test)) failures++;
  }
  if (failures > 0) console.log(`${failures} failed`);
  return failures;
});
