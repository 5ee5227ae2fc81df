import assert from 'node:assert/strict';

import type { HcsError } from 'hostcompute';
import { isAlreadyExists, isNotFound } from 'hostcompute';
import {
  Endpoint,
  endpoints,
  hns,
  LoadBalancer,
  Namespace,
  Network,
  networkEvents,
  networkFeatures,
  networks,
  Route,
} from 'hostcompute/network';

import { useSimulator } from '../support/host.js';

describe('Networks', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });
  const nat = (name = 'web', options = {}) =>
    Network.create(networks.nat({ name, subnet: '192.168.100.0/24' }), { ...on(), ...options });
  const overlay = () =>
    Network.create(networks.overlay({ name: 'pods', subnet: '10.1.0.0/16', vsid: 5000, persistent: false }), on());

  it('are created, found by id and by name, listed and deleted', async () => {
    const network = await nat();
    assert.equal((await Network.open(network.id.toUpperCase(), on())).id, network.id);
    assert.equal((await Network.find('web', on()))?.id, network.id);
    assert.equal(await Network.find('other', on()), undefined);
    assert.deepEqual(
      (await Network.list({}, on())).map(({ ID }) => ID),
      [network.id],
    );
    await network.delete();
    await network.delete();
    assert.deepEqual(await Network.list({}, on()), []);
    await assert.rejects(Network.open(network.id, on()), (error: HcsError) => {
      assert.ok(isNotFound(error));
      assert.deepEqual(error.object, { kind: 'network', id: network.id });
      return true;
    });
  });

  it('have the id that was asked for', async () => {
    const id = '6A1F6F0E-2C55-5E0C-9F3C-8F9D3B2A1C01';
    assert.equal((await nat('web', { id })).id, id.toLowerCase());
  });

  it('have the type that the host leaves out, and ids in lower case', async () => {
    const network = await nat();
    const { Type, Ipams, ID } = await network.properties();
    assert.deepEqual([Type, Ipams?.[0]?.Type, ID], ['NAT', 'Static', network.id]);
  });

  it('of a name that there is are refused, or opened when that is asked for', async () => {
    const network = await nat();
    await assert.rejects(nat(), isAlreadyExists);
    assert.equal((await nat('web', { ifExists: 'open' })).id, network.id);
  });

  it('are opened by one of many that create them at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => nat('web', { ifExists: 'open' })));
    assert.equal(new Set(made.map(({ id }) => id)).size, 1);
  });

  it('get policies and lose them', async () => {
    const network = await overlay();
    const policy = {
      Type: 'RemoteSubnetRoute',
      Settings: {
        DestinationPrefix: '10.2.0.0/16',
        IsolationId: 5000,
        ProviderAddress: '10.0.0.2',
        DistributedRouterMacAddress: '00-15-5D-00-00-09',
      },
    } as const;
    const types = async () => ((await network.properties()).Policies ?? []).map(({ Type }) => Type as string);
    await network.addPolicies([policy]);
    assert.ok((await types()).includes('RemoteSubnetRoute'));
    await network.removePolicies([policy]);
    assert.ok(!(await types()).includes('RemoteSubnetRoute'));
  });

  it('are described by the host with the error record of a refusal', async () => {
    await nat();
    await assert.rejects(nat(), (error: HcsError) => {
      assert.equal(error.code, 'HCN_E_NETWORK_ALREADY_EXISTS');
      assert.match(error.message, /^HcnCreateNetwork of network ".*Host: .* already exists\.$/);
      return true;
    });
  });

  it('do nothing after close()', async () => {
    const network = await nat();
    await network.close();
    await assert.rejects(network.properties(), { code: 'ERR_HC_CLOSED' });
    await Network.open(network.id, on());
  });
});

