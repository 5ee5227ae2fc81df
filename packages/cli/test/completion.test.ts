import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import { hostcompute } from './support/hostcompute.js';

async function scriptOf(shell: string): Promise<string> {
  const { exitCode, stdout } = await hostcompute(['completion', shell]);
  assert.equal(exitCode, 0);
  return stdout;
}

/** What bash offers for the last of the words. */
function offered(script: string, words: readonly string[]): string[] {
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
  const program = `${script}\n${line}; _hostcompute; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, status } = spawnSync('bash', ['-c', program], { encoding: 'utf8' });
  assert.equal(status, 0);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('hostcompute completion', () => {
  const withBash = process.platform === 'win32' ? () => undefined : it;
  withBash('completes commands, options and their values in bash', async () => {
    const script = await scriptOf('bash');
    assert.ok(offered(script, ['hostcompute', 'v']).includes('validate'));
    assert.deepEqual(offered(script, ['hostcompute', '--host', 'simulated', 'compl']), ['completion']);
    assert.deepEqual(offered(script, ['hostcompute', 'completion', 'p']), ['powershell']);
    assert.ok(offered(script, ['hostcompute', 'validate', '--b']).includes('--build'));
    assert.deepEqual(offered(script, ['hostcompute', 'version', '--color', '']), ['auto', 'always', 'never']);
    assert.deepEqual(offered(script, ['hostcompute', 'validate', 'config']), [], 'the shell offers files');
  });

  it('has the same words in every shell', async () => {
    for (const shell of ['powershell', 'bash', 'zsh', 'fish']) {
      const script = await scriptOf(shell);
      for (const word of ['validate', 'completion', '--build', 'always'])
        assert.match(script, new RegExp(`[ ']${word}`), shell);
    }
  });

  it('registers a native completer in PowerShell', async () => {
    const script = await scriptOf('powershell');
    assert.match(script, /^Register-ArgumentCompleter -Native -CommandName hostcompute -ScriptBlock \{$/m);
    assert.match(script, /^ {4}'completion' = @\('powershell', 'bash', 'zsh', 'fish'\)$/m);
  });

  it('knows no other shell', async () => {
    const { exitCode, stderr } = await hostcompute(['completion', 'tcsh']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /Allowed choices are powershell, bash, zsh, fish/);
  });
});
