// Every call of the API of networks that reaches the host, on objects that are there.
import type { ComputeSystem, Host, HostFunction, OperationOptions } from 'hostcompute';
import {
  attachContainer,
  Endpoint,
  GuestNetworkService,
  hns,
  LoadBalancer,
  Namespace,
  Network,
  networkEvents,
  networkFeatures,
  networks,
  Route,
} from 'hostcompute/network';

import type { Simulator } from 'hostcompute/simulator';

import type { Bench } from '../support/host.js';

/** What calls are made on, all of it this test's own. */
export interface NetworkScene {
  readonly bench: Bench;
  readonly host: Host;
  readonly network: Network;
  readonly overlay: Network;
  /** The second one of the overlay network. */
  readonly subnetId: string;
  readonly endpoint: Endpoint;
  readonly other: Endpoint;
  /** In the namespace. */
  readonly inside: Endpoint;
  readonly namespace: Namespace;
  readonly empty: Namespace;
  readonly balancer: LoadBalancer;
  readonly route: Route;
  readonly system: ComputeSystem;
  readonly service: GuestNetworkService;
}

const machine = '5b2e6c1a-9f0d-4b0a-8a5e-3a1b7c9d2e01';
const another = '5b2e6c1a-9f0d-4b0a-8a5e-3a1b7c9d2e02';
const mapping = { Protocol: 6, InternalPort: 8080, ExternalPort: 8090 } as const;
const to = [{ DestinationPrefix: '10.9.0.0/16', NextHop: '10.1.0.1' }];

const acl = { Type: 'ACL', Settings: { Action: 'Block', Direction: 'Out', Protocols: '6' } } as const;
const hostRoute = { Type: 'HostRoute', Settings: {} } as const;
const subnet = { IpAddressPrefix: '10.2.0.0/16', Routes: [{ NextHop: '10.2.0.1', DestinationPrefix: '0.0.0.0/0' }] };
const third = { IpAddressPrefix: '10.3.0.0/16', Routes: [{ NextHop: '10.3.0.1', DestinationPrefix: '0.0.0.0/0' }] };

function balancing(...endpoints: readonly Endpoint[]) {
  const HostComputeEndpoints = endpoints.map(({ id }) => id);
  return { HostComputeEndpoints, SourceVIP: '10.0.0.1', FrontendVIPs: ['1.1.1.2'], PortMappings: [mapping] };
}

const scenes = new WeakMap<Simulator, Promise<NetworkScene>>();

/** The scene of a test, which is set once. */
export async function setNetworks(bench: Bench): Promise<NetworkScene> {
  let scene = scenes.get(bench.simulator);
  if (scene === undefined) scenes.set(bench.simulator, (scene = makeNetworks(bench)));
  return scene;
}

async function makeNetworks(bench: Bench): Promise<NetworkScene> {
  const { host } = bench.simulator;
  const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), { host });
  const pods = networks.overlay({ name: 'pods', subnet: '10.1.0.0/16', vsid: 5000, persistent: false });
  const overlay = await Network.create(pods, { host });
  await overlay.addPolicies([hostRoute]);
  await overlay.addSubnets([subnet]);
  const subnetId = (await overlay.properties()).Ipams![0]!.Subnets![1]!.ID!;
  const [endpoint, inside, other] = await Promise.all([
    Endpoint.create(network, { Name: 'one' }),
    Endpoint.create(network, { Name: 'two' }),
    Endpoint.create(overlay, { Name: 'three' }),
  ]);
  await endpoint.addPolicies([acl]);
  const [namespace, empty] = await Promise.all([Namespace.create({}, { host }), Namespace.create({}, { host })]);
  await namespace.addEndpoint(inside);
  const balancer = await LoadBalancer.create(balancing(other), { host });
  const route = await Route.create({ HostComputeEndpoints: [other.id], Routes: to }, { host });
  const system = await bench.create();
  const service = bench.keep(await GuestNetworkService.create(machine, { VirtualMachineId: machine }, { host }));
  bench.keep(await service.reservePort({ port: 9000 }));
  const objects = { network, overlay, subnetId, endpoint, other, inside, namespace, empty, balancer, route };
  return { bench, host, system, service, ...objects };
}

