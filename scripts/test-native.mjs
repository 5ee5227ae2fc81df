// Builds and runs the native tests, which need no Node, in up to three flavours.
//
//   node scripts/test-native.mjs [plain | thread | address ...]
//
// Everything it makes is under build/native-<flavour>.
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const jobs = '2';
const limitMs = 300_000;
const maxBuffer = 64 * 1024 * 1024;

const flavours = {
  plain: { sanitize: '', env: {} },
  thread: { sanitize: 'thread', env: { TSAN_OPTIONS: 'halt_on_error=1 second_deadlock_stack=1' } },
  address: {
    sanitize: 'address,undefined',
    env: {
      // Leaks are found on Linux only.
      ASAN_OPTIONS: `detect_leaks=${process.platform === 'linux' ? 1 : 0}`,
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  },
};

function run(command, args, options = {}) {
  const { status, stdout, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer, ...options });
  if (error)
    throw new Error(`${command} could not be started: ${error.message}. See CONTRIBUTING.md for what it needs.`);
  if (status === 0) return stdout;
  process.stderr.write(stdout);
  throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

// The programs as CTest knows them: [{ name, command: [program, ...arguments] }].
function build(name) {
  const folder = join('build', `native-${name}`);
  const quiet = { stdio: ['ignore', 'pipe', 'inherit'] };
  run('cmake', ['-S', '.', '-B', folder, `-DSANITIZE=${flavours[name].sanitize}`], quiet);
  run('cmake', ['--build', folder, '--parallel', jobs, '--target', 'native-tests'], quiet);
  const { tests } = JSON.parse(run('ctest', ['--test-dir', folder, '--show-only=json-v1'], quiet));
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

function main(asked) {
  const unknown = asked.filter((name) => !Object.hasOwn(flavours, name));
  if (unknown.length > 0) {
    throw new Error(`no such flavour: ${unknown.join(', ')}; there are ${Object.keys(flavours).join(', ')}`);
  }
  let failures = 0;
  for (const flavour of asked.length > 0 ? asked : Object.keys(flavours)) {
    for (const test of build(flavour)) if (!runTest(flavour, test)) failures++;
  }
  if (failures > 0) console.log(`${failures} failed`);
  return failures === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
