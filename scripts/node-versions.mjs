// Other versions than those that are installed, from npm: of Node, whose package node-<platform> is one file, and of TypeScript.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from './run.mjs';

/** The program of this version for `linux-x64` or `win-x64`, brought to out/node when it is not there. */
export function bringNode(platform, version) {
  const program = join('bin', platform.startsWith('win') ? 'node.exe' : 'node');
  return bring(`node-${platform}`, version, join(root, 'out', 'node', `${platform}-${version}`), program);
}

/** The compiler of this version, brought to out/typescript when it is not there. */
export function bringTypeScript(version) {
  return bring('typescript', version, join(root, 'out', 'typescript', version), join('bin', 'tsc'));
}

function bring(name, version, folder, file) {
  const path = join(folder, 'package', file);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`]);
  const archive = join(folder, `${name}-${version}.tgz`);
  run('tar', ['-xzf', archive, '-C', folder]);
  rmSync(archive);
  return path;
}
