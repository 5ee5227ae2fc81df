import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { HcsError } from 'hostcompute';
import { ComputeSystem, defaultHost, Host } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { listedFunctions } from '../../support/listed-functions.js';

describe('Host.open()', () => {
  it('opens the simulated host, which has every function', async () => {
    await using host = await Host.open('simulated');
    assert.equal(host.kind, 'simulated');
    assert.equal(Object.keys(host.functions).length, listedFunctions());
    assert.ok(Object.values(host.functions).every((present) => present));
    assert.equal(host.stuckCalls, 0);
  });

  it('rejects with ERR_HC_LIBRARY and the reason when the library cannot be loaded', async () => {
    const missing = join(process.cwd(), 'no-such-library.dll');
    await assert.rejects(Host.open({ libraries: { vmcompute: missing } }), (error: HcsError) => {
      assert.equal(error.code, 'ERR_HC_LIBRARY');
      assert.ok(error.remedy);
      return true;
    });
  });

  for (const [what, choice] of [
    ['a relative path', { libraries: { vmcompute: 'vmcompute.dll' } }],
    ['a path with a NUL', { libraries: { vmcompute: '/a\0b' } }],
    ['a path that is not a string', { libraries: { vmcompute: 1 } }],
    ['libraries without vmcompute', { libraries: { computecore: '/a' } }],
    ['a library that no host has', { libraries: { vmcompute: '/a', kernel32: '/b' } }],
    ['a path without libraries', { vmcompute: '/a' }],
    ['a setting beside libraries', { libraries: { vmcompute: '/a' }, backend: 'addon' }],
    ['an unknown name', 'docker'],
    ['null', null],
  ] as const) {
    it(`rejects ${what}`, async () => {
      await assert.rejects(Host.open(choice as 'windows'), { code: choice === null ? /./ : 'ERR_HC_ARGUMENT' });
    });
  }

  for (const maxWorkers of [1, 1.5, 5000, '8']) {
    it(`rejects ${JSON.stringify(maxWorkers)} as the number of threads`, async () => {
      const opened = Host.open('simulated', { maxWorkers: maxWorkers as number });
      await assert.rejects(opened, { field: 'settings.maxWorkers' });
    });
  }

  it('opens the host that HOSTCOMPUTE_HOST names', async () => {
    const before = process.env.HOSTCOMPUTE_HOST;
    try {
      process.env.HOSTCOMPUTE_HOST = 'simulated';
      await using host = await Host.open();
      assert.equal(host.kind, 'simulated');
      process.env.HOSTCOMPUTE_HOST = 'somewhere';
      await assert.rejects(Host.open(), { field: 'HOSTCOMPUTE_HOST' });
    } finally {
      if (before === undefined) delete process.env.HOSTCOMPUTE_HOST;
      else process.env.HOSTCOMPUTE_HOST = before;
    }
  });
});

describe('defaultHost()', () => {
  const before = process.env.HOSTCOMPUTE_HOST;
  beforeEach(() => {
    process.env.HOSTCOMPUTE_HOST = 'simulated';
  });
  afterEach(() => {
    if (before === undefined) delete process.env.HOSTCOMPUTE_HOST;
    else process.env.HOSTCOMPUTE_HOST = before;
  });

  it('is opened once, and again after it was closed', async () => {
    const [first, second] = await Promise.all([defaultHost(), defaultHost()]);
    assert.equal(first, second);
    await first.close();
    const third = await defaultHost();
    assert.notEqual(third, first);
    assert.deepEqual(await ComputeSystem.list(), []);
    await third.close();
  });
});

describe('Host#serviceProperties()', () => {
  const bench = useSimulator();

  it('queries the supported schema versions by default', async () => {
    const { Properties } = await bench.simulator.host.serviceProperties();
    assert.deepEqual(Object.keys(Properties?.[0] as object), ['SupportedSchemaVersions']);
  });

  it('rejects a query that the host refuses', async () => {
    await assert.rejects(bench.simulator.host.serviceProperties('{'), { code: 'HCS_E_INVALID_JSON' });
  });

  it('rejects an invalid answer', async () => {
    await bench.simulator.inject({ function: 'HcsGetServiceProperties', properties: 'null' });
    await assert.rejects(bench.simulator.host.serviceProperties(), { code: 'ERR_HC_DOCUMENT' });
  });
});

