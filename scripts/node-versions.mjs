// Other versions of Node than the one that runs, from npm: the package node-<platform> is one file.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** The program of this version for `linux-x64` or `win-x64`, brought to build/node when it is not there. */
export function bringNode(platform, version) {
  const folder = join(root, 'build', 'node', `${platform}-${version}`);
  const program = join(folder, 'package', 'bin', platform.startsWith('win') ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', folder, `node-${platform}@${version}`]);
  const archive = join(folder, `node-${platform}-${version}.tgz`);
  run('tar', ['-xzf', archive, '-C', folder]);
  rmSync(archive);
  return program;
}
