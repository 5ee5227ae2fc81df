import assert from 'node:assert/strict';

import { hostcompute } from './support/hostcompute.js';

describe('hostcompute version', () => {
  it('prints the versions', async () => {
    const { exitCode, stdout } = await hostcompute(['version']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^hostcompute \d+\.\d+\.\d+, Node \d+/);
  });

  it('prints an object with --json', async () => {
    const { stdout } = await hostcompute(['--json', 'version']);
    assert.equal((JSON.parse(stdout) as { kind: string }).kind, 'version');
  });

  it('takes what all commands take behind its name as well', async () => {
    const { stdout } = await hostcompute(['version', '--json=ascii']);
    assert.equal((JSON.parse(stdout) as { kind: string }).kind, 'version');
  });

  it('ends with 2 for what it does not know', async () => {
    const { exitCode, stderr } = await hostcompute(['verson']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /unknown command 'verson'/);
  });
});
