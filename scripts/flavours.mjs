// The native code as cmake builds it for tests, each flavour in a folder of its own: build/native-<flavour>.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const maxBuffer = 64 * 1024 * 1024;
const jobs = '2';

const address = {
  // Leaks are found on Linux only.
  ASAN_OPTIONS: `detect_leaks=${process.platform === 'linux' ? 1 : 0}`,
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/** What cmake is told, and the environment of the programs it makes. */
export const flavours = {
  plain: { options: ['-DSANITIZE='], env: {} },
  thread: { options: ['-DSANITIZE=thread'], env: { TSAN_OPTIONS: 'halt_on_error=1 second_deadlock_stack=1' } },
  address: { options: ['-DSANITIZE=address,undefined'], env: address },
  fuzz: { options: ['-DSANITIZE=address,undefined', '-DFUZZ=ON', '-DCMAKE_CXX_COMPILER=clang++'], env: address },
};

/** The output of a command that has to succeed. */
export function run(command, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer,
    stdio,
    ...options,
  });
  if (error)
    throw new Error(`${command} could not be started: ${error.message}. See CONTRIBUTING.md for what it needs.`);
  if (status === 0) return stdout;
  process.stderr.write(stdout ?? '');
  throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Builds these targets, and gives the folder they are in. */
export function build(flavour, ...targets) {
  const folder = join(root, 'build', `native-${flavour}`);
  run('cmake', ['-S', '.', '-B', folder, ...flavours[flavour].options]);
  run('cmake', ['--build', folder, '--parallel', jobs, '--target', ...targets]);
  return folder;
}

/** Ends the program as a `main` should: 0 or 1, and a word about what could not be done at all. */
export function finish(main) {
  try {
    process.exitCode = main(process.argv.slice(2)) === 0 ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
