import assert from 'node:assert/strict';

import { ComputeSystem, HcsArgumentError, Host, isAccessDenied, isNotFound, reap } from 'hostcompute';
import { Endpoint, Namespace, Network } from 'hostcompute/network';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { stopTime } from '../../support/time.js';

describe('reap()', () => {
  // What another program has left is open in another host, or in none.
  let other: Host;
  beforeEach(async () => {
    other = await Host.open('simulated');
  });
  afterEach(async () => {
    await other.close();
  });

  const bench = useSimulator();
  const leave = async (owner: string): Promise<ComputeSystem> => {
    const document = { ...containerDocument(owner), ShouldTerminateOnLastHandleClosed: false };
    return ComputeSystem.create(bench.id(), document, { host: other });
  };
  const host = (): { host: Host } => ({ host: bench.simulator.host });

  it('terminates the systems of an owner, and no others', async () => {
    const [created, started, foreign] = [await leave('killed'), await leave('Killed'), await leave('alive')];
    await started.start();
    const reaped = await reap({ owner: 'killed', ...host() });
    assert.deepEqual(
      reaped.map(({ id, outcome, properties }) => [id, outcome, properties.State]),
      [
        [created.id, 'terminated', 'Created'],
        [started.id, 'terminated', 'Running'],
      ],
    );
    const left = await ComputeSystem.list({}, host());
    assert.deepEqual(
      left.map(({ Id }) => Id),
      [foreign.id],
    );
    assert.deepEqual(await reap({ owner: 'killed', ...host() }), []);
    await foreign.terminate();
  });

  it('only lists them with dryRun', async () => {
    const system = await leave('killed');
    const found = await reap({ owner: 'killed', dryRun: true, ...host() });
    assert.deepEqual(
      found.map(({ id, outcome }) => [id, outcome]),
      [[system.id, 'found']],
    );
    assert.equal((await system.properties()).State, 'Created');
    await system.terminate();
  });

  it('does not terminate systems open in its own host', async () => {
    const own = await bench.create();
    assert.deepEqual(await reap({ owner: 'hostcompute-test', ...host() }), []);
    assert.equal((await own.properties()).State, 'Created');
  });

  it('checks the owner of each system that the filter returns', async () => {
    const system = await leave('alive');
    const properties = JSON.stringify([{ Id: system.id, Owner: 'alive', State: 'Created' }, { Id: 'x' }, {}]);
    await bench.simulator.inject({ function: 'HcsEnumerateComputeSystems', properties });
    assert.deepEqual(await reap({ owner: 'killed', ...host() }), []);
    await system.terminate();
  });

  it('reports a system that ends meanwhile as gone', async () => {
    const system = await leave('killed');
    await bench.simulator.inject({ function: 'HcsOpenComputeSystem', status: 0xc037010e });
    const reaped = await reap({ owner: 'killed', ...host() });
    assert.deepEqual(
      reaped.map(({ id, outcome }) => [id, outcome]),
      [[system.id, 'gone']],
    );
    await system.terminate();
  });

  it('reports why a system could not be terminated, and continues with the others', async () => {
    const [first, second] = [await leave('killed'), await leave('killed')];
    const system = first.id;
    await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', system, status: 0x80070005 });
    const reaped = await reap({ owner: 'killed', ...host() });
    assert.deepEqual(
      reaped.map(({ id, outcome, error }) => [id, outcome, error !== undefined && isAccessDenied(error)]),
      [
        [first.id, 'left', true],
        [second.id, 'terminated', false],
      ],
    );
    await first.terminate();
  });

  it('applies the timeout to each system', async () => {
    const [first, second] = [await leave('killed'), await leave('killed')];
    const system = first.id;
    const fault = await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', system, block: true });
    using time = stopTime();
    const reaping = reap({ owner: 'killed', timeoutMs: 3000, ...host() });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    await second.exited;
    // Those of the other program, and that of the first.
    assert.ok(await bench.simulator.reached({ handles: { system: 3 } }));
    await time.pass(3000);
    await time.pass(1000); // for the close of what is stuck
    const reaped = await reaping;
    assert.deepEqual(
      reaped.map(({ id, outcome, error }) => [id, outcome, error?.name]),
      [
        [first.id, 'left', 'TimeoutError'],
        [second.id, 'terminated', undefined],
      ],
    );
    await fault.release();
    assert.ok(await bench.noneStuck());
  });

  it('rejects when its signal aborts', async () => {
    const system = await leave('killed');
    const fault = await bench.simulator.inject({ function: 'HcsTerminateComputeSystem', block: true });
    const controller = new AbortController();
    using time = stopTime();
    const reaping = reap({ owner: 'killed', signal: controller.signal, ...host() });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    controller.abort();
    await time.pass(1000); // for the close of what is stuck
    await assert.rejects(reaping, { name: 'AbortError' });
    await fault.release();
    assert.ok(await bench.noneStuck());
    await system.terminate();
  });

  for (const owner of ['', undefined, 7]) {
    it(`rejects ${JSON.stringify(owner)} as the owner`, async () => {
      await assert.rejects(reap({ owner: owner as string, ...host() }), (error) => {
        assert.ok(error instanceof HcsArgumentError);
        assert.match(error.message, /options\.owner/);
        return true;
      });
    });
  }
});

