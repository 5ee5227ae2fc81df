import assert from 'node:assert/strict';

import { anna, ben, Bench, container, machine } from '../support/broker.js';

const notFound = 0x8037010e;

describe('systems of clients', () => {
  it('are made under a name of the owner, with the owner set', async () => {
    const { hostId, document } = await new Bench().connect().create('web', container());
    assert.match(hostId, /^team-[\da-f]{16}-web$/);
    assert.equal(document.Owner, hostId.slice(0, -4));
    assert.equal(document.ShouldTerminateOnLastHandleClosed, true);
  });

  it('are made so whatever the document says of owner and end', async () => {
    const given = { Owner: 'SYSTEM', ShouldTerminateOnLastHandleClosed: false };
    const { document } = await new Bench().connect().create('web', { ...container(), ...given });
    assert.match(document.Owner as string, /^team-[\da-f]{16}$/);
    assert.equal(document.ShouldTerminateOnLastHandleClosed, true);
  });

  it('have two names for two users of one rule', async () => {
    const bench = new Bench();
    const first = await bench.connect(anna).create('web');
    const second = await bench.connect(ben).create('web');
    assert.notEqual(first.hostId, second.hostId);
  });

  it('can be started and terminated', async () => {
    const client = new Bench().connect();
    const { handle } = await client.create('web');
    for (const name of ['HcsStartComputeSystem', 'HcsTerminateComputeSystem']) {
      const { inputs } = await client.allowed(name, { computeSystem: handle, options: '' });
      assert.deepEqual(inputs, { computeSystem: handle, options: null });
    }
  });

  it('can be opened from another connection of the same user', async () => {
    const bench = new Bench();
    const { hostId } = await bench.connect().create('web');
    const { inputs } = await bench
      .connect()
      .allowed('HcsOpenComputeSystem', { id: 'web' }, { outputs: { computeSystem: 7 } });
    assert.equal(inputs.id, hostId);
  });

  it('have one answer for what is another’s and what is not there', async () => {
    const bench = new Bench();
    const { hostId } = await bench.connect(anna).create('web');
    const other = bench.connect(ben);
    const answers = await Promise.all(
      ['web', hostId, 'nothing'].map((id) => other.refused('HcsOpenComputeSystem', { id })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [notFound, notFound, notFound],
    );
    assert.equal(new Set(answers.map(({ message }) => message)).size, 1);
  });

  it('cannot be reached by a handle of another connection', async () => {
    const bench = new Bench();
    const { handle } = await bench.connect(anna).create('web');
    const other = bench.connect(ben);
    assert.equal(
      (await other.refused('HcsStartComputeSystem', { computeSystem: handle, options: null })).status,
      0x80070006,
    );
  });

  it('cannot be named by another’s document', async () => {
    const bench = new Bench();
    const { hostId } = await bench.connect(anna).create('vm', machine());
    const other = bench.connect(ben);
    for (const id of ['vm', hostId]) {
      const hosted = { SchemaVersion: { Major: 2, Minor: 1 }, HostingSystemId: id, HostedSystem: { Container: {} } };
      assert.match(await other.refusal(hosted), /^"configuration.HostingSystemId" must be a system of this client/);
    }
  });

  it('are inside a machine only where the document names it', async () => {
    const hosted = { SchemaVersion: { Major: 2, Minor: 1 }, HostedSystem: { Container: {} } };
    assert.match(await new Bench().connect().refusal(hosted), /HostingSystemId" must name the machine/);
  });

  it('can be named by the user’s own document', async () => {
    const client = new Bench().connect();
    const { hostId } = await client.create('vm', machine());
    const hosted = { SchemaVersion: { Major: 2, Minor: 1 }, HostingSystemId: 'vm', HostedSystem: { Container: {} } };
    assert.equal((await client.document(hosted)).HostingSystemId, hostId);
  });

  for (const id of ['', '..', 'a/b', 'a\\b', 'a b', 'web.', '-web', 'x'.repeat(129), 'w\u0000eb', 'wéb', null]) {
    it(`may not be called ${JSON.stringify(id).slice(0, 20)}`, async () => {
      const client = new Bench().connect();
      const call = { id, configuration: JSON.stringify(container()), identity: null };
      assert.match((await client.refused('HcsCreateComputeSystem', call)).message, /^"id" must/);
    });
  }

  it('end with their last handle, over all connections', async () => {
    const bench = new Bench();
    const first = bench.connect();
    const { handle } = await first.create('web');
    const second = bench.connect();
    await second.allowed('HcsOpenComputeSystem', { id: 'web' }, { outputs: { computeSystem: 3 } });
    await first.allowed('HcsCloseComputeSystem', { computeSystem: handle });
    const third = bench.connect();
    await third.allowed('HcsOpenComputeSystem', { id: 'web' }, { outputs: {} });
    bench.broker.disconnected(second.connection);
    assert.equal((await third.refused('HcsOpenComputeSystem', { id: 'web' })).status, notFound);
  });
});

describe('lists of systems', () => {
  const answer = (...systems: object[]): { outputs: Record<string, unknown> } => ({
    outputs: { computeSystems: JSON.stringify(systems), result: null },
  });

  it('are asked of the client’s own', async () => {
    const { inputs } = await new Bench().connect().allowed('HcsEnumerateComputeSystems', { query: null });
    assert.match(inputs.query as string, /^\{"Owners":\["team-[\da-f]{16}"\]\}$/);
  });

  it('have nothing of others, whatever the host answers', async () => {
    const bench = new Bench();
    const own = await bench.connect(anna).create('web', { ...container(), Owner: 'mine' });
    const others = await bench.connect(ben).create('db');
    const forged = { Id: 'docker', Owner: own.hostId.slice(0, -4), State: 'Running' };
    const given = answer(
      { Id: own.hostId, Owner: 'x', State: 'Running', ObRoot: '\\Silos\\1' },
      { Id: others.hostId },
      forged,
    );
    const { outputs } = await bench.connect(anna).allowed('HcsEnumerateComputeSystems', { query: '{}' }, given);
    assert.deepEqual(JSON.parse(outputs.computeSystems as string), [{ Id: 'web', Owner: 'mine', State: 'Running' }]);
  });

  it('are asked by the names that the host has', async () => {
    const client = new Bench().connect();
    const { inputs } = await client.allowed('HcsEnumerateComputeSystems', { query: '{"Ids":["web"],"Owners":["x"]}' });
    const { Ids, Owners } = JSON.parse(inputs.query as string) as { Ids: string[]; Owners: string[] };
    assert.deepEqual(Ids, [`${Owners[0]}-web`]);
  });

  it('can be narrowed by the owner that the client wrote', async () => {
    const client = new Bench().connect();
    const { hostId } = await client.create('web', { ...container(), Owner: 'mine' });
    for (const [owner, count] of [
      ['mine', 1],
      ['yours', 0],
    ] as const) {
      const query = JSON.stringify({ Owners: [owner] });
      const { outputs } = await client.allowed('HcsEnumerateComputeSystems', { query }, answer({ Id: hostId }));
      assert.equal((JSON.parse(outputs.computeSystems as string) as unknown[]).length, count);
    }
  });
});

describe('answers of the host', () => {
  it('name a system as its client does, and nothing of the host', async () => {
    const client = new Bench().connect();
    const { handle, hostId } = await client.create('web', { ...container(), Owner: 'mine' });
    const properties = JSON.stringify({
      Id: hostId,
      Owner: 'x',
      State: 'Running',
      RuntimeImagePath: 'C:\\x',
      ObRoot: 'y',
    });
    const inputs = { computeSystem: handle, propertyQuery: '{"PropertyTypes":["Statistics"]}' };
    const { outputs } = await client.allowed('HcsGetComputeSystemProperties', inputs, { outputs: { properties } });
    assert.deepEqual(JSON.parse(outputs.properties as string), { Id: 'web', Owner: 'mine', State: 'Running' });
  });

  it('have no paths of the host and no names of others in their errors', async () => {
    const bench = new Bench();
    const client = bench.connect();
    const { handle, hostId } = await client.create('web');
    const { hostId: others } = await bench.connect(ben).create('db');
    const message = `"${hostId}" and ${others}: 'C:\\Program Data\\secret.vhdx' and \\\\?\\Volume{1}\\x, /var/lib/x`;
    const result = JSON.stringify({
      Error: -2143878386,
      ErrorMessage: message,
      ErrorEvents: [{ Message: message, StackTrace: 'x', Data: [{ Value: 'C:\\y' }] }],
      Attribution: [{ File: 'C:\\z' }],
    });
    const { outputs } = await client.allowed(
      'HcsStartComputeSystem',
      { computeSystem: handle, options: null },
      { status: 0x8037010e, outputs: { result } },
    );
    const cut = '(a path of the host)';
    const shown = `"web" and (another system): '${cut}' and ${cut}, ${cut}`;
    const expected = { Error: -2143878386, ErrorMessage: shown, ErrorEvents: [{ Message: shown }] };
    assert.deepEqual(JSON.parse(outputs.result as string), expected);
  });

  it('tell of the machine no more than the versions of the schema', async () => {
    const client = new Bench().connect();
    for (const query of [null, '', '{"PropertyTypes":["Basic"]}']) {
      const { inputs } = await client.allowed('HcsGetServiceProperties', { propertyQuery: query });
      assert.deepEqual(JSON.parse(inputs.propertyQuery as string), { PropertyTypes: ['Basic'] });
    }
    const more = { propertyQuery: '{"PropertyTypes":["CpuGroup"]}' };
    assert.match((await client.refused('HcsGetServiceProperties', more)).message, /must be one of "Basic"/);
  });
});
