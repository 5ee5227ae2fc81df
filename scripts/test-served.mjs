// Runs the tests of the API and the conformance suite on a remote simulator, in a process of its own: the very files
// that `npm test` runs, with the library of its clients in place of the host's.
//
//   node scripts/test-served.mjs [--policy] [--api computecore] [mocha arguments]
//
// With --policy each call goes through JavaScript, under a policy that allows everything. With --api computecore systems
// are driven through computecore.dll.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { takeApi } from './api-option.mjs';

if (process.platform === 'win32') throw new Error('The remote simulator runs on Linux and macOS only.');
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
const socket = join(folder, 'host.sock');
const extension = process.platform === 'darwin' ? 'dylib' : 'so';
const env = {
  ...process.env,
  HOSTCOMPUTE_SIMULATOR: join(root, 'build', 'Release', `hostcompute-remote.${extension}`),
  HOSTCOMPUTE_SIMULATOR_SOCKET: socket,
};
// Those that look at their own process, or start a remote simulator themselves, are not about this one.
const folders = ['out/test/backend', 'out/test/examples', 'out/test/lifetime', 'packages'];
const ignored = folders.flatMap((folder) => ['--ignore', `${folder}/**`]);

const { api, rest: words } = takeApi(process.argv.slice(2));
if (api !== undefined) env.HOSTCOMPUTE_API = api;
const underPolicy = words.includes('--policy');
const program = underPolicy ? 'serve-under-policy.js' : 'serve-host.js';
const given = words.filter((word) => word !== '--policy');

const server = fork(join(root, 'out', 'test', 'lifetime', 'programs', program), [socket]);
try {
  await once(server, 'message');
  // All of them use one host, which each test finds empty.
  const mocha = [require.resolve('mocha/bin/mocha.js'), '--no-parallel', ...ignored, ...given];
  const { status, signal } = spawnSync(process.execPath, mocha, { cwd: root, env, stdio: 'inherit' });
  console.log(
    `${underPolicy ? 'Served under a policy' : 'Remote simulator'}${api ? `, ${api}` : ''}: mocha ended with ${signal ?? status}`,
  );
  process.exitCode = status ?? 1;
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}