describe('Endpoints', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });
  const nat = () => Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), on());

  it('get an address and a MAC address, and are listed by their network', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, endpoints.of(network.id, { name: 'one', ports: ['80:8888'] }));
    const [only, ...more] = await Endpoint.list({ HostComputeNetwork: network.id }, on());
    assert.deepEqual([only?.ID, only?.IpConfigurations?.length, more.length], [endpoint.id, 1, 0]);
    assert.match(only!.MacAddress!, /^00-15-5D(-[0-9A-F]{2}){3}$/);
  });

  it('may share a name, and are then not found by it', async () => {
    const network = await nat();
    await Endpoint.create(network, { Name: 'one' });
    await Endpoint.create(network.id, { Name: 'one' }, on());
    await assert.rejects(Endpoint.find('one', on()), { code: 'ERR_HC_AMBIGUOUS' });
  });

  it('cannot publish a port twice', async () => {
    const network = await nat();
    const document = endpoints.of(network.id, { name: 'one', ports: ['80:8888'] });
    await Endpoint.create(network, document);
    await assert.rejects(Endpoint.create(network, document), { code: 'HCN_E_PORT_ALREADY_EXISTS' });
  });

  it('are of the network that they are created for', async () => {
    const network = await nat();
    const other = '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01';
    await assert.rejects(Endpoint.create(network, { HostComputeNetwork: other }), {
      field: 'document.HostComputeNetwork',
    });
  });

  it('go into a namespace and out of it again', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const namespace = await Namespace.create({}, on());
    await endpoint.attach(namespace);
    assert.equal((await endpoint.properties()).HostComputeNamespace, namespace.id);
    assert.deepEqual(
      (await namespace.endpoints()).map(({ ID }) => ID),
      [endpoint.id],
    );
    await endpoint.detach();
    assert.equal((await endpoint.properties()).HostComputeNamespace, undefined);
    await endpoint.detach();
    await namespace.removeEndpoint(endpoint);
    assert.deepEqual(await namespace.endpoints(), []);
  });

  it('have policies that are replaced', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const acl = { Type: 'ACL', Settings: { Action: 'Block', Direction: 'Out', Protocols: '6' } } as const;
    await endpoint.addPolicies([acl, acl]);
    await endpoint.replacePolicies([acl]);
    assert.equal((await endpoint.properties()).Policies?.length, 1);
  });

  it('have statistics', async () => {
    const network = await nat();
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const { EndpointId, BytesSent } = await endpoint.statistics();
    assert.deepEqual([EndpointId, typeof BytesSent], [endpoint.id, 'number']);
  });
});

describe('Load balancers and routes', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });

  async function pods() {
    const network = await Network.create(
      networks.overlay({ name: 'pods', subnet: '10.1.0.0/16', vsid: 5000, persistent: false }),
      on(),
    );
    const [one, other] = await Promise.all([
      Endpoint.create(network, { Name: 'one' }),
      Endpoint.create(network, { Name: 'other' }),
    ]);
    return { network, one, other };
  }
  const balancer = (id: string) => ({
    HostComputeEndpoints: [id],
    SourceVIP: '10.0.0.1',
    FrontendVIPs: ['1.1.1.2'],
    PortMappings: [{ Protocol: 6, InternalPort: 8080, ExternalPort: 8090 }] as const,
  });

  for (const hnsVersion of ['15.4', '15.3']) {
    it(`change their endpoints on HNS ${hnsVersion}, several at once`, async () => {
      await bench.simulator.configure({ hnsVersion });
      const { one, other } = await pods();
      const balancing = await LoadBalancer.create(balancer(one.id), on());
      await Promise.all([balancing.addEndpoint(other), balancing.addEndpoint(other), balancing.removeEndpoint(one)]);
      assert.deepEqual((await balancing.properties()).HostComputeEndpoints, [other.id]);
    });
  }

  it('are put back as they were when the new ones are refused', async () => {
    const { one, other } = await pods();
    const route = await Route.create(
      { HostComputeEndpoints: [one.id], Routes: [{ DestinationPrefix: '10.2.0.0/16', NextHop: '10.1.0.1' }] },
      on(),
    );
    const before = await route.properties();
    await bench.simulator.inject({ function: 'computenetwork.HcnCreateSdnRoute', status: 0x80004005, count: 1 });
    await assert.rejects(route.addEndpoint(other), { code: 'E_FAIL' });
    assert.deepEqual(await route.properties(), before);
    await route.addEndpoint(other);
    assert.deepEqual((await route.properties()).HostComputeEndpoints, [one.id, other.id]);
    await route.removeEndpoint('6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01');
    assert.equal((await Route.list({}, on())).length, 1);
  });
});

