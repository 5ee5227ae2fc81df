import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../support/child.js';

const rule = { function: 'computecore.HcsStartComputeSystem', status: '0xC0370106' };

describe('HOSTCOMPUTE_SIMULATOR_FAULTS', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const begin = async (content: unknown, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> => {
    const file = join(folder, 'faults.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    const env = { ...process.env, HOSTCOMPUTE_SIMULATOR_FAULTS: file };
    const { code, stdout, stderr } = await runProgram('begun-host', args, [], env);
    assert.equal(code, 0, stderr);
    return { stdout: stdout.trim(), stderr: stderr.trim().replace(file, 'faults.json') };
  };

  it('lets the host of a process begin with the rules and settings of a file', async () => {
    const content = { configure: { profile: 'nanoserver-process' }, faults: [rule, { ...rule, nth: 2 }] };
    const expected = { stdout: '2 rules, profile nanoserver-process', stderr: '' };
    assert.deepEqual(await begin(content), expected);
    assert.deepEqual(await begin(`\uFEFF${JSON.stringify(content)}`), expected);
  });

  it('finds names in the catalogue beside the library, for both libraries that drive systems', async () => {
    const { stdout, stderr } = await begin({ faults: ['start-never-returns', 'service-disconnects', rule] }, 'named');
    assert.deepEqual({ stdout, stderr }, { stdout: '3 rules, profile none', stderr: '' });
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['a file that is not JSON', '{', /is not valid JSON at offset 1/],
    ['a member that is not known', { fault: [] }, /\$\.fault is not a known member/],
    [
      'a wrong member of a rule',
      { faults: [rule, { ...rule, status: 'no' }] },
      /"faults\[1\]\.status" must be a number or a text/,
    ],
    ['a wrong setting', { configure: { profile: { start: -1 } } }, /"configure\.profile\.start" must be milliseconds/],
    ['what is neither rule nor name', { faults: [rule, 3] }, /"faults\[1\]" must be a rule, or the name of a fault/],
    [
      'a name without a catalogue',
      { faults: ['lost-exit'] },
      /"faults\[0\]" is a name, and the catalogue of faults .* cannot be opened/,
    ],
  ];
  for (const [what, content, message] of refused) {
    it(`tells on stderr of ${what}, and does nothing of the file`, async () => {
      const { stdout, stderr } = await begin(content);
      assert.equal(stdout, '0 rules, profile none');
      assert.match(stderr, /^hostcompute-simulator: faults\.json: .* Nothing of this file is in force\.$/);
      assert.match(stderr, message);
    });
  }

  it('tells on stderr of a name that a file cannot have', async () => {
    const { stdout, stderr } = await begin({ faults: [rule, 'export-missing'] }, 'named');
    assert.equal(stdout, '0 rules, profile none');
    assert.match(stderr, /"faults\[1\]" is about a function that is missing/);
  });
});