/** A call of the API of networks. */
export interface NetworkCall {
  /** The functions of the host that it is made of. */
  readonly functions: readonly HostFunction[];
  /** The code with which the simulated host refuses what no host is known to do. */
  readonly refusal?: string;
  readonly make: (scene: NetworkScene, options: OperationOptions) => Promise<unknown>;
}

type Family = 'Network' | 'Endpoint' | 'Namespace' | 'LoadBalancer' | 'SdnRoute' | 'GuestNetworkService';

const hcn = (name: string): HostFunction => `computenetwork.Hcn${name}` as HostFunction;
const around = (family: Family, name: string): HostFunction[] => [
  hcn(`Open${family}`),
  hcn(name),
  hcn(`Close${family}`),
];
const queried = (family: Family): HostFunction[] => around(family, `Query${family}Properties`);
const created = (family: Family): HostFunction[] => [
  hcn(`Create${family}`),
  hcn(`Query${family}Properties`),
  hcn(`Close${family}`),
];
const modified = (family: Family): HostFunction[] => around(family, `Modify${family}`);

// Options may be a proxy that counts what is read of it: it is not copied.
function onHost(scene: NetworkScene, options: OperationOptions): never {
  return Object.assign(options, { host: scene.host }) as never;
}

async function keep<T extends AsyncDisposable>({ bench }: NetworkScene, made: Promise<T>): Promise<void> {
  bench.keep(await made);
}

function callsOf(
  name: string,
  family: Family,
  objectOf: (scene: NetworkScene) => Network | Endpoint | Namespace | LoadBalancer | Route,
  of: {
    open(id: string, options: never): Promise<unknown>;
    list(filter: object, options: never): Promise<unknown>;
  },
): Readonly<Record<string, NetworkCall>> {
  return {
    [`${name}.open`]: {
      functions: queried(family),
      make: (scene, options) => of.open(objectOf(scene).id, onHost(scene, options)),
    },
    [`${name}.list`]: {
      functions: [hcn(`Enumerate${family.replace(/(work|point|space|ancer|Route)$/, '$1s')}`), ...queried(family)],
      // One object: a backend may have few threads, and a host may hang with all of them.
      make: (scene, options) => of.list({ ID: objectOf(scene).id }, onHost(scene, options)),
    },
    [`${name}#properties`]: {
      functions: queried(family),
      make: (scene, options) => objectOf(scene).properties(options),
    },
    [`${name}#delete`]: {
      functions: [hcn(`Delete${family}`)],
      make: (scene, options) => objectOf(scene).delete(options),
    },
  };
}

