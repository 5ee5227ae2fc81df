// The native code as cmake builds it, each flavour in a folder of its own: out/native-<flavour>.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { root, run } from './run.mjs';

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
  // For win32-x64, from Linux by mingw.
  windows: { options: ['-DCMAKE_TOOLCHAIN_FILE=cmake/mingw.cmake', '-DCMAKE_BUILD_TYPE=Release'], env: {} },
};

/** Builds these targets, and gives the folder they are in. */
export function build(flavour, ...targets) {
  const folder = join(root, 'out', `native-${flavour}`);
  run('cmake', ['-S', '.', '-B', folder, ...flavours[flavour].options]);
  run('cmake', ['--build', folder, '--parallel', String(availableParallelism()), '--target', ...targets]);
  return folder;
}