describe('The events of networks', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });

  it('come in the order in which it happened', async () => {
    await using events = networkEvents(on());
    await events.ready;
    const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), on());
    const namespace = await Namespace.create({}, on());
    await namespace.delete();
    await network.delete();
    const seen = [];
    for await (const { type, id } of events) {
      seen.push([type, id]);
      if (type === 'NetworkDelete') break;
    }
    assert.deepEqual(seen, [
      ['NetworkPreCreate', network.id],
      ['NetworkCreate', network.id],
      ['NamespaceCreate', namespace.id],
      ['NamespaceDelete', namespace.id],
      ['NetworkPreDelete', network.id],
      ['NetworkDelete', network.id],
    ]);
    assert.equal(events.disconnected, false);
  });

  it('end when they are closed', async () => {
    const events = networkEvents(on());
    await events.ready;
    await events.close();
    assert.deepEqual(await events.next(), { value: undefined, done: true });
  });

  it('end with an AbortError when the signal fires', async () => {
    const controller = new AbortController();
    const events = networkEvents({ ...on(), signal: controller.signal });
    await events.ready;
    const next = events.next();
    controller.abort();
    await assert.rejects(next, { name: 'AbortError' });
  });

  it('reject where they cannot be registered', async () => {
    await bench.simulator.inject({
      function: 'computenetwork.HcnRegisterServiceCallback',
      status: 0x80070426,
      count: 1,
    });
    const events = networkEvents(on());
    await assert.rejects(events.ready, { code: 'ERROR_SERVICE_NOT_ACTIVE' });
    await assert.rejects(events.next(), { code: 'ERROR_SERVICE_NOT_ACTIVE' });
    assert.equal((await events.next()).done, true);
  });
});

describe('The older route to networks', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });

  it('has what HCN has made, and the other way round', async () => {
    const { ID } = await hns.networks.create(
      { Name: 'web', Type: 'NAT', Subnets: [{ AddressPrefix: '192.168.100.0/24', GatewayAddress: '192.168.100.1' }] },
      on(),
    );
    assert.equal((await Network.find('web', on()))?.id, ID);
    const endpoint = await Endpoint.create(ID!, { Name: 'one' }, on());
    assert.equal((await hns.endpoints.get(endpoint.id, on())).VirtualNetwork, ID);
    await hns.networks.delete(ID!, on());
    await hns.networks.delete(ID!, on());
    assert.deepEqual(await hns.endpoints.list(on()), []);
  });

  it('says what the host refuses', async () => {
    await assert.rejects(hns.endpoints.get('6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', on()), isNotFound);
    await assert.rejects(hns.call('PUT' as never, '/networks/', {}, on()), { field: 'method' });
  });

  it('knows the version of HNS and its features, and asks each time', async () => {
    const { version, features } = await networkFeatures(on());
    assert.deepEqual([version, features.Accelnet], [{ Major: 15, Minor: 4 }, true]);
    await bench.simulator.inject({ function: 'vmcompute.HNSCall', status: 0x80070426, count: 1 });
    await assert.rejects(networkFeatures(on()), { code: 'ERROR_SERVICE_NOT_ACTIVE' });
    assert.equal((await networkFeatures(on())).has('Accelnet'), true);
  });
});