describe('reap() of networks', () => {
  const bench = useSimulator();
  const host = (): { host: Host } => ({ host: bench.simulator.host });
  const owned = { Owner: 'killed' };

  /** What a program has made and not closed, in another host. */
  async function leave(): Promise<{ network: Network; endpoint: Endpoint; namespace: Namespace }> {
    await using other = await Host.open('simulated');
    const network = await Network.create({ Name: 'web', Type: 'NAT', ...owned }, { host: other });
    const endpoint = await Endpoint.create(network, { Name: 'one', ...owned });
    await Endpoint.create(network, { Name: 'two', Owner: 'alive' });
    const namespace = await Namespace.create(owned, { host: other });
    await namespace.addEndpoint(endpoint);
    await namespace.addContainer('dead');
    return { network, endpoint, namespace };
  }

  it('deletes endpoints and namespaces of an owner, and no others', async () => {
    const { network, endpoint, namespace } = await leave();
    const reaped = await reap({ owner: 'Killed', ...host() });
    assert.deepEqual(
      reaped.map(({ kind, id, outcome }) => [kind, id, outcome]),
      [
        ['namespace', namespace.id, 'deleted'],
        ['endpoint', endpoint.id, 'deleted'],
      ],
    );
    assert.deepEqual(
      (await Endpoint.list({}, host())).map(({ Name }) => Name),
      ['two'],
    );
    await Network.open(network.id, host());
  });

  it('only lists them with dryRun', async () => {
    await leave();
    const found = await reap({ owner: 'killed', dryRun: true, ...host() });
    assert.deepEqual(
      found.map(({ kind, outcome }) => [kind, outcome]),
      [
        ['namespace', 'found'],
        ['endpoint', 'found'],
      ],
    );
    assert.equal((await Endpoint.list({}, host())).length, 2);
  });

  it('does not delete what this program has open', async () => {
    const { endpoint, namespace } = await leave();
    await using own = await Endpoint.open(endpoint.id, host());
    await using space = await Namespace.open(namespace.id, host());
    assert.deepEqual(await reap({ owner: 'killed', ...host() }), []);
    await own.properties();
    await space.properties();
  });

  it('reports what could not be deleted or listed, and continues with the others', async () => {
    const { endpoint } = await leave();
    await bench.simulator.inject({ function: 'computenetwork.HcnDeleteNamespace', status: 0x80070005 });
    await bench.simulator.inject({ function: 'computenetwork.HcnEnumerateSdnRoutes', status: 0x80070426 });
    const reaped = await reap({ owner: 'killed', ...host() });
    assert.deepEqual(
      reaped.map(({ kind, outcome, error }) => [kind, outcome, error?.code]),
      [
        ['network service', 'left', 'ERROR_SERVICE_NOT_ACTIVE'],
        ['namespace', 'left', 'E_ACCESSDENIED'],
        ['endpoint', 'deleted', undefined],
      ],
    );
    await assert.rejects(Endpoint.open(endpoint.id, host()), isNotFound);
  });

  it('does without them on a host that has no network service', async () => {
    await bench.simulator.inject({ function: 'computenetwork.HcnEnumerateEndpoints', missing: true });
    assert.deepEqual(await reap({ owner: 'killed', ...host() }), []);
  });
});
