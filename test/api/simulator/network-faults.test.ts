import assert from 'node:assert/strict';

import { isNotFound } from 'hostcompute';
import {
  Endpoint,
  hns,
  LoadBalancer,
  Namespace,
  Network,
  networkEvents,
  networkFeatures,
  networks,
} from 'hostcompute/network';

import { useSimulator } from '../../support/host.js';

describe('A fault of networks', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });
  const nat = () => Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), on());
  const pinned = { IpConfigurations: [{ IpAddress: '192.168.100.77', PrefixLength: 24 }] };
  const addressesOf = async (): Promise<(string | undefined)[]> =>
    (await Endpoint.list({}, on())).map(({ IpConfigurations }) => IpConfigurations?.[0]?.IpAddress);

  it('restarts the service under what is attached: events end, endpoints are gone and can be made again', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, pinned);
    const namespace = await Namespace.create({}, on());
    await namespace.addEndpoint(endpoint);
    await namespace.addContainer('web');
    await using events = networkEvents(on());
    await events.ready;
    await bench.simulator.provoke('hns-restarts');
    const seen = [];
    for await (const { type } of events) seen.push(type);
    assert.deepEqual(seen, ['ServiceDisconnect']);
    assert.equal(events.disconnected, true);
    await assert.rejects(endpoint.properties(), isNotFound);
    assert.deepEqual([await namespace.endpoints(), await namespace.containers()], [[], ['web']]);
    await Endpoint.create(network, pinned);
    assert.deepEqual(await addressesOf(), ['192.168.100.77']);
  });

  it('keeps the service from being started, until it is cleared, and no answer of that time is remembered', async () => {
    const fault = await bench.simulator.provoke('hns-not-started');
    for (let i = 0; i < 2; i++) {
      await assert.rejects(networkFeatures(on()), { code: 'ERROR_SERVICE_NOT_ACTIVE' });
      await assert.rejects(Network.list({}, on()), { code: 'ERROR_SERVICE_NOT_ACTIVE' });
    }
    await assert.rejects(networkEvents(on()).ready, { code: 'ERROR_SERVICE_NOT_ACTIVE' });
    await fault.clear();
    assert.equal((await networkFeatures(on())).version.Major, 15);
    await nat();
  });

  it('deletes an object between enumeration and opening: the list has the others', async () => {
    const network = await nat();
    const [gone, stays] = [await Endpoint.create(network, {}), await Endpoint.create(network, {})];
    await bench.simulator.provoke('object-gone-before-open', gone.id.toUpperCase());
    assert.deepEqual(
      (await Endpoint.list({}, on())).map(({ ID }) => ID),
      [stays.id],
    );
    await assert.rejects(gone.properties(), isNotFound);
    await bench.simulator.clear();
    await bench.simulator.provoke('object-gone-before-open');
    await assert.rejects(hns.endpoints.get(stays.id, on()), { code: 'HCN_E_ENDPOINT_NOT_FOUND' });
    assert.deepEqual(await hns.endpoints.list(on()), []);
  });

  it('deletes an object just before its deletion, which is then done', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, {});
    await bench.simulator.provoke('object-gone-before-delete');
    await endpoint.delete();
    await network.delete();
    assert.deepEqual(await Network.list({}, on()), []);
  });

  for (const [route, create] of [
    ['computenetwork.dll', (network: Network) => Endpoint.create(network, pinned)],
    ['HNSCall', ({ id }: Network) => hns.endpoints.create({ VirtualNetwork: id, IPAddress: '192.168.100.77' }, on())],
  ] as const) {
    it(`leaves an endpoint behind that holds the address, until it is deleted, by ${route}`, async () => {
      const network = await nat();
      await bench.simulator.provoke('address-left-behind');
      await assert.rejects(create(network), { code: 'HCN_E_ADDR_INVALID_OR_RESERVED', status: 0x803b002f });
      await assert.rejects(create(network), { code: 'HCN_E_ADDR_INVALID_OR_RESERVED' });
      const [stale] = await Endpoint.list({}, on());
      assert.deepEqual([stale?.Name, await addressesOf()], ['left-behind', ['192.168.100.77']]);
      await (await Endpoint.open(stale!.ID, on())).delete();
      await create(network);
      assert.equal((await addressesOf()).length, 1);
    });
  }

  it('leaves a dead container in a namespace, which can be deleted without it', async () => {
    const namespace = await Namespace.create({}, on());
    await bench.simulator.provoke('dead-container-in-namespace');
    await assert.rejects(namespace.delete(), { code: 'HCN_E_REQUEST_UNSUPPORTED' });
    const [dead] = await namespace.containers();
    await namespace.removeContainer(dead!);
    await namespace.delete();
    const other = await hns.namespaces.create({}, on());
    await assert.rejects(hns.namespaces.delete(other.ID!, on()), { code: 'HCN_E_REQUEST_UNSUPPORTED' });
  });

  it('refuses by HNSCall what it refuses by computenetwork.dll', async () => {
    const { simulator } = bench;
    const network = await nat();
    const endpoint = await Endpoint.create(network, {});
    const old = { VirtualNetwork: network.id };
    await simulator.provoke('port-taken');
    await assert.rejects(hns.endpoints.create(old, on()), { code: 'HCN_E_PORT_ALREADY_EXISTS' });
    await simulator.provoke('port-taken-by-program');
    await assert.rejects(hns.endpoints.create(old, on()), { code: 'ERROR_SHARING_VIOLATION' });
    await simulator.provoke('adapter-missing');
    const external = { Name: 'external', Type: 'Transparent' } as const;
    await assert.rejects(hns.networks.create(external, on()), { code: 'HCN_E_ADAPTER_NOT_FOUND' });
    await simulator.provoke('load-balancer-ports-exhausted');
    const list = { References: [`/endpoints/${endpoint.id}`], Policies: [] };
    await assert.rejects(hns.policyLists.create(list, on()), { code: 'HCN_E_PORT_ALREADY_EXISTS' });
    const PortMappings = [{ Protocol: 6, InternalPort: 8080, ExternalPort: 80 }] as const;
    const balancer = { HostComputeEndpoints: [endpoint.id], PortMappings };
    await assert.rejects(LoadBalancer.create(balancer, on()), { code: 'HCN_E_PORT_ALREADY_EXISTS' });
    await simulator.provoke('wrong-diskette');
    await assert.rejects(hns.networks.list(on()), { code: 'ERROR_WRONG_DISK' });
    await assert.rejects(hns.endpoints.attach(endpoint.id, { SystemType: 'Host', CompartmentId: 1 }, on()), {
      code: 'ERROR_WRONG_DISK',
    });
    await simulator.clear();
    await simulator.provoke('hns-rpc-broken');
    await assert.rejects(hns.networks.list(on()), { code: 'RPC_S_CALL_FAILED_DNE' });
    assert.equal((await hns.networks.list(on())).length, 1);
  });
});
