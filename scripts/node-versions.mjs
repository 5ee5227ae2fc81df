// Other versions of Node than the one that runs, from npm: the package node-<platform> is one file.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from './run.mjs';

/** The program of this version for `linux-x64` or `win-x64`, brought to out/node when it is not there. */
export function bringNode(platform, version) {
  const folder = join(root, 'out', 'node', `${platform}-${version}`);
  const program = join(folder, 'package', 'bin', platform.startsWith('win') ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', folder, `node-${platform}@${version}`]);
  const archive = join(folder, `node-${platform}-${version}.tgz`);
  run('tar', ['-xzf', archive, '-C', folder]);
  rmSync(archive);
  return program;
}
