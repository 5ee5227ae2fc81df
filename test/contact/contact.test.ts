import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../support/child.js';
import type { Findings, SuiteTest } from './result.js';

interface Result extends Findings {
  readonly host: string;
  readonly suite: { readonly ending: string; readonly tests: readonly SuiteTest[] };
}

describe('npm run contact', function () {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-contact-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function contact(
    host: string | undefined,
    more: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
  ): Promise<{ code: number | null; stdout: string; result?: Result }> {
    const env = { ...process.env, ...more.env };
    delete env.HOSTCOMPUTE_TEST_HOST;
    if (host !== undefined) env.HOSTCOMPUTE_TEST_HOST = host;
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await runProgram(
      '../../contact/contact',
      ['--out', out, ...(more.args ?? [])],
      [],
      env,
    );
    assert.equal(stderr, '');
    if (host === undefined) return { code, stdout };
    const [file, ...others] = readdirSync(out).filter((name) => name.endsWith('.json'));
    assert.deepEqual(others, []);
    assert.ok(stdout.includes(join(out, file!)), 'the program says where the file is');
    return { code, stdout, result: JSON.parse(readFileSync(join(out, file!), 'utf8')) as Result };
  }

  it('finds no divergence between the simulated host and itself', async () => {
    const { code, stdout, result } = await contact('simulated');
    assert.equal(code, 0);
    assert.deepEqual(result!.divergences, []);
    assert.deepEqual(result!.notCompared, []);
    assert.deepEqual(result!.problems, []);
    assert.deepEqual(
      result!.suite.tests.filter(({ passed }) => !passed),
      [],
    );
    const names = result!.recordings.map(({ name, whole }) => [name, whole]);
    assert.deepEqual(names, [
      ['containers', true],
      ['machines', true],
      ['service', true],
    ]);
    assert.match(stdout, /Divergences from the simulated host: 0\./);
  });

  it('finds exactly the ten differences of another host', async () => {
    const { code, stdout, result } = await contact('other');
    assert.equal(code, 0);
    const found = result!.divergences.map(({ kind, function: name, what, real, simulated }) =>
      [kind, name.replace('vmcompute.', ''), what, real, simulated].map(String).join(' | '),
    );
    const pending = '0xc0370103 HCS_E_OPERATION_PENDING, then';
    assert.deepEqual(found.sort(), [
      `code | HcsCreateComputeSystem | status | 0xc037010d HCS_E_INVALID_JSON | ${pending} SystemCreateCompleted 0x00000000`,
      'code | HcsOpenComputeSystem | status | 0x80070490 ERROR_NOT_FOUND | 0xc037010e HCS_E_SYSTEM_NOT_FOUND',
      `code | HcsPauseComputeSystem | status | 0x80070032 ERROR_NOT_SUPPORTED | ${pending} SystemPauseCompleted 0x00000000`,
      `code | HcsStartComputeSystem | status | 0x00000000 | ${pending} SystemStartCompleted 0x00000000`,
      'members | HcsCreateComputeSystem | result.ErrorMessage | There is such a system. | ' +
        'A virtual machine or container with the specified identifier already exists.',
      'members | HcsGetServiceProperties | properties.Properties[0].SupportedSchemaVersions[1].Minor | 11 | 5',
      'members | HcsRegisterProcessCallback | ProcessExited data.LastWaitResult | 258 | 0',
      'order | HcsRegisterComputeSystemCallback | notifications | SystemPauseCompleted | is not notified',
      'order | HcsRegisterComputeSystemCallback | notifications | SystemSiloJobCreated | is not notified',
      'state | HcsGetComputeSystemProperties | properties.State | Stopped | Created',
    ]);
    // What follows from a pause that only one host refuses says nothing of its own.
    const reasons = result!.notCompared.map(({ reason }) => reason);
    assert.ok(reasons.every((reason) => reason.startsWith('its system is in another state since the call on line ')));
    assert.match(stdout, /Divergences from the simulated host: 10\./);
    for (const { places } of result!.divergences) for (const each of places) assert.match(each, /^\w+:\d+$/);
  });

  it('ends a suite whose host hangs in a call, and writes the results so far', async () => {
    const env = { HOSTCOMPUTE_TEST_TIMEOUT: '600000' };
    const { code, stdout, result } = await contact('hanging', { args: ['--deadline', '3'], env });
    assert.equal(code, 0);
    assert.equal(result!.suite.ending, 'it was ended after 3 seconds');
    assert.match(stdout, /tests passed; it was ended after 3 seconds\./);
  });

  if (process.platform !== 'win32') {
    it('reports that there is no Windows host, and what to try instead', async () => {
      const { code, stdout } = await contact(undefined);
      assert.equal(code, 1);
      assert.match(stdout, /There is no Windows host here\./);
      assert.match(stdout, /HOSTCOMPUTE_TEST_HOST=simulated/);
    });
  }
});
