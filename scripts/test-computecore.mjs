// Runs the conformance suite with systems driven through computecore.dll: the very files that `npm test` runs with
// vmcompute.dll.
//
//   node scripts/test-computecore.mjs [mocha arguments]
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const suites = 'out/test/conformance/*.test.js';
const given = process.argv.slice(2);
const mocha = [require.resolve('mocha/bin/mocha.js'), ...(given.length === 0 ? [suites] : given)];
const env = { ...process.env, HOSTCOMPUTE_API: 'computecore' };
const { status, signal } = spawnSync(process.execPath, mocha, { cwd: root, env, stdio: 'inherit' });
console.log(`computecore: mocha ended with ${signal ?? status}`);
process.exitCode = status ?? 1;
