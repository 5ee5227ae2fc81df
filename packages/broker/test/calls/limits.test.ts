import assert from 'node:assert/strict';

import { anna, ben, Bench, caller, container, machine, policyOf } from '../support/broker.js';

const quota = 0x80070718;
const withMemory = (SizeInMB: number): object => container({ Memory: { SizeInMB } });

describe('callers', () => {
  const cases: Readonly<Record<string, Parameters<typeof caller>[1]>> = {
    'in an app container': { appContainer: true },
    'with a restricted token': { restricted: true },
    'of low integrity': { integrity: 0x1000 },
    'that no rule names': { groups: ['S-1-1-0'] },
  };
  for (const [what, more] of Object.entries(cases)) {
    it(`are not served ${what}`, () => {
      const bench = new Bench();
      assert.equal(bench.broker.connected(1, caller(anna, more)), false);
      assert.equal(bench.lines.at(-1)!.allowed, false);
    });
  }

  it('are served by the first rule that names them', () => {
    const rules = [
      { name: 'ben', users: [ben], prefix: 'ben', calls: [] },
      { name: 'all', groups: ['S-1-5-32-545'], prefix: 'all', calls: [] },
    ];
    const bench = new Bench(policyOf({}, { rules }));
    bench.connect(ben);
    bench.connect(anna);
    assert.deepEqual(
      bench.lines.map(({ rule }) => rule),
      ['ben', 'all'],
    );
  });

  it('are refused from the next call on when the policy no longer names them', async () => {
    const bench = new Bench();
    const client = bench.connect();
    const { handle } = await client.create('web');
    bench.policy = policyOf({ groups: [], users: [ben] });
    const { message } = await client.refused('HcsStartComputeSystem', { computeSystem: handle, options: null });
    assert.match(message, /^The policy has no rule for this user/);
  });

  it('cannot change on a connection', async () => {
    const bench = new Bench();
    const client = bench.connect(anna);
    const call = { ...client.call('HcsGetServiceProperties', { propertyQuery: null }), caller: caller(ben) };
    assert.ok('refuse' in (await bench.broker.decide(call)));
  });

  it('are not served on a connection that was not accepted, nor after it', async () => {
    const bench = new Bench();
    const client = bench.connect();
    bench.broker.disconnected(client.connection);
    assert.equal((await client.refused('HcsGetServiceProperties', { propertyQuery: null })).status, 0x80070005);
  });
});

describe('a connection', () => {
  it('is one of its number only', () => {
    const bench = new Bench();
    const { connection } = bench.connect();
    assert.equal(bench.broker.connected(connection, caller(ben)), false);
  });

  it('gets no handle of a call of the one that had its number before', async () => {
    const bench = new Bench();
    const client = bench.connect(anna);
    const call = client.call('HcsCreateComputeSystem', {
      id: 'x',
      configuration: JSON.stringify(container()),
      identity: null,
    });
    assert.ok('allow' in (await bench.broker.decide(call)));
    bench.broker.disconnected(client.connection);
    assert.ok(bench.broker.connected(client.connection, caller(ben)));
    bench.broker.completed(call, { status: 0, outputs: { computeSystem: 5 } });
    const start = { ...client.call('HcsStartComputeSystem', { computeSystem: 5, options: null }), caller: caller(ben) };
    const decision = await bench.broker.decide(start);
    assert.ok('refuse' in decision);
    assert.equal(decision.refuse, 0x80070006);
  });
});

