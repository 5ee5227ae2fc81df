// Documents of networks of which there is nothing to say.
import type { ValidateNetworkOptions } from 'hostcompute/network';

import {
  bridge,
  changed,
  endpoint,
  loadBalancer,
  mapping,
  nat,
  network,
  networkId,
  overlay,
  policyChange,
  published,
  route,
  subnet,
} from './documents.js';

const atSubnet = 'Ipams.0.Subnets.0';
const v1 = {
  Name: 'nat',
  Type: 'NAT',
  Subnets: [{ AddressPrefix: '192.168.100.0/24', GatewayAddress: '192.168.100.1' }],
};
const older = {
  VirtualNetwork: networkId,
  Policies: [{ Type: 'NAT', Protocol: 'TCP', InternalPort: 80, ExternalPort: 80 }],
};
const at = (IpAddress: string, PrefixLength = 24): object =>
  endpoint([], { IpConfigurations: [{ IpAddress, PrefixLength }] });
const acl = (rule: object): object =>
  changed(endpoint([{ Type: 'ACL', Settings: { Action: 'Allow', Direction: 'In' } }]), 'Policies.0.Settings', {
    Action: 'Allow',
    Direction: 'In',
    ...rule,
  });

/** What nothing is said of. */
export const soundNetworkDocuments: readonly (readonly [
  what: string,
  document: object,
  options?: ValidateNetworkOptions,
])[] = [
  ['a NAT network', nat],
  ['a NAT network without a subnet', { Name: 'nat', Type: 'NAT', SchemaVersion: { Major: 2, Minor: 0 } }],
  ['a network in other letters', { ...nat, Type: 'nat' }],
  ['a network by numbers', { ...nat, Type: 0, Ipams: [{ ...nat.Ipams![0], Type: 0 }] }],
  ['a network without a type, as NAT is answered', changed(nat, 'Type', undefined)],
  [
    'two families behind NAT',
    network('NAT', subnet('192.168.100.0/24', '192.168.100.1'), subnet('2001:db8:abcd:12::/64', '2001:db8:abcd:12::1')),
  ],
  ['a gateway of the link', network('L2Bridge', subnet('fd00:7::/64', 'fe80::1234'))],
  [
    'several subnets of L2Bridge',
    network('L2Bridge', subnet('10.0.0.0/24', '10.0.0.1'), subnet('10.0.1.0/24', '10.0.1.1')),
  ],
  ['a gateway of nobody, for a subnet on the link', network('L2Bridge', subnet('10.0.0.0/24', '0.0.0.0'))],
  [
    'the last address of an IPv6 subnet',
    endpoint([], { IpConfigurations: [{ IpAddress: 'fd00::ffff:ffff:ffff:ffff', PrefixLength: 64 }] }),
    { known: { network: network('NAT', subnet('fd00::/64', 'fd00::1')) } },
  ],
  [
    'an endpoint in a namespace, as it is answered',
    endpoint([], { HostComputeNamespace: networkId, Version: 64424509440 }),
  ],
  [
    'an endpoint on another host, whose subnet is there',
    endpoint([], { Flags: 1, IpConfigurations: [{ IpAddress: '10.244.4.9', PrefixLength: 32 }] }),
    { known: { network: overlay } },
  ],
  ['an endpoint in none', endpoint([], { HostComputeNamespace: '00000000-0000-0000-0000-000000000000' })],
  ['a namespace of a guest', { Type: 'Guest', SchemaVersion: { Major: 2, Minor: 0 } }],
  ['settings whose type nobody says', changed(nat, `${atSubnet}.Policies`, [{ Settings: false }])],
  ['a subnet of two addresses', network('L2Bridge', subnet('10.0.0.0/31', '10.0.0.0'))],
  [
    'an internal network without a gateway',
    { Name: 'i', Type: 'Internal', Ipams: [{ Subnets: [{ IpAddressPrefix: '10.0.0.0/24' }] }] },
  ],
  ['a transparent network with DHCP', { Name: 't', Type: 'Transparent', Ipams: [{ Type: 'Dhcp' }] }],
  ['an overlay', overlay],
  [
    'an adapter for L2Bridge',
    { ...bridge, Policies: [{ Type: 'NetAdapterName', Settings: { NetworkAdapterName: 'Ethernet' } }] },
  ],
  ['an endpoint with a port', published, { known: { network: nat } }],
  ['one port for two protocols', endpoint([mapping(53, 53), mapping(53, 53, { Protocol: 17 })])],
  ['one port at two addresses', endpoint([mapping(80, 80, { VIP: '10.0.0.4' }), mapping(80, 80, { VIP: '10.0.0.5' })])],
  ['one port for two families', endpoint([mapping(80, 80), mapping(80, 80, { Flags: 2 })])],
  ['ports that the service chooses', endpoint([mapping(80, 0), mapping(81, 0)])],
  ['an address of the subnet', at('192.168.100.9'), { known: { network: nat } }],
  [
    'policies in other letters',
    endpoint([{ Type: 'SDNROUTE', Settings: { DestinationPrefix: '10.0.0.0/8', NeedEncap: true } } as never]),
  ],
  [
    'rules that name a set',
    acl({ RemoteAddresses: 'azure-npm-3216600258,10.0.0.0/8', Protocols: '256', LocalPorts: '80,8000-8010' }),
  ],
  ['a namespace without a type', { SchemaVersion: { Major: 2, Minor: 0 }, NamespaceId: 5 }],
  ['a namespace of an empty structure', { SchemaVersion: { Major: 0, Minor: 0 } }],
  ['a load balancer', loadBalancer, { hnsVersion: '9.2' }],
  ['direct server return', { ...loadBalancer, Flags: 1 }, { hnsVersion: '9.4' }],
  ['a route with bits beyond its prefix', route],
  ['a question for a name', { SchemaVersion: { Major: 2, Minor: 0 }, Filter: JSON.stringify({ Name: 'a"b' }) }],
  ['policies that are removed by their types', policyChange('Remove', { Type: 'PortMapping', Settings: {} })],
  ['policies that are cleared', { ResourceType: 'Policy', RequestType: 'Update', Settings: { Policies: [{}] } }],
  [
    'an endpoint for a namespace',
    { ResourceType: 'Endpoint', RequestType: 'Add', Settings: { EndpointId: networkId } },
  ],
  [
    'a subnet that is removed by its id',
    { ResourceType: 'Subnet', RequestType: 'Remove', Settings: { Subnets: [{ ID: networkId }] } },
  ],
  ['a network of the older route', v1],
  ['an endpoint of the older route', older],
  ['what the host is attached to', { SystemType: 'Host', CompartmentId: 1 }],
];
