import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { asModule, done, runtimes, User } from './user.js';

const platform = (wine: boolean): string => (wine ? 'win32-x64' : `${process.platform}-${process.arch}`);

describe('The package in a bundle of esbuild', () => {
  const user = new User();
  before(() => user.install());
  after(() => user.remove());

  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ] as const) {
    describe(`in the format ${format}`, () => {
      const folder = `out-${format}`;
      before(async () => {
        user.write(`${format}.mjs`, `${asModule}\nmain();`);
        await build({
          entryPoints: [join(user.folder, `${format}.mjs`)],
          outfile: join(user.folder, folder, `main.${extension}`),
          bundle: true,
          platform: 'node',
          format,
          logLevel: 'error',
        });
      });

      it('says which files to copy beside it, and the variable that names them elsewhere', () => {
        const { output } = user.run(runtimes[0]!, [`${folder}/main.${extension}`]);
        assert.match(output, /ERR_HC_LIBRARY/);
        assert.ok(output.includes(`copy the files of prebuilds/${platform(false)} of the package beside it`), output);
        assert.match(output, /HOSTCOMPUTE_(ADDON|SIMULATOR)/);
      });

      for (const runtime of runtimes) {
        it(`runs with the binaries beside it in ${runtime.name}`, () => {
          // Alone: nothing of the package is near.
          const place = join(user.folder, 'deployed', `${format}-${platform(runtime.wine)}`);
          mkdirSync(place, { recursive: true });
          cpSync(join(user.folder, folder), place, { recursive: true });
          const prebuilds = join(user.folder, 'node_modules', 'hostcompute', 'prebuilds', platform(runtime.wine));
          cpSync(prebuilds, place, { recursive: true });
          const { status, output } = user.run(runtime, [
            `deployed/${format}-${platform(runtime.wine)}/main.${extension}`,
          ]);
          assert.equal(output.trim(), done);
          assert.equal(status, 0);
        });
      }
    });
  }
});