describe('limits', () => {
  it('are those of the user, over all connections', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 2 } }));
    await bench.connect().create('one');
    await bench.connect().create('two');
    const third = bench.connect();
    const call = { id: 'three', configuration: JSON.stringify(container()), identity: null };
    assert.equal((await third.refused('HcsCreateComputeSystem', call)).status, quota);
    await bench.connect(ben).create('three');
  });

  it('have room again when a system ends', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 1, memoryInMB: 100 } }));
    const client = bench.connect();
    for (let turn = 0; turn < 3; turn++) {
      const { handle } = await client.create('web', withMemory(100));
      await client.allowed('HcsCloseComputeSystem', { computeSystem: handle });
    }
    await client.create('web', withMemory(100));
    bench.broker.disconnected(client.connection);
    await bench.connect().create('web', withMemory(100));
  });

  it('have room again when the host refuses', async () => {
    const client = new Bench(policyOf({ limits: { systems: 1 } })).connect();
    const call = { id: 'web', configuration: JSON.stringify(container()), identity: null };
    for (let turn = 0; turn < 3; turn++) {
      await client.allowed('HcsCreateComputeSystem', call, { status: 0x80070005, outputs: { computeSystem: null } });
    }
    await client.create('web');
  });

  it('count connections', () => {
    const bench = new Bench(policyOf({ limits: { connections: 2 } }));
    bench.connect();
    const { connection } = bench.connect();
    assert.equal(bench.broker.connected(7, caller(anna)), false);
    bench.broker.disconnected(connection);
    bench.broker.disconnected(connection);
    assert.equal(bench.broker.connected(8, caller(anna)), true);
    assert.equal(bench.broker.connected(9, caller(anna)), false);
  });

  it('count calls until they are completed, also those of a client that has gone', async () => {
    const bench = new Bench(policyOf({ limits: { callsInFlight: 2 } }));
    const client = bench.connect();
    const calls = [1, 2, 3].map(() => client.call('HcsGetServiceProperties', { propertyQuery: null }));
    const decisions = [];
    for (const call of calls) decisions.push(await bench.broker.decide(call));
    assert.deepEqual(
      decisions.map((decision) => 'allow' in decision),
      [true, true, false],
    );
    bench.broker.disconnected(client.connection);
    const again = bench.connect();
    assert.equal((await again.refused('HcsGetServiceProperties', { propertyQuery: null })).status, quota);
    bench.broker.completed(calls[0]!, { status: 0, outputs: {} });
    await again.allowed('HcsGetServiceProperties', { propertyQuery: null });
  });

  it('keep nobody from closing what it has', async () => {
    const bench = new Bench(policyOf({ limits: { callsInFlight: 1 } }));
    const client = bench.connect();
    const { handle } = await client.create('web');
    assert.ok('allow' in (await client.decide('HcsGetServiceProperties', { propertyQuery: null })));
    await client.allowed('HcsCloseComputeSystem', { computeSystem: handle });
    assert.equal((await client.refused('HcsGetServiceProperties', { propertyQuery: null })).status, quota);
  });

  it('count processes by their open handles', async () => {
    const client = new Bench(policyOf({ limits: { processes: 2 } })).connect();
    const { handle } = await client.create('web');
    const run = { computeSystem: handle, processParameters: '{"CommandLine":"cmd"}' };
    await client.allowed('HcsCreateProcess', run, { outputs: { process: 11 } });
    await client.allowed('HcsOpenProcess', { computeSystem: handle, processId: 4 }, { outputs: { process: 12 } });
    assert.equal((await client.refused('HcsCreateProcess', run)).status, quota);
    await client.allowed('HcsCloseProcess', { process: 11 });
    await client.allowed('HcsCreateProcess', run, { outputs: { process: 13 } });
  });

  it('sum memory, and want to be told of it', async () => {
    const client = new Bench(policyOf({ limits: { memoryInMB: 300 } })).connect();
    await client.create('one', withMemory(200));
    assert.match(await client.refusal(withMemory(101)), /300 MB of memory; this would be 301/);
    assert.match(await client.refusal(container()), /must say how much memory/);
    assert.match(await client.refusal({ SystemType: 'Container', Name: 'probe' }), /Set MemoryMaximumInMB/);
    await client.create('two', machine({ ComputeTopology: { Memory: { SizeInMB: 100 } } }));
  });

  it('follow a change of memory', async () => {
    const client = new Bench(policyOf({ limits: { memoryInMB: 300 } })).connect();
    const { handle } = await client.create('one', withMemory(200));
    const change = (Settings: number): Record<string, unknown> => ({
      computeSystem: handle,
      configuration: JSON.stringify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings }),
    });
    assert.equal((await client.refused('HcsModifyComputeSystem', change(301))).status, quota);
    await client.allowed('HcsModifyComputeSystem', change(300), { status: 0x80070057 });
    assert.match(await client.refusal(withMemory(101)), /would be 301/);
    await client.allowed('HcsModifyComputeSystem', change(250));
    assert.match(await client.refusal(withMemory(51)), /would be 301/);
    await client.allowed('HcsModifyComputeSystem', change(100));
    await client.create('two', withMemory(200));
  });

  it('count a create whose client has gone not at all', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 1 } }));
    const client = bench.connect();
    const call = client.call('HcsCreateComputeSystem', {
      id: 'x',
      configuration: JSON.stringify(container()),
      identity: null,
    });
    assert.ok('allow' in (await bench.broker.decide(call)));
    bench.broker.disconnected(client.connection);
    bench.broker.completed(call, { status: 0, outputs: { computeSystem: 5 } });
    await bench.connect().create('x');
  });
});
