import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runtimes, User } from './user.js';

const members = readdirSync(fileURLToPath(new URL('../../../packages', import.meta.url)));
const program = `
import { readPolicy, systemFolders } from 'hostcompute-broker';
import { parseReference } from 'hostcompute-images';
import { describeStatus } from 'hostcompute';
const rule = { name: 'me', users: ['S-1-5-18'], prefix: 'me', calls: ['look'] };
const { rules } = readPolicy(JSON.stringify({ version: 1, rules: [rule] }), systemFolders().form);
console.log(rules[0].calls[0], describeStatus(0x80070005).code, parseReference('nanoserver:1').name);
`;

describe('The packages that stand on the package, installed together', () => {
  const user = new User();
  before(() => user.install(...members));
  after(() => user.remove());

  const manifestOf = (name: string): Record<string, unknown> =>
    JSON.parse(user.read(`node_modules/${name}/package.json`)) as Record<string, unknown>;

  for (const member of members) {
    it(`hostcompute-${member} depends on this version, not on a folder`, () => {
      const { version } = manifestOf('hostcompute');
      const { dependencies, private: isPrivate, devDependencies } = manifestOf(`hostcompute-${member}`);
      assert.deepEqual([isPrivate, devDependencies], [undefined, undefined]);
      for (const [name, range] of Object.entries(dependencies as Record<string, string>)) {
        if (name.startsWith('hostcompute')) assert.equal(range, version);
        else assert.match(range, /^\^\d/);
      }
    });
  }

  for (const runtime of runtimes) {
    it(`are imported on ${runtime.name}`, () => {
      user.write('program.mjs', program);
      const { status, output } = user.run(runtime, ['program.mjs']);
      assert.deepEqual([status, output.trim()], [0, 'look E_ACCESSDENIED docker.io/library/nanoserver:1']);
    });

    it(`the command runs on ${runtime.name}`, () => {
      const bin = join(
        'node_modules',
        'hostcompute-cli',
        (manifestOf('hostcompute-cli').bin as Record<string, string>).hostcompute!,
      );
      const command = (...words: readonly string[]): string => {
        const { status, output } = user.run(runtime, [bin, ...words], {
          HOSTCOMPUTE_HOST: 'simulated',
          HOSTCOMPUTE_ROOT: join(user.folder, 'root'),
        });
        assert.equal(status, 0, `${words.join(' ')}: ${output}`);
        return output;
      };
      const { version } = manifestOf('hostcompute');
      const shown = JSON.parse(command('version', '--json')) as Record<string, unknown>;
      assert.deepEqual([shown.version, shown.library, shown.images], [version, version, version]);
      assert.equal((shown.host as { name: string }).name, 'simulated');
      assert.match(command('explain', '0xc0370106'), /HCS_E_UNEXPECTED_EXIT/);
      assert.match(command('bench', '-n', '1', '--json'), /"kind":"bench"/);
      assert.match(command('images', 'ls'), /^IMAGE +ID/m);
      assert.match(command('layers', 'ls'), /^LAYER +TYPE/m);
      assert.match(command('--help'), /Usage: hostcompute/);
    });
  }
});
