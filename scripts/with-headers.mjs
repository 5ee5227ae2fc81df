// Runs node-gyp, or prebuildify, which runs it, with the headers that the running Node brought with it. Where there are
// none, and where npm's setting nodedir names others, node-gyp does as it does by itself.
//
//   node scripts/with-headers.mjs COMMAND [argument ...]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { root } from './run.mjs';

const installation = join(dirname(process.execPath), '..');
const env = { ...process.env, JOBS: process.env.JOBS ?? 'max' };
env.PATH = [join(root, 'node_modules', '.bin'), dirname(process.execPath), env.PATH].join(delimiter);
if (!env.npm_config_nodedir) {
  if (existsSync(join(installation, 'include', 'node', 'common.gypi'))) env.npm_config_nodedir = installation;
  else delete env.npm_config_nodedir;
}
const [command, ...args] = process.argv.slice(2);
const { status, error } = spawnSync(command, args, {
  cwd: root,
  env,
  stdio: 'inherit',
  shell: process.platform === 'win32', // the commands of npm are .cmd files there
});
if (error) throw error;
process.exitCode = status ?? 1;