/** Every call of the API of networks, by the name of its method. */
export const networkCalls: Readonly<Record<string, NetworkCall>> = {
  ...callsOf('Network', 'Network', ({ network }) => network, Network),
  ...callsOf('Endpoint', 'Endpoint', ({ endpoint }) => endpoint, Endpoint),
  ...callsOf('Namespace', 'Namespace', ({ empty }) => empty, Namespace),
  ...callsOf('LoadBalancer', 'LoadBalancer', ({ balancer }) => balancer, LoadBalancer),
  ...callsOf('Route', 'SdnRoute', ({ route }) => route, Route),
  'Network.create': {
    functions: created('Network'),
    make: (scene, options) => Network.create({ Name: scene.bench.id(), Type: 'Internal' }, onHost(scene, options)),
  },
  'Network.find': {
    functions: [hcn('EnumerateNetworks'), ...queried('Network')],
    make: (scene, options) => Network.find('web', onHost(scene, options)),
  },
  'Network#modify': {
    functions: modified('Network'),
    make: ({ overlay }, options) => {
      const request = { ResourceType: 'Policy', RequestType: 'Add', Settings: { Policies: [hostRoute] } } as const;
      return overlay.modify(request, options);
    },
  },
  'Network#addPolicies': {
    functions: modified('Network'),
    make: ({ overlay }, options) => overlay.addPolicies([hostRoute], options),
  },
  'Network#removePolicies': {
    functions: modified('Network'),
    make: ({ overlay }, options) => overlay.removePolicies([hostRoute], options),
  },
  'Network#addSubnets': {
    functions: modified('Network'),
    make: ({ overlay }, options) => overlay.addSubnets([third], options),
  },
  'Network#removeSubnets': {
    functions: modified('Network'),
    make: ({ overlay, subnetId }, options) => overlay.removeSubnets([subnetId], options),
  },
  'Endpoint.create': {
    functions: [hcn('OpenNetwork'), ...created('Endpoint'), hcn('CloseNetwork')],
    make: (scene, options) => Endpoint.create(scene.network.id, { Name: 'new' }, onHost(scene, options)),
  },
  'Endpoint.find': {
    functions: [hcn('EnumerateEndpoints'), ...queried('Endpoint')],
    make: (scene, options) => Endpoint.find('one', onHost(scene, options)),
  },
  'Endpoint#modify': {
    functions: modified('Endpoint'),
    make: ({ endpoint }, options) => {
      const request = { ResourceType: 'Policy', RequestType: 'Add', Settings: { Policies: [acl] } } as const;
      return endpoint.modify(request, options);
    },
  },
  'Endpoint#addPolicies': {
    functions: modified('Endpoint'),
    make: ({ endpoint }, options) => endpoint.addPolicies([acl], options),
  },
  'Endpoint#removePolicies': {
    functions: modified('Endpoint'),
    make: ({ endpoint }, options) => endpoint.removePolicies([acl], options),
  },
  'Endpoint#replacePolicies': {
    functions: modified('Endpoint'),
    make: ({ endpoint }, options) => endpoint.replacePolicies([acl], options),
  },
  'Endpoint#attach': {
    functions: modified('Namespace'),
    make: ({ endpoint, empty }, options) => endpoint.attach(empty, options),
  },
  'Endpoint#detach': {
    functions: [...queried('Endpoint'), ...modified('Namespace')],
    make: ({ inside }, options) => inside.detach(options),
  },
  'Endpoint#statistics': {
    functions: around('Endpoint', 'QueryEndpointStats'),
    make: ({ endpoint }, options) => endpoint.statistics(options),
  },
  'Namespace.create': {
    functions: created('Namespace'),
    make: (scene, options) => Namespace.create({}, onHost(scene, options)),
  },
  'Namespace#modify': {
    functions: modified('Namespace'),
    make: ({ empty, endpoint: { id } }, options) => {
      const request = { ResourceType: 'Endpoint', RequestType: 'Add', Settings: { EndpointId: id } } as const;
      return empty.modify(request, options);
    },
  },
  'Namespace#addEndpoint': {
    functions: modified('Namespace'),
    make: ({ empty, endpoint }, options) => empty.addEndpoint(endpoint, options),
  },
  'Namespace#removeEndpoint': {
    functions: modified('Namespace'),
    make: ({ namespace, inside }, options) => namespace.removeEndpoint(inside, options),
  },
  'Namespace#addContainer': {
    functions: modified('Namespace'),
    make: ({ empty }, options) => empty.addContainer('web', options),
  },
  'Namespace#removeContainer': {
    functions: modified('Namespace'),
    make: ({ empty }, options) => empty.removeContainer('web', options),
  },
  'Namespace#endpoints': {
    functions: [...queried('Namespace'), ...queried('Endpoint')],
    make: ({ namespace }, options) => namespace.endpoints(options),
  },
  'Namespace#containers': {
    functions: queried('Namespace'),
    make: ({ namespace }, options) => namespace.containers(options),
  },
  'LoadBalancer.create': {
    functions: created('LoadBalancer'),
    make: (scene, options) => {
      const document = { ...balancing(scene.other), PortMappings: [{ ...mapping, ExternalPort: 8091 }] };
      return LoadBalancer.create(document, onHost(scene, options));
    },
  },
  'LoadBalancer#modify': {
    functions: modified('LoadBalancer'),
    make: ({ balancer, other }, options) => balancer.modify({ ID: balancer.id, ...balancing(other) }, options),
  },
  'LoadBalancer#addEndpoint': {
    functions: ['vmcompute.HNSCall', ...queried('LoadBalancer'), hcn('ModifyLoadBalancer')],
    make: ({ balancer, endpoint }, options) => balancer.addEndpoint(endpoint, options),
  },
  'LoadBalancer#removeEndpoint': {
    functions: ['vmcompute.HNSCall', ...queried('LoadBalancer'), hcn('ModifyLoadBalancer')],
    make: ({ balancer, other }, options) => balancer.removeEndpoint(other, options),
  },
  'Route.create': {
    functions: created('SdnRoute'),
    make: (scene, options) =>
      Route.create({ HostComputeEndpoints: [scene.other.id], Routes: to }, onHost(scene, options)),
  },
  'Route#modify': {
    functions: modified('SdnRoute'),
    refusal: 'HCN_E_REQUEST_UNSUPPORTED',
    make: ({ route, other }, options) => route.modify({ HostComputeEndpoints: [other.id], Routes: to }, options),
  },
  'Route#addEndpoint': {
    functions: [...queried('SdnRoute'), hcn('DeleteSdnRoute'), hcn('CreateSdnRoute')],
    make: ({ route, endpoint }, options) => route.addEndpoint(endpoint, options),
  },
  'Route#removeEndpoint': {
    functions: [...queried('SdnRoute'), hcn('DeleteSdnRoute'), hcn('CreateSdnRoute')],
    make: ({ route, other }, options) => route.removeEndpoint(other, options),
  },
  'GuestNetworkService.create': {
    functions: [hcn('CreateGuestNetworkService'), hcn('RegisterGuestNetworkServiceCallback')],
    make: (scene, options) =>
      keep(scene, GuestNetworkService.create(another, { VirtualMachineId: another }, onHost(scene, options))),
  },
  'GuestNetworkService.open': {
    functions: [hcn('OpenGuestNetworkService'), hcn('RegisterGuestNetworkServiceCallback')],
    make: (scene, options) => keep(scene, GuestNetworkService.open(machine, onHost(scene, options))),
  },
  'GuestNetworkService.reservedPorts': {
    functions: [hcn('EnumerateGuestNetworkPortReservations'), hcn('FreeGuestNetworkPortReservations')],
    make: (scene, options) => GuestNetworkService.reservedPorts(onHost(scene, options)),
  },
  'GuestNetworkService#properties': {
    functions: [hcn('QueryGuestNetworkServiceProperties')],
    make: ({ service }, options) => service.properties(options),
  },
  'GuestNetworkService#modify': {
    functions: [hcn('ModifyGuestNetworkService')],
    make: ({ service }, options) => {
      const Settings = { State: 'Bootstrapping' } as const;
      return service.modify({ ResourceType: 'State', RequestType: 'Update', Settings }, options);
    },
  },
  'GuestNetworkService#reservePort': {
    functions: [hcn('ReserveGuestNetworkServicePort')],
    make: (scene, options) => keep(scene, scene.service.reservePort({ port: 8080 }, options)),
  },
  'GuestNetworkService#reservePorts': {
    functions: [hcn('ReserveGuestNetworkServicePortRange')],
    make: (scene, options) => keep(scene, scene.service.reservePorts(4, options)),
  },
  'GuestNetworkService#delete': {
    functions: [
      hcn('DeleteGuestNetworkService'),
      hcn('UnregisterGuestNetworkServiceCallback'),
      hcn('CloseGuestNetworkService'),
    ],
    make: ({ service }, options) => service.delete(options),
  },
  'GuestNetworkService#close': {
    functions: [hcn('UnregisterGuestNetworkServiceCallback'), hcn('CloseGuestNetworkService')],
    make: ({ service }, options) => service.close(options),
  },
  networkEvents: {
    functions: [hcn('RegisterServiceCallback')],
    make: async (scene, options) => {
      await scene.bench.keep(networkEvents(onHost(scene, options))).ready;
    },
  },
  networkFeatures: {
    functions: ['vmcompute.HNSCall'],
    make: (scene, options) => networkFeatures(onHost(scene, options)),
  },
  attachContainer: {
    functions: ['vmcompute.HcsGetComputeSystemProperties', ...queried('Endpoint'), ...modified('Namespace')],
    make: (scene, options) => keep(scene, attachContainer(scene.system, scene.empty, [scene.endpoint], options)),
  },
  call: {
    functions: ['vmcompute.HNSCall'],
    make: (scene, options) => hns.call('GET', '/networks/', undefined, onHost(scene, options)),
  },
};
