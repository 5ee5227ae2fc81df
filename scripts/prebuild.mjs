// Builds the binaries of the published package, without symbols, into prebuilds/<platform>: for this platform with
// node-gyp, and for win32-x64 from Linux with mingw.
//
//   npm run prebuilds -- [platform ...]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { binariesOf } from './package/binaries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const here = `${process.platform}-${process.arch}`;

function run(command, args, stdio = 'inherit') {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio });
  if (error)
    throw new Error(`${command} could not be started: ${error.message}. See CONTRIBUTING.md for what it needs.`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Builds for one platform; the folder of what was built, and the command that takes the symbols from it. */
function build(platform) {
  if (platform === here) {
    run(process.execPath, ['scripts/build-native.mjs']);
    const strip = { linux: ['strip', '--strip-unneeded'], darwin: ['strip', '-x'] }[process.platform];
    return { folder: join(root, 'native', 'build', 'Release'), strip };
  }
  if (platform === 'win32-x64' && process.platform === 'linux') {
    const folder = join(root, 'build', 'wine', 'native');
    const options = ['-DCMAKE_TOOLCHAIN_FILE=cmake/mingw.cmake', '-DCMAKE_BUILD_TYPE=Release'];
    run('cmake', ['-S', '.', '-B', folder, ...options], ['ignore', 'ignore', 'inherit']);
    run('cmake', [
      '--build',
      folder,
      '--parallel',
      String(availableParallelism()),
      '--target',
      'hostcompute',
      'vmcompute',
    ]);
    return { folder, strip: ['x86_64-w64-mingw32-strip'] };
  }
  throw new Error(`${platform} is not built on ${here}; .github/workflows/release.yml builds each on its own system`);
}

for (const platform of process.argv.length > 2 ? process.argv.slice(2) : [here]) {
  const { folder, strip } = build(platform);
  const target = join(root, 'prebuilds', platform);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of binariesOf(platform)) {
    copyFileSync(join(folder, file), join(target, file));
    if (strip !== undefined) run(strip[0], [...strip.slice(1), join(target, file)]);
  }
  console.log(`prebuilds/${platform}: ${binariesOf(platform).join(', ')}`);
}
