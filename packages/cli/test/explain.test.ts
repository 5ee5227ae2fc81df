import assert from 'node:assert/strict';

import { hostcompute } from './support/hostcompute.js';

interface Explained {
  readonly status: string;
  readonly known: boolean;
  readonly code: string | null;
  readonly remedy: string | null;
  readonly spellings: readonly string[];
  readonly exit: { readonly name: string } | null;
}

async function explained(...words: readonly string[]): Promise<Explained[]> {
  const { exitCode, stdout, stderr } = await hostcompute(['explain', '--json', ...words]);
  assert.deepEqual([exitCode, stderr], [0, '']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Explained);
}

describe('hostcompute explain', () => {
  it('knows a code in every spelling', async () => {
    const spelled = [
      '0xc0370106',
      '0XC0370106',
      '3224830214',
      '-1070137082',
      '0xffffffffc0370106',
      'hcs_e_unexpected_exit',
    ];
    const found = await explained(...spelled);
    assert.deepEqual(
      found.map(({ status, code }) => [status, code]),
      spelled.map(() => ['0xC0370106', 'HCS_E_UNEXPECTED_EXIT']),
    );
    assert.deepEqual(found[0]!.spellings, ['0xC0370106', '0x80370106']);
    assert.match(found[0]!.remedy!, /scratch layer/);
  });

  it('knows exit codes of processes', async () => {
    const [controlC, cancelled, missing] = await explained('3221225786', '1223', '0xC0000135');
    assert.equal(controlC!.exit?.name, 'STATUS_CONTROL_C_EXIT');
    assert.deepEqual([cancelled!.code, cancelled!.exit?.name], ['ERROR_CANCELLED', 'ERROR_CANCELLED']);
    assert.deepEqual([missing!.code, missing!.exit?.name], ['STATUS_DLL_NOT_FOUND', 'STATUS_DLL_NOT_FOUND']);
  });

  it('prints names, causes and cure', async () => {
    const { stdout } = await hostcompute(['explain', '0xc0370106', '3221225786', '3']);
    assert.match(stdout, /^0xC0370106 \(3224830214, -1070137082\)\n {2}HCS_E_UNEXPECTED_EXIT: .+\n {2}What helps: /);
    assert.match(stdout, /\n\n0xC000013A .+\n {2}Exit code STATUS_CONTROL_C_EXIT: .*Ctrl\+C/);
    assert.match(
      stdout,
      /\n\n0x00000003 \(3\)\n(.+\n)+ {2}As the exit code of a process it is the number that the program chose/,
    );
  });

  it('says what is not known, and that 0 is no failure', async () => {
    const [unknown, zero] = await explained('0x80370fff', '0');
    assert.deepEqual([unknown!.known, unknown!.code], [false, 'HCS_0x80370FFF']);
    assert.deepEqual([zero!.known, zero!.code], [true, null]);
  });

  it('refuses what is no code before it prints anything', async () => {
    const cases = {
      '0x1c0370106': /more than 32 bits/,
      '-2147483649': /more than 32 bits/,
      12345678901: /32 bits/,
      HCS_E_SYSTEM: /HCS_E_SYSTEM_NOT_FOUND/,
      nonsense: /No code is called nonsense/,
    };
    for (const [word, message] of Object.entries(cases)) {
      const { exitCode, stdout, stderr } = await hostcompute(['explain', '5', word]);
      assert.deepEqual([exitCode, stdout], [2, ''], word);
      assert.match(stderr, message);
    }
  });
});
