/**
 * The kinds of objects of the network service, and the functions of HCN for each.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import type { CallableName } from '../backend/backend.js';
import type { NetworkObject, NetworkObjectKind } from '../errors/errors.js';
import { isGuid } from '../guid.js';
import { HcsArgumentError } from '../errors/errors.js';

/** The documents of each kind: as they are created, and as the service describes them. */
export interface Documents {
  network: Hcn.HostComputeNetwork;
  endpoint: Hcn.HostComputeEndpoint;
  namespace: Hcn.HostComputeNamespace;
  'load balancer': Hcn.HostComputeLoadBalancer;
  route: Hcn.HostComputeRoute;
}

/** The kinds that live in the service and are reached by their ids. */
export type FamilyKind = keyof Documents;

/** What is known of a kind. */
export interface Family {
  readonly kind: NetworkObjectKind;
  readonly create: CallableName;
  readonly open: CallableName;
  readonly query: CallableName;
  readonly modify: CallableName;
  readonly remove: CallableName;
  readonly enumerate: CallableName;
  /** The output of `enumerate`, and the parameter of the functions that are about one of it. */
  readonly list: string;
  readonly parameter: string;
  /** The types of its document, and of a change. */
  readonly type: string;
  readonly change: string;
  /** The members of a filter that hosts are known to compare, by the names that they compare them under. */
  readonly filters: Readonly<Record<string, string>>;
}

const named = { ID: 'ID', Name: 'Name' };

export const families: Readonly<Record<FamilyKind, Family>> = {
  network: {
    kind: 'network',
    create: 'HcnCreateNetwork',
    open: 'HcnOpenNetwork',
    query: 'HcnQueryNetworkProperties',
    modify: 'HcnModifyNetwork',
    remove: 'HcnDeleteNetwork',
    enumerate: 'HcnEnumerateNetworks',
    list: 'networks',
    parameter: 'network',
    type: 'HostComputeNetwork',
    change: 'ModifyNetworkSettingRequest',
    filters: named,
  },
  endpoint: {
    kind: 'endpoint',
    create: 'HcnCreateEndpoint',
    open: 'HcnOpenEndpoint',
    query: 'HcnQueryEndpointProperties',
    modify: 'HcnModifyEndpoint',
    remove: 'HcnDeleteEndpoint',
    enumerate: 'HcnEnumerateEndpoints',
    list: 'endpoints',
    parameter: 'endpoint',
    type: 'HostComputeEndpoint',
    change: 'ModifyEndpointSettingRequest',
    // Endpoints are compared under the older name of this one; under its own, none is found.
    filters: { ...named, HostComputeNetwork: 'VirtualNetwork' },
  },
  namespace: {
    kind: 'namespace',
    create: 'HcnCreateNamespace',
    open: 'HcnOpenNamespace',
    query: 'HcnQueryNamespaceProperties',
    modify: 'HcnModifyNamespace',
    remove: 'HcnDeleteNamespace',
    enumerate: 'HcnEnumerateNamespaces',
    list: 'namespaces',
    parameter: 'namespace',
    type: 'HostComputeNamespace',
    change: 'ModifyNamespaceSettingRequest',
    filters: { ID: 'ID' },
  },
  'load balancer': {
    kind: 'load balancer',
    create: 'HcnCreateLoadBalancer',
    open: 'HcnOpenLoadBalancer',
    query: 'HcnQueryLoadBalancerProperties',
    modify: 'HcnModifyLoadBalancer',
    remove: 'HcnDeleteLoadBalancer',
    enumerate: 'HcnEnumerateLoadBalancers',
    list: 'loadBalancers',
    parameter: 'loadBalancer',
    type: 'HostComputeLoadBalancer',
    change: 'HostComputeLoadBalancer',
    filters: { ID: 'ID' },
  },
  route: {
    kind: 'route',
    create: 'HcnCreateSdnRoute',
    open: 'HcnOpenSdnRoute',
    query: 'HcnQuerySdnRouteProperties',
    modify: 'HcnModifySdnRoute',
    remove: 'HcnDeleteSdnRoute',
    enumerate: 'HcnEnumerateSdnRoutes',
    list: 'routes',
    parameter: 'route',
    type: 'HostComputeRoute',
    change: 'HostComputeRoute',
    filters: { ID: 'ID' },
  },
};

/** The one form of an id: the service gives them in either case. */
export function checkObjectId(field: string, id: unknown): string {
  if (isGuid(id)) return id.toLowerCase();
  throw new HcsArgumentError(field, 'must be a GUID of 36 characters, without braces', id);
}

/** What errors say that a call is about. */
export function subjectOf({ kind }: Family, id: string): { readonly object: NetworkObject } {
  return { object: { kind, id } };
}
