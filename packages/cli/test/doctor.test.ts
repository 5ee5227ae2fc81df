import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { DoctorRecording, DoctorReport } from 'hostcompute/doctor';

import { Folder } from './support/folder.js';
import { hostcompute } from './support/hostcompute.js';

/** A healthy Windows Server 2022, as test/doctor/hosts/server-2022.ts has it. */
const healthy = JSON.parse(
  readFileSync(new URL('../../test/server-2022.json', import.meta.url), 'utf8'),
) as DoctorRecording;
const onLinux = process.platform === 'linux' ? it : () => undefined;

describe('hostcompute doctor', () => {
  const folder = new Folder();
  after(() => folder[Symbol.dispose]());

  const recorded = (name: string, differs: DoctorRecording['answers'] = {}): string =>
    folder.write(name, JSON.stringify({ ...healthy, answers: { ...healthy.answers, ...differs } }));
  const notThere = { error: 1060, call: 'OpenServiceW' };

  it('says that a recorded machine is healthy', async () => {
    const { exitCode, stdout, stderr } = await hostcompute(['doctor', '--replay', recorded('healthy.json')]);
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
    assert.match(stdout, /^Windows Server 2022[^\n]*10\.0\.20348\.\d+, x64/);
    assert.match(stdout, /^✓ os\.build +\S/m);
    assert.match(stdout, /\n34 checks: \d+ ok, \d+ skipped \(--verbose shows what was asked\)\n$/);
    assert.doesNotMatch(stdout, /^- /m);
  });

  it('names what is wrong with its remedy, and ends with 1', async () => {
    const file = recorded('no-service.json', { 'service vmcompute': notThere });
    const { exitCode, stdout } = await hostcompute(['doctor', '--for', 'process,layers', '--replay', file]);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^For process, layers$/m);
    assert.match(stdout, /^✗ svc\.vmcompute +[^\n]+\n {2}→ \S/m);
    assert.match(stdout, /\n34 checks: .*3 problems/);
  });

  it('shows what was asked and answered with --verbose', async () => {
    const file = recorded('verbose.json', { 'service vmcompute': notThere });
    const { stdout } = await hostcompute(['doctor', '--verbose', '--replay', file]);
    assert.ok(stdout.includes('    service vmcompute = {"error":1060,"call":"OpenServiceW"}\n'), stdout);
    assert.match(stdout, /^- /m);
  });

  it('prints the report as an object of JSON', async () => {
    const { exitCode, stdout } = await hostcompute(['doctor', '--json', '--replay', recorded('json.json')]);
    const report = JSON.parse(stdout) as DoctorReport & { kind: string };
    assert.deepEqual([exitCode, report.kind, report.schema, report.checks.length], [0, 'doctor', 1, 34]);
    assert.equal(report.summary.healthy, true);
  });

  it('compares an image with the machine', async () => {
    const words = (image: string) => ['doctor', '--image', image, '--replay', recorded('image.json')];
    const fits = await hostcompute(words('windows/amd64:10.0.20348.1'));
    assert.match(fits.stdout, /^✓ image /m);
    const newer = await hostcompute(words('windows/amd64:10.0.26100.1'));
    assert.equal(newer.exitCode, 1);
    assert.match(newer.stdout, /^✗ image +[^\n]*newer than this host/m);
  });

  it('shows nothing that a terminal would obey', async () => {
    const version = 'registry HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion:ProductName';
    const asked = Object.keys(healthy.answers).find((question) => question === version) ?? 'environment ProgramFiles';
    const file = recorded('hostile.json', { [asked]: { value: { type: 'REG_SZ', value: 'x\u001b[2Jy' } } });
    const { stdout } = await hostcompute(['doctor', '--verbose', '--replay', file]);
    assert.doesNotMatch(stdout, /\u001b\[2J/);
  });

  it('says what is wrong with what was typed', async () => {
    const wrong: readonly [readonly string[], RegExp, number][] = [
      [['--for', 'porcess'], /--for does not know "porcess"/, 2],
      [['--replay', recorded('a.json'), '--probe'], /--replay cannot be used with --probe/, 2],
      [['--replay', recorded('a.json'), '--record', 'x'], /--replay cannot be used with --record/, 2],
      [['--record', recorded('a.json')], /is there already/, 2],
      [['--replay', folder.pathOf('none.json')], /none\.json/, 1],
      [['--replay', folder.write('not.json', '{"schema":2}')], /is no recording of a machine/, 1],
    ];
    for (const [words, said, code] of wrong) {
      const { exitCode, stdout, stderr } = await hostcompute(['doctor', ...words]);
      assert.deepEqual({ exitCode, stdout }, { exitCode: code, stdout: '' });
      assert.match(stderr, said);
    }
  });

  it('records a machine, which can be looked at elsewhere', async () => {
    const file = folder.pathOf('recorded.json');
    const { exitCode, stderr } = await hostcompute(['--host', 'simulated', 'doctor', '--record', file]);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /names of persons, computers and domains/);
    const { stdout } = await hostcompute(['doctor', '--json', '--replay', file]);
    assert.equal((JSON.parse(stdout) as DoctorReport).checks.length, 34);
  });

  onLinux('says off Windows that HCS is a part of Windows', async () => {
    const { exitCode, stdout } = await hostcompute(['--host', 'simulated', 'doctor']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /This is Linux: HCS is a part of Windows/);
  });

  it('starts a tiny system and ends it with --probe', async () => {
    const { exitCode, stdout } = await hostcompute(['--host', 'simulated', 'doctor', '--probe', '--json']);
    const { checks } = JSON.parse(stdout) as DoctorReport;
    assert.deepEqual([exitCode, checks.at(-1)?.id, checks.at(-1)?.outcome], [0, 'probe', 'ok']);
  });
});
