import assert from 'node:assert/strict';

import { runtimes, User } from './user.js';

const program = `
import { readPolicy, systemFolders } from 'hostcompute-broker';
import { describeStatus } from 'hostcompute';
const rule = { name: 'me', users: ['S-1-5-18'], prefix: 'me', calls: ['look'] };
const { rules } = readPolicy(JSON.stringify({ version: 1, rules: [rule] }), systemFolders().form);
console.log(rules[0].calls[0], describeStatus(0x80070005).code);
`;

describe('hostcompute-broker beside the package', () => {
  const user = new User();
  before(() => user.install('broker'));
  after(() => user.remove());

  it('depends on this version, not on a folder', () => {
    const { version } = JSON.parse(user.read('node_modules/hostcompute/package.json')) as { version: string };
    const manifest = JSON.parse(user.read('node_modules/hostcompute-broker/package.json')) as Record<string, unknown>;
    assert.deepEqual(manifest.dependencies, { hostcompute: version });
    assert.equal(manifest.private, undefined);
  });

  for (const runtime of runtimes) {
    it(`reads a policy on ${runtime.name}`, () => {
      user.write('program.mjs', program);
      const { status, output } = user.run(runtime, ['program.mjs']);
      assert.deepEqual([status, output.trim()], [0, 'look E_ACCESSDENIED']);
    });
  }
});
