// The native code as cmake-js builds it, each flavour in a folder of its own: out/native-<flavour>.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { root, run } from './run.mjs';

const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');

const address = {
  // Leaks are found on Linux only.
  ASAN_OPTIONS: `detect_leaks=${process.platform === 'linux' ? 1 : 0}`,
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

const thread = {
  TSAN_OPTIONS: `halt_on_error=1 second_deadlock_stack=1 suppressions=${join(root, 'test', 'sanitizers', 'suppressions.tsan')}`,
};

/** The definitions that cmake gets, and the environment of the programs it makes. */
export const flavours = {
  // Each source by itself: here one that lacks an include is found.
  plain: { definitions: { UNITE: 'OFF' }, env: {} },
  thread: { definitions: { SANITIZE: 'thread' }, env: thread },
  address: { definitions: { SANITIZE: 'address,undefined' }, env: address },
  fuzz: {
    definitions: { SANITIZE: 'address,undefined', FUZZ: 'ON', CMAKE_CXX_COMPILER: 'clang++' },
    env: address,
  },
  // For win32-x64, from Linux by mingw.
  windows: { definitions: { CMAKE_TOOLCHAIN_FILE: 'cmake/mingw.cmake' }, env: {} },
};

/** Builds these targets, and gives the folder they are in. */
export function build(flavour, ...targets) {
  const folder = join(root, 'out', `native-${flavour}`);
  const start = (command, ...rest) => run(process.execPath, [cmakeJs, command, '--out', folder, ...rest]);
  const definitions = { ...flavours[flavour].definitions, CMAKE_LIBRARY_OUTPUT_DIRECTORY: folder };
  start('configure', ...Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`));
  // cmake-js knows one target at a time; what follows goes to cmake as it is.
  start('build', '--parallel', String(availableParallelism()), '--', '--target', ...targets);
  return folder;
}
