import assert from 'node:assert/strict';

import type { ComputeSystem } from 'hostcompute';

import { useSimulator } from '../../support/host.js';

type Variables = Readonly<Record<string, string>>;

/** What the guest has of these variables, as a program of the simulated guest says. */
async function environmentOf(system: ComputeSystem, env: Variables, linux = false): Promise<Variables> {
  const { stdout } = await system.exec({ command: 'sim-report', env });
  const { Environment } = JSON.parse(stdout) as { Environment: Variables };
  const keyOf = (name: string): string => (linux ? name : name.toUpperCase());
  const given = new Set(Object.keys(env).map(keyOf));
  const found = Object.entries(Environment).map(([name, value]) => [keyOf(name), value] as const);
  return Object.fromEntries(found.filter(([name]) => given.has(name)));
}

interface Warning {
  readonly message: string;
  readonly code: string;
  readonly detail: string;
}

describe('The environment of a process', () => {
  const bench = useSimulator();
  let warnings: Warning[];
  const warned = (warning: unknown): void => void warnings.push(warning as Warning);

  beforeEach(() => {
    warnings = [];
    process.on('warning', warned);
  });
  afterEach(() => process.off('warning', warned));

  const duplicates: readonly (readonly [given: Variables, had: Variables])[] = [
    [{ Path: 'C:\\a', PATH: 'C:\\b' }, { PATH: 'C:\\b' }],
    [{ path: 'C:\\a', Path: 'C:\\b' }, { PATH: 'C:\\b' }],
    [
      { a: '1', B: '2', A: '3', b: '4' },
      { B: '2', A: '3' },
    ],
    [{ ä: '1', Ä: '2' }, { Ä: '2' }],
  ];

  for (const [given, had] of duplicates) {
    it(`passes only the first in sorted order of ${Object.keys(given).join(', ')} to a Windows guest`, async () => {
      assert.deepEqual(await environmentOf(await bench.running(), given), had);
    });
  }

  it('keeps names that differ in case for a Linux guest', async () => {
    const env = { PATH: '/usr/bin:/bin', Path: 'x', path: 'y' };
    assert.deepEqual(await environmentOf(await bench.runningLinux(), env, true), env);
    assert.deepEqual(warnings, []);
  });

  it('neither warns nor queries the host for a usual Windows environment', async () => {
    const system = await bench.running();
    await environmentOf(system, { Path: 'C:\\Windows;C:/tools', Home: '/home' });
    assert.deepEqual(warnings, []);
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsGetComputeSystemProperties'] ?? 0, 0);
  });

  it('warns once about names that differ only in case, and once about a Unix PATH', async () => {
    const system = await bench.running();
    // In a spelling of its own: what other tests of this process were warned of is not warned of again.
    const env = { TWICE: '1', Twice: '2', pAtH: '/usr/local/bin:/usr/bin' };
    for (let i = 0; i < 2; i++) await environmentOf(system, env);
    assert.deepEqual(
      warnings.map(({ code, message }) => [code, message]),
      [
        [
          'HC_DOCUMENT',
          'parameters.env: "Environment.Twice" must differ from TWICE in more than case; received "Twice".',
        ],
        [
          'HC_DOCUMENT',
          'parameters.env: "Environment.pAtH" must list folders of Windows, separated by ";", for a Windows guest; ' +
            'received "/usr/local/bin:/usr/bin".',
        ],
      ],
    );
    assert.match(warnings[0]!.detail, /the first in sorted order/);
  });

  for (const form of ['an object', 'JSON text'] as const) {
    it(`warns about a document that is ${form}, and sends it unchanged`, async () => {
      const system = await bench.running();
      const name = form === 'an object' ? 'InObject' : 'InText';
      const document = { CommandLine: 'sim-report', Environment: { [name]: '1', [name.toUpperCase()]: '2' } };
      const { stdout } = await (form === 'an object' ? system.exec(document) : system.exec(JSON.stringify(document)));
      assert.match(stdout, new RegExp(`"${name}":"2"`, 'i')); // the simulated guest takes the last
      assert.equal(warnings.length, 1);
    });
  }

  it('does not warn about a document for a Linux guest', async () => {
    const system = await bench.runningLinux();
    const Environment = { PATH: '/bin', Path: '/sbin' };
    await using process = await system.createProcess({ CommandArgs: ['sim-sleep'], Environment });
    await process.kill();
    assert.deepEqual(warnings, []);
  });

  it('is not checked in text that is not JSON, which the host rejects', async () => {
    const system = await bench.running();
    await assert.rejects(system.createProcess('{"Environment"'), { code: 'HCS_E_INVALID_JSON' });
  });
});
