// Builds the binaries of the published package, without symbols, into prebuilds/<platform>: for this platform with
// prebuildify, and for win32-x64 from Linux with mingw, which prebuildify cannot.
//
//   npm run prebuilds -- [platform ...]
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from './flavours.mjs';
import { binariesOf } from './package/binaries.mjs';
import { thinLibraries } from './package/dlls.mjs';
import { root, run } from './run.mjs';

const here = `${process.platform}-${process.arch}`;

function buildHere(target) {
  const options = ['--napi', '--strip', '--name', 'hostcompute', '--target', process.versions.node];
  run(process.execPath, ['scripts/with-headers.mjs', 'prebuildify', ...options], { stdio: 'inherit' });
  // prebuildify moves the addon away from there, where a clone looks for it first.
  copyFileSync(join(target, 'hostcompute.node'), join(root, 'build', 'Release', 'hostcompute.node'));
}

function buildForWindows(target) {
  const folder = build('windows', 'hostcompute', ...thinLibraries('simulator'), ...thinLibraries('remote'));
  mkdirSync(target, { recursive: true });
  for (const file of binariesOf('win32-x64')) {
    copyFileSync(join(folder, file), join(target, file));
    run('x86_64-w64-mingw32-strip', [join(target, file)]);
  }
}

for (const platform of process.argv.length > 2 ? process.argv.slice(2) : [here]) {
  const target = join(root, 'prebuilds', platform);
  rmSync(target, { recursive: true, force: true });
  if (platform === here) buildHere(target);
  else if (platform === 'win32-x64' && process.platform === 'linux') buildForWindows(target);
  else
    throw new Error(`${platform} is not built on ${here}; .github/workflows/release.yml builds each on its own system`);
  console.log(`prebuilds/${platform}: ${binariesOf(platform).join(', ')}`);
}
