import assert from 'node:assert/strict';

import { file, folder, tar } from '../support/layers/tar.js';
import { runtimes, User } from './user.js';

const program = `
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { importLayer, LayerStore } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';
try {
  const simulator = await Simulator.open();
  console.log('opened');
  const store = await LayerStore.open(resolve('store'), { host: simulator.host });
  await importLayer('base.tar', { store, id: 'base', parents: [] });
  console.log('imported');
  await store.destroy('base');
  await simulator.close();
} catch ({ code, message }) {
  console.log(code, message);
  process.exit();
}`;

describe('The package under restrictive Node flags', () => {
  const user = new User();
  before(() => {
    user.install();
    user.write('main.mjs', program);
    user.write('base.tar', tar(folder('Files'), file('Files/a', 'x')));
    user.write('store/README', '');
  });
  after(() => user.remove());

  for (const runtime of runtimes.filter(({ wine }) => !wine)) {
    describe(`in ${runtime.name}`, () => {
      const permission = runtime.name.startsWith('Node 20') ? '--experimental-permission' : '--permission';

      const outputOf = (flags: readonly string[]): string =>
        user.run(runtime, ['--no-warnings', ...flags, 'main.mjs']).output;

      it('reports that native addons are disabled', () => {
        assert.match(outputOf(['--no-addons']), /ERR_HC_LIBRARY .*disabled\. Start Node without --no-addons/);
      });

      it('names the Permission Model flag for native addons', () => {
        assert.match(outputOf([permission, '--allow-fs-read=*']), /ERR_HC_LIBRARY .*start Node with --allow-addons/);
      });

      // The first version that is supported must be allowed to read the whole package before it reads anything of it.
      const unlessFirst = runtime.name === 'Node 20.19.0' ? () => undefined : it;
      unlessFirst('names the flag of the Permission Model for the folder of the binaries', () => {
        const own = 'node_modules/hostcompute';
        const readable = ['main.mjs', 'package.json', `${own}/package.json`, `${own}/dist`];
        const flags = [
          permission,
          '--allow-addons',
          ...readable.map((each) => `--allow-fs-read=${user.folder}/${each}`),
        ];
        const said = outputOf(flags);
        assert.match(said, /ERR_HC_LIBRARY .*Start Node with --allow-fs-read=\S+prebuilds\S+\n/);
        const named = /--allow-fs-read=\S+prebuilds\S+/.exec(said)![0];
        assert.match(outputOf([...flags, named]), /^opened\n/);
      });

      it('names the Permission Model flag for worker threads', () => {
        const given = [permission, '--allow-addons', '--allow-fs-read=*', '--allow-fs-write=*'];
        assert.match(outputOf(given), /^opened\nERR_HC_LAYER .*Start Node with --allow-worker/);
        assert.equal(outputOf([...given, '--allow-worker']), 'opened\nimported\n');
      });
    });
  }
});
