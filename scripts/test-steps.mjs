// Runs the tests of images that break something off at some of its steps: at each of them, which takes minutes.
//
//   node scripts/test-steps.mjs [mocha arguments]
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const given = process.argv.slice(2);
const tests = given.length > 0 ? given : ['packages/images/dist/test/**/*.test.js'];

const env = { ...process.env, HOSTCOMPUTE_EVERY_STEP: '1' };
const mocha = [require.resolve('mocha/bin/mocha.js'), '--timeout', '1200000', ...tests];
const { status, signal } = spawnSync(process.execPath, mocha, { cwd: root, env, stdio: 'inherit' });
console.log(`Every step: mocha ended with ${signal ?? status}`);
process.exitCode = status ?? 1;
