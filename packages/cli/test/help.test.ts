import assert from 'node:assert/strict';

import { hostcompute } from './support/hostcompute.js';

describe('The first help', () => {
  it('fits a screen of 24 lines, and has every command', async () => {
    const { exitCode, stdout, stderr } = await hostcompute([]);
    assert.deepEqual([exitCode, stderr], [0, '']);
    const lines = stdout.trimEnd().split('\n');
    assert.ok(lines.length < 24, stdout);
    for (const line of lines) assert.ok(line.length <= 80, line);
    for (const command of ['pull', 'images', 'networks', 'validate', 'simulate', 'explain'])
      assert.match(stdout, new RegExp(`^\\S.*: .* ?${command}\\b`, 'm'));
    assert.equal((await hostcompute(['--help'])).stdout, stdout);
  });

  it('of a command says what it takes, its own options first', async () => {
    const { exitCode, stdout } = await hostcompute(['pull', '--help']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Usage: hostcompute pull \[options\] <image>\n/);
    assert.ok(stdout.indexOf('--plain-http') < stdout.indexOf('--owner'), stdout);
  });
});
