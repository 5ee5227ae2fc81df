// Builds the binaries of the published package, without symbols, into prebuilds/<platform>: for this platform with
// node-gyp, and for win32-x64 from Linux with mingw.
//
//   npm run prebuilds -- [platform ...]
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from './flavours.mjs';
import { binariesOf } from './package/binaries.mjs';
import { root, run } from './run.mjs';

const here = `${process.platform}-${process.arch}`;

/** Builds for one platform; the folder of what was built, and the command that takes the symbols from it. */
function buildFor(platform) {
  if (platform === here) {
    run(process.execPath, ['scripts/build-native.mjs'], { stdio: 'inherit' });
    const strip = { linux: ['strip', '--strip-unneeded'], darwin: ['strip', '-x'] }[process.platform];
    return { folder: join(root, 'native', 'build', 'Release'), strip };
  }
  if (platform === 'win32-x64' && process.platform === 'linux') {
    return { folder: build('windows', 'hostcompute', 'vmcompute'), strip: ['x86_64-w64-mingw32-strip'] };
  }
  throw new Error(`${platform} is not built on ${here}; .github/workflows/release.yml builds each on its own system`);
}

for (const platform of process.argv.length > 2 ? process.argv.slice(2) : [here]) {
  const { folder, strip } = buildFor(platform);
  const target = join(root, 'prebuilds', platform);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of binariesOf(platform)) {
    copyFileSync(join(folder, file), join(target, file));
    if (strip !== undefined) run(strip[0], [...strip.slice(1), join(target, file)]);
  }
  console.log(`prebuilds/${platform}: ${binariesOf(platform).join(', ')}`);
}
