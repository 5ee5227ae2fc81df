// What the compiler has to accept and refuse in documents of networks. Compiled by the build, never run.
import type * as HcnEntry from 'hostcompute/hcn';
import type * as HnsEntry from 'hostcompute/hns';
import type { Hcn, Hns, NetworkOfEndpoint } from 'hostcompute/network';
import { endpoints, networks, supportsNetwork, validateNetworkDocument } from 'hostcompute/network';

const id = 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02';

// The entries of types and the namespaces are the same.
export const same: Hcn.HostComputeNetwork = {} satisfies HcnEntry.HostComputeNetwork;
export const sameOlder: Hns.Network = {} satisfies HnsEntry.Network;

// The settings of a policy follow from its type.
export const policies: readonly Hcn.EndpointPolicy[] = [
  { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 80, ExternalPort: 8888 } },
  { Type: 'OutBoundNAT', Settings: { Exceptions: ['10.0.0.0/8'] } },
  { Type: 'L2Driver' },
  // @ts-expect-error of another policy
  { Type: 'PortMapping', Settings: { Exceptions: [] } },
  // @ts-expect-error a policy of networks
  { Type: 'VxlanPort', Settings: { Port: 4789 } },
  // @ts-expect-error the name of a protocol
  { Type: 'PortMapping', Settings: { Protocol: 'TCP', InternalPort: 80 } },
];

export const ofNetwork: readonly Hcn.NetworkPolicy[] = [
  { Type: 'HostRoute', Settings: {} },
  { Type: 'VxlanPort', Settings: { Port: 4789 } },
  // @ts-expect-error a setting that is none
  { Type: 'VxlanPort', Settings: { Ports: 4789 } },
];

// So do those of a change.
export const change: Hcn.ModifyNamespaceSettingRequest = {
  ResourceType: 'Endpoint',
  RequestType: 'Add',
  Settings: { EndpointId: id },
};
export const wrongChange: Hcn.ModifyNamespaceSettingRequest = {
  ResourceType: 'Endpoint',
  // @ts-expect-error the setting of a container
  Settings: { ContainerId: id },
};

// Of the older route the settings are beside the type.
export const older: readonly Hns.Policy[] = [
  { Type: 'NAT', Protocol: 'TCP', InternalPort: 80, ExternalPort: 8888 },
  { Type: 'VSID', VSID: 4096 },
  // @ts-expect-error of another policy
  { Type: 'VSID', VLAN: 7 },
];

export const flags: Hcn.HostComputeNetwork = { Flags: 8 };
// @ts-expect-error hosts refuse the names of flags
export const wrongFlags: Hcn.HostComputeNetwork = { Flags: 'EnableNonPersistent' };

export const network: Hcn.HostComputeNetwork = networks.overlay({ name: 'o', subnet: '10.0.0.0/24', vsid: 4096 });
// @ts-expect-error an overlay has a number
networks.overlay({ name: 'o', subnet: '10.0.0.0/24' });
// @ts-expect-error an adapter is of networks that are on one
networks.nat({ name: 'n', adapter: 'Ethernet' });

const of: readonly NetworkOfEndpoint[] = [id, { id }, { ...network, ID: id }];
export const made: readonly Hcn.HostComputeEndpoint[] = of.map((each) => endpoints.of(each, { ports: ['80:8888'] }));
// @ts-expect-error ports are text
endpoints.of(id, { ports: [80] });

export const issues: readonly string[] = validateNetworkDocument(network, {
  hnsVersion: { Major: 15, Minor: 4 },
  known: { network },
}).map(({ path }) => path);
export const hasFlags: boolean | undefined = supportsNetwork('Subnet.Flags', { osBuild: 20348 });
// @ts-expect-error a build number is no options object
supportsNetwork('Subnet.Flags', 20348);
