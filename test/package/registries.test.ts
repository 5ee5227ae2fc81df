import assert from 'node:assert/strict';

import { asModule, done, runtimes, User } from './user.js';

/**
 * What Jest does for each file of tests: modules of their own, in a context of their own, in one process. `fresh` also lets the
 * native addon be loaded anew, as a registry does that knows nothing of the others.
 */
const registries = `
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

const ownNames = new Set(vm.runInContext('Object.getOwnPropertyNames(globalThis)', vm.createContext({})));
// The console of a context is one for debuggers.
const names = ['console', ...Object.getOwnPropertyNames(globalThis).filter((name) => !ownNames.has(name))];

let number = 0;

function registry() {
  const context = vm.createContext(Object.fromEntries(names.map((name) => [name, globalThis[name]])));
  const modules = new Map();
  const resolve = (specifier, from) =>
    /^\\.{0,2}\\//.test(specifier) ? new URL(specifier, from).href : pathToFileURL(createRequire(from).resolve(specifier)).href;
  const load = (specifier, { identifier: from }) => {
    const key = isBuiltin(specifier) ? specifier : resolve(specifier, from);
    if (!modules.has(key)) modules.set(key, isBuiltin(key) ? ofNode(key) : ofFile(key));
    return modules.get(key);
  };
  const ofNode = async (key) => {
    const has = await import(key);
    const exports = Object.keys(has);
    const set = function () { for (const name of exports) this.setExport(name, has[name]); };
    return new vm.SyntheticModule(exports, set, { context, identifier: key });
  };
  const ofFile = (key) =>
    new vm.SourceTextModule(readFileSync(new URL(key), 'utf8'), {
      context,
      identifier: key,
      initializeImportMeta: (meta) => (meta.url = key),
      importModuleDynamically: async (specifier, module) => evaluated(await load(specifier, module)),
    });
  const evaluated = async (module) => {
    if (module.status === 'unlinked') await module.link(load);
    await module.evaluate();
    return module;
  };
  return async (file) => (await evaluated(await load(file, { identifier: import.meta.url }))).namespace.main(String(number++));
}

for (const fresh of [false, true]) {
  const { cache } = createRequire(import.meta.url);
  for (const file of fresh ? Object.keys(cache) : []) if (file.endsWith('.node')) delete cache[file];
  const [one, other] = [registry(), registry()];
  await Promise.all([one('./main.mjs'), other('./main.mjs')]);
  await one('./main.mjs');
}`;

describe('The package in several module registries', () => {
  const user = new User();
  before(() => user.install());
  after(() => user.remove());

  for (const runtime of runtimes.filter(({ wine }) => !wine)) {
    it(`works in each of them, concurrently and in sequence, in ${runtime.name}`, () => {
      // They share the simulated host of the process: each system has an id of its own.
      const module = asModule.replace('async function main()', 'export async function main(id)').replace("'web'", 'id');
      user.write('main.mjs', module);
      user.write('registries.mjs', registries);
      const flags = ['--experimental-vm-modules', '--no-warnings'];
      const { status, output } = user.run(runtime, [...flags, 'registries.mjs']);
      assert.equal(output, `${done}\n`.repeat(6));
      assert.equal(status, 0);
    });
  }
});
