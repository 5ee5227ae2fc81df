// Builds the addon and the simulated host with node-gyp into native/build/Release.
//
// Off Windows native/gyp takes the place of Node's headers, so nothing is downloaded and no local installation is
// needed. On Windows node-gyp needs node.lib as well and finds or downloads it the usual way.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('../native', import.meta.url));
const args = [require.resolve('node-gyp/bin/node-gyp.js'), 'rebuild', '--jobs', 'max', '--loglevel', 'warn'];
const env = { ...process.env };
if (process.platform !== 'win32') {
  // npm hands its own setting down by this variable, and node-gyp lets it win over the command line.
  delete env.npm_config_nodedir;
  args.push('--nodedir', fileURLToPath(new URL('../native/gyp', import.meta.url)), '--force-process-config');
}
const { status, error } = spawnSync(process.execPath, args, { cwd: folder, env, stdio: 'inherit' });
if (error) throw error;
process.exitCode = status ?? 1;
