// The options of the doctor, and what it says of the machine itself.
import assert from 'node:assert/strict';

import { doctor, recordMachine } from 'hostcompute/doctor';

import { absent, answersOf, build, healthy, number, text, token, version } from './healthy.js';

const answers = answersOf(healthy);

describe('The options of the doctor', () => {
  const refused: readonly [field: string, options: object][] = [
    ['options.goals', { goals: [] }],
    ['options.goals', { goals: 'process' }],
    ['options.goals[1]', { goals: ['process', 'docker'] }],
    ['options.root', { root: 'layers' }],
    ['options.root', { root: 'C:\\a\0b' }],
    ['options.root', { root: `C:\\${'x'.repeat(1024)}` }],
    ['options.image', { image: 'nanoserver' }],
    ['options.image.os', { image: {} }],
    ['options.image.osVersion', { image: { os: 'windows', osVersion: 20348 } }],
    ['options.image.OS', { image: { OS: 'windows' } }],
    ['options.answers', { answers: {} }],
    ['options.answers', { answers: null }],
    ['options.host', { host: {} }],
    ['options.host', { host: 'simulated', answers }],
    ['options.probe', { probe: 1 }],
    ['options.probe', { probe: true, answers }],
    ['options.timeoutMs', { timeoutMs: 0 }],
    ['options.signal', { signal: {} }],
  ];
  for (const [field, options] of refused) {
    it(`are refused by their names: ${field} of ${JSON.stringify(options).slice(0, 60)}`, async () => {
      await assert.rejects(doctor(options), { code: 'ERR_HC_ARGUMENT', field });
    });
  }

  it('of recordMachine are checked too', async () => {
    await assert.rejects(recordMachine({ root: 'x', answers }), { field: 'options.root' });
    await assert.rejects(recordMachine({ answers: {} as never }), { field: 'options.answers' });
    await assert.rejects(recordMachine({ host: {} as never }), { field: 'options.host' });
    await assert.rejects(recordMachine({ probe: true } as never), { field: 'options.probe' });
  });

  it('have defaults: goals, and the root of the command', async () => {
    const report = await doctor({ answers });
    assert.deepEqual(report.goals, ['process', 'layers', 'network']);
    assert.match(report.root, /\\hostcompute$/);
    assert.ok(!('image' in report));
  });

  it('name goals once, in one order', async () => {
    const { goals } = await doctor({ answers, goals: ['network', 'process', 'network'] });
    assert.deepEqual(goals, ['process', 'network']);
  });

  it('have an image that stands in the report', async () => {
    const image = { os: 'windows', osVersion: '10.0.20348.1' };
    assert.deepEqual((await doctor({ answers, image })).image, image);
  });
});

describe('What the doctor says of a machine', () => {
  it('is what it has answered', async () => {
    const { host } = await doctor({ answers });
    assert.deepEqual(host, {
      system: 'Windows Server 2022 Standard',
      build: 20348,
      revision: 2700,
      edition: 'ServerStandard',
      arch: 'x64',
      elevated: true,
      machine: 'Dell Inc. PowerEdge',
      simulated: false,
      recorded: null,
    });
  });

  it('is null where it has not answered, or strangely', async () => {
    const strange = { ...healthy, [`${version}:UBR`]: text('x'), [`${version}:EditionID`]: number(1), token: absent };
    const { host } = await doctor({ answers: answersOf(strange) });
    assert.deepEqual(
      [host.system, host.revision, host.edition, host.elevated],
      ['Windows Server 2022', null, null, null],
    );
    const { host: unknown } = await doctor({ answers: answersOf({}) });
    assert.deepEqual([unknown.system, unknown.build, unknown.machine], ['unknown', null, null]);
  });

  it('has the names that people use', async () => {
    const named = async (is: number, productType: number, edition: string): Promise<string> => {
      const table = {
        ...healthy,
        system: build(is, productType),
        [`${version}:EditionID`]: text(edition),
        token: token({}),
      };
      return (await doctor({ answers: answersOf(table) })).host.system;
    };
    assert.equal(await named(26100, 1, 'Core'), 'Windows 11 Home');
    assert.equal(await named(19045, 1, 'Professional'), 'Windows 10 Pro');
    assert.equal(await named(26100, 3, 'ServerDatacenter'), 'Windows Server 2025 Datacenter');
    assert.equal(await named(30000, 3, '__proto__'), 'Windows Server __proto__');
  });

  it('says which system it is where that is not Windows, and skips what is asked of Windows', async () => {
    const { host, checks, summary } = await doctor({ answers: answersOf({ system: { error: 50, call: 'darwin' } }) });
    assert.equal(host.system, 'macOS');
    assert.deepEqual(
      checks.filter(({ outcome }) => outcome !== 'skipped').map(({ id, outcome }) => [id, outcome]),
      [['os.build', 'problem']],
    );
    assert.equal(summary.healthy, false);
  });

  it('counts outcomes', async () => {
    const { checks, summary } = await doctor({ answers: answersOf({ ...healthy, token: token({ elevated: false }) }) });
    const { healthy: isHealthy, ...counts } = summary;
    assert.equal(isHealthy, false);
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      checks.length,
    );
    assert.equal(summary.problem, checks.filter(({ outcome }) => outcome === 'problem').length);
  });
});