describe('Host#modifyServiceSettings()', () => {
  const bench = useSimulator();

  it('changes the properties of the service', async () => {
    const GroupId = '11111111-2222-3333-4444-555555555555';
    await bench.simulator.host.modifyServiceSettings({
      PropertyType: 'CpuGroup',
      Settings: {
        Operation: 'CreateGroup',
        OperationDetails: { GroupId, LogicalProcessorCount: 1, LogicalProcessors: [0] },
      },
    });
    const { Properties } = await bench.simulator.host.serviceProperties({ PropertyTypes: ['CpuGroup'] });
    const [{ CpuGroups }] = Properties as [{ CpuGroups: { GroupId: string }[] }];
    assert.deepEqual(
      CpuGroups.map((group) => group.GroupId),
      [GroupId],
    );
  });

  it('rejects an invalid document', async () => {
    await assert.rejects(bench.simulator.host.modifyServiceSettings([] as object), { field: 'settings' });
  });
});

describe('Host#close()', () => {
  const bench = useSimulator();

  it('closes its systems, rejects its calls, and refuses new ones', async () => {
    const host = await Host.open('simulated');
    const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'lost' });
    const started = assert.rejects(system.start(), { code: 'ERR_HC_CLOSED' });
    await host.close();
    await started;
    assert.ok(await bench.simulator.reached({ handles: { system: 0, registration: 0 } }));
    await assert.rejects(host.serviceProperties(), { code: 'ERR_HC_CLOSED' });
    await assert.rejects(ComputeSystem.list({}, { host }), { code: 'ERR_HC_CLOSED' });
    await assert.rejects(system.properties(), { code: 'ERR_HC_CLOSED' });
    await system.close();
    await host.close();
  });

  it('terminates a system whose create() is in flight', async () => {
    const host = await Host.open('simulated');
    await bench.simulator.inject({ function: 'HcsCreateComputeSystem', completion: 'lost' });
    const created = assert.rejects(ComputeSystem.create(bench.id(), containerDocument(), { host }), {
      code: 'ERR_HC_CLOSED',
    });
    await host.close();
    await created;
    assert.deepEqual((await bench.simulator.state()).Systems, []);
  });

  it('terminates a system whose create() completes afterwards', async () => {
    const host = await Host.open('simulated');
    const fault = await bench.simulator.inject({ function: 'HcsCreateComputeSystem', block: true });
    const created = assert.rejects(ComputeSystem.create(bench.id(), containerDocument(), { host }), {
      code: 'ERR_HC_CLOSED',
    });
    await bench.simulator.reached({ blockedCalls: 1 });
    await host.close({ timeoutMs: 10 });
    await created;
    await fault.release();
    assert.ok(await bench.simulator.reached({ handles: { system: 0, registration: 0 }, callsInside: 0 }));
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsTerminateComputeSystem'], 1);
  });

  it('fulfils at its timeout when a close hangs, and closes the rest later', async () => {
    const host = await Host.open('simulated');
    const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
    const fault = await bench.simulator.inject({ function: 'HcsCloseComputeSystem', block: true });
    const closed = system.close();
    await bench.simulator.reached({ blockedCalls: 1 });
    await host.close({ timeoutMs: 20 });
    await closed;
    await fault.release();
    assert.ok(await bench.simulator.reached({ handles: { system: 0 }, callsInside: 0 }));
    const other = await ComputeSystem.create(bench.id(), containerDocument(), { host: bench.simulator.host });
    await other.close();
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCloseComputeSystem'], 2);
  });

  it('allows a system to be closed afterwards', async () => {
    const host = await Host.open('simulated');
    const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
    await host.close({ timeoutMs: 0 });
    await system.close();
    assert.ok(await bench.simulator.reached({ handles: { system: 0 } }));
  });

  for (const timeoutMs of [-1, NaN, '1']) {
    it(`rejects ${JSON.stringify(timeoutMs)} as timeoutMs`, async () => {
      const host = await Host.open('simulated');
      await assert.rejects(host.close({ timeoutMs: timeoutMs as number }), { field: 'options.timeoutMs' });
      await host.close({ timeoutMs: Infinity });
    });
  }

  it('leaves calls behind that hang inside the host', async () => {
    const host = await Host.open('simulated');
    const fault = await bench.simulator.inject({ function: 'HcsGetServiceProperties', block: true });
    const asked = assert.rejects(host.serviceProperties(), { code: 'ERR_HC_CLOSED' });
    await bench.simulator.reached({ blockedCalls: 1 });
    await host.close({ timeoutMs: 20 });
    await asked;
    await fault.release();
    assert.ok(await bench.simulator.reached({ callsInside: 0 }));
  });

  it('does not affect other hosts of the same library', async () => {
    const system = await bench.running();
    await (await Host.open('simulated')).close();
    assert.equal((await system.properties()).State, 'Running');
  });
});

describe('Simulator.of()', () => {
  it('controls a simulated host opened with Host.open()', async () => {
    await using host = await Host.open('simulated');
    assert.deepEqual((await Simulator.of(host).state()).Systems, []);
  });
});
