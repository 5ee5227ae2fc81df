/**
 * The type of a document, from its members: no two types have the same.
 *
 * @module
 */
import type { Members } from '../../documents/check.js';
import { itemsOf, membersOf } from '../../documents/checks/text-forms.js';
import { nameOf } from './schema.js';

const kinds: readonly (readonly [kind: string, members: readonly string[]])[] = [
  ['HostComputeQuery', ['Filter']],
  ['Hns.Response', ['Output']],
  ['Response', ['Success']],
  ['HostComputeLoadBalancer', ['FrontendVIPs', 'SourceVIP', 'PortMappings']],
  ['Hns.PolicyList', ['References', 'IsApplied']],
  ['HostComputeRoute', ['HostComputeEndpoints']],
  ['HostComputeEndpoint', ['HostComputeNetwork', 'IpConfigurations']],
  ['HostComputeNetwork', ['Ipams', 'MacPool']],
  ['GuestNetworkService', ['VirtualMachineId', 'MirrorHostNetworking']],
  ['Hns.EndpointStats', ['BytesReceived', 'PacketsReceived']],
  ['Hns.Endpoint', ['VirtualNetwork', 'VirtualNetworkName', 'IPAddress', 'SharedContainers']],
  ['Hns.EndpointAttachDetachRequest', ['SystemType']],
  ['Hns.Namespace', ['ResourceList', 'IsDefault', 'Containers']],
  ['Hns.Network', ['Subnets', 'MacPools', 'NetworkAdapterName', 'DNSServerList', 'CurrentEndpointCount']],
  ['HostComputeNamespace', ['NamespaceId', 'NamespaceGuid', 'Resources', 'CreateWithCompartment']],
];

const changes = [
  ['ModifyNamespaceSettingRequest', 'NamespaceResourceType'],
  ['ModifyGuestNetworkServiceSettingRequest', 'GuestNetworkServiceResourceType'],
  ['ModifyNetworkSettingRequest', 'NetworkResourceType'],
  ['ModifyEndpointSettingRequest', 'EndpointResourceType'],
] as const;

/** A network where the members do not tell. */
export function kindOfDocument(document: Members): string {
  const { ResourceType, Type } = document;
  if (ResourceType !== undefined) return kindOfChange(document);
  const found = kinds.find(([, members]) => members.some((name) => (document[name] ?? undefined) !== undefined));
  if (found !== undefined) return found[0];
  return Type !== undefined && nameOf('NamespaceType', Type) !== undefined
    ? 'HostComputeNamespace'
    : 'HostComputeNetwork';
}

// Policies of networks and of endpoints have changes of the same resource: their own types tell whose they are.
function kindOfChange({ ResourceType, Settings }: Members): string {
  const policies = itemsOf(membersOf(Settings).Policies).map((item) => membersOf(item).Type);
  const isOfEndpoint = policies.every((type) => type === undefined || nameOf('EndpointPolicyType', type) !== undefined);
  if (nameOf('NetworkResourceType', ResourceType) === 'Policy' && isOfEndpoint) return 'ModifyEndpointSettingRequest';
  const found = changes.find(([, list]) => nameOf(list, ResourceType) !== undefined);
  return found?.[0] ?? 'ModifyNetworkSettingRequest';
}
