import assert from 'node:assert/strict';

import { Folder } from './support/folder.js';
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

  it('says what to type for what is known from Docker', async () => {
    const typed = [
      [['rmi', 'x'], 'hostcompute images rm'],
      [['network', 'ls'], 'hostcompute networks'],
      [['container', 'run', 'x'], 'hostcompute run'],
      [['run', '--network', 'none', 'x'], '--net'],
      [['--version'], 'hostcompute version'],
    ] as const;
    for (const [words, instead] of typed) {
      const { exitCode, stdout, stderr } = await hostcompute(words);
      assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: '' });
      assert.ok(stderr.includes(instead), stderr);
      assert.doesNotMatch(stderr, /Did you mean/);
    }
  });

  it('gives what was typed wrong as JSON, too, on whichever side of the command --json was', async () => {
    for (const words of [
      ['--json', 'rmi', 'x'],
      ['ps', '--json', 'x'],
      ['layers', 'ls', '--json=ascii', '--nope'],
    ]) {
      const { exitCode, stdout, stderr } = await hostcompute(words);
      assert.equal(exitCode, 2);
      const { kind, code, message } = JSON.parse(stdout) as Record<string, string>;
      assert.deepEqual({ kind, code }, { kind: 'error', code: 'ERR_HC_USAGE' });
      assert.ok(message !== undefined && stderr.includes(message), stderr);
    }
  });

  it('says what to do where the root folder cannot be made', async () => {
    using folder = new Folder();
    const root = folder.write('root', 'a file');
    const { exitCode, stderr } = await hostcompute(['--host', 'simulated', '--root', root, 'images', 'ls']);
    assert.equal(exitCode, 125);
    assert.match(stderr, /cannot be made .*ENOTDIR|cannot be made .*EEXIST/);
    assert.match(stderr, /--root/);
  });
});
