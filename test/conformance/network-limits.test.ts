import assert from 'node:assert/strict';

import { Host, reap } from 'hostcompute';
import {
  attachContainer,
  Endpoint,
  GuestNetworkService,
  LoadBalancer,
  Namespace,
  Network,
  networkEvents,
  networks,
} from 'hostcompute/network';

import { eventually } from '../support/eventually.js';
import { useSimulator } from '../support/host.js';

describe('What is made of networks', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });
  const nat = (options = {}) =>
    Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), { ...on(), ...options });

  it('is read at the call, whatever becomes of the document then', async () => {
    const network = await nat();
    const document = { Name: 'before' };
    const created = Endpoint.create(network, document);
    document.Name = 'after';
    assert.equal((await (await created).properties()).Name, 'before');
    let reads = 0;
    const counting = {
      get Name() {
        return `name ${++reads}`;
      },
    };
    await Network.create(counting as { Name: string }, { ...on(), validate: 'off' }).catch(() => undefined);
    const once = reads;
    reads = 0;
    await Endpoint.create(network, counting);
    assert.equal(reads, once);
  });

  it('is refused on another host than that of its network', async () => {
    const network = await nat();
    await using other = await Host.open('simulated');
    await assert.rejects(Endpoint.create(network, { Name: 'one' }, { host: other }), {
      code: 'ERR_HC_ARGUMENT',
      field: 'options.host',
    });
    await Endpoint.create(network, { Name: 'one' }, on());
  });

  it('rejects for what is no array of subnets', async () => {
    const network = await nat();
    await assert.rejects(network.removeSubnets('x' as never), { code: 'ERR_HC_ARGUMENT', field: 'ids' });
  });

  it('is not deleted by a create that timed out when the program has opened it meanwhile', async () => {
    const id = '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01';
    const network = await nat();
    const late = await bench.simulator.inject({ function: 'computenetwork.HcnQueryEndpointProperties', block: true });
    const abort = new AbortController();
    const first = Endpoint.create(network, { Name: 'one' }, { id, signal: abort.signal });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    abort.abort();
    await assert.rejects(first, { name: 'AbortError' });
    const again = await Endpoint.create(network, { Name: 'one' }, { id, ifExists: 'open' });
    await late.release();
    assert.ok(await bench.noneStuck());
    assert.equal((await again.properties()).Name, 'one');
    await again.delete();
  });

  it('can be reaped after a detach from a namespace that was never opened here', async () => {
    const owned = { Owner: 'killed' };
    await using other = await Host.open('simulated');
    const network = await Network.create({ Name: 'web', Type: 'NAT' }, { host: other });
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const namespace = await Namespace.create(owned, { host: other });
    await namespace.addEndpoint(endpoint);
    await (await Endpoint.open(endpoint.id, on())).detach();
    const reaped = await reap({ owner: 'killed', ...on() });
    assert.deepEqual(
      reaped.map(({ kind, id }) => [kind, id]),
      [['namespace', namespace.id]],
    );
  });

  it('has the registration of its events closed within the limits of the close', async () => {
    const rule = await bench.simulator.inject({ function: 'computenetwork.HcnRegisterServiceCallback', block: true });
    const events = networkEvents(on());
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    await assert.rejects(events.close({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    await assert.rejects(events.close({ timeoutMs: 1 }), { code: 'ERR_HC_TIMEOUT' });
    await rule.release();
    await events.close();
    assert.equal((await events.next()).done, true);
  });

  it('ends its events without an error when the registration fails after close()', async () => {
    await bench.simulator.inject({ function: 'computenetwork.HcnRegisterServiceCallback', status: 0x80070426 });
    const events = networkEvents(on());
    await events.close();
    assert.equal((await events.next()).done, true);
    await assert.rejects(events.ready, { code: 'ERROR_SERVICE_NOT_ACTIVE' });
  });

  it('is taken out again when a step of attachContainer() that was cancelled completes late', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const namespace = await Namespace.create({}, on());
    const system = await bench.create();
    const rule = await bench.simulator.inject({ function: 'computenetwork.HcnModifyNamespace', block: true });
    const abort = new AbortController();
    const attached = attachContainer(system, namespace, [endpoint], { signal: abort.signal });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    abort.abort();
    await assert.rejects(attached, { name: 'AbortError' });
    await rule.release();
    assert.ok(await bench.noneStuck());
    let left: readonly unknown[] = [];
    const look = async (): Promise<void> => {
      left = await namespace.endpoints();
    };
    await look();
    assert.ok(await eventually(look, () => left.length === 0));
  });

  it('is detached by the next call where the network service could not be reached', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const namespace = await Namespace.create({}, on());
    const attachment = await attachContainer(await bench.create(), namespace, [endpoint]);
    await bench.simulator.inject({ function: 'computenetwork.HcnModifyNamespace', status: 0x800706bf });
    await assert.rejects(attachment.detach(), { code: 'RPC_S_CALL_FAILED_DNE' });
    assert.equal((await namespace.endpoints()).length, 1);
    await attachment.detach();
    assert.equal((await namespace.endpoints()).length, 0);
  });

  it('reserves no port for misspelt options', async () => {
    await using service = await GuestNetworkService.create('6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', {}, on());
    const reserve = async (port: unknown) => service.reservePort(port as { port: number });
    await assert.rejects(reserve({ port: 80, protocl: 'tcp' }), { code: 'ERR_HC_ARGUMENT', field: 'port.protocl' });
    await assert.rejects(reserve(undefined), { code: 'ERR_HC_ARGUMENT', field: 'port' });
  });

  it('refers to all endpoints that two hosts of a program have added to a load balancer at once', async () => {
    await using other = await Host.open('simulated');
    const pods = networks.overlay({ name: 'pods', subnet: '10.1.0.0/16', vsid: 5000, persistent: false });
    const network = await Network.create(pods, on());
    const made = await Promise.all(Array.from({ length: 8 }, (_, at) => Endpoint.create(network, { Name: `${at}` })));
    const [first, ...more] = made;
    const balancer = await LoadBalancer.create({ HostComputeEndpoints: [first!.id] }, { ...on(), validate: 'off' });
    const same = await LoadBalancer.open(balancer.id, { host: other });
    await Promise.all(more.map((each, at) => (at % 2 === 0 ? balancer : same).addEndpoint(each)));
    assert.equal((await balancer.properties()).HostComputeEndpoints?.length, 8);
  });
});
