// Runs the tests that meet a host on the backend koffi: the very files that `npm test` runs on the addon. What koffi cannot
// do they take from `koffiLimits`.
//
//   node scripts/test-koffi.mjs [mocha arguments]
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
// Those that meet no host, or look at the package.
const others = ['adversarial', 'bench', 'docs', 'documents', 'package', 'report', 'types'];
const folders = [...others.map((name) => `out/test/${name}`), 'packages'];
const ignored = folders.flatMap((folder) => ['--ignore', `${folder}/**`]);

const mocha = [require.resolve('mocha/bin/mocha.js'), ...ignored, ...process.argv.slice(2)];
const env = { ...process.env, HOSTCOMPUTE_BACKEND: 'koffi' };
const { status, signal } = spawnSync(process.execPath, mocha, { cwd: root, env, stdio: 'inherit' });
console.log(`Backend koffi: mocha ended with ${signal ?? status}`);
process.exitCode = status ?? 1;
