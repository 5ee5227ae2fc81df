/**
 * The documents from which the objects of networks are made, and their properties.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import type * as Hns from '../../types/hns/index.js';

/** The document of a new network: of HCN, of the older route, or its JSON text, which is passed on unchanged. */
export type NetworkDocument = Hcn.HostComputeNetwork | Hns.Network | string;

/** The document of a new endpoint: of HCN, of the older route, or its JSON text, which is passed on unchanged. */
export type EndpointDocument = Hcn.HostComputeEndpoint | Hns.Endpoint | string;

/** The properties of an object of the network service: what it was created from, and what the service has added. */
export type Properties<D> = Readonly<D> & { readonly ID: string };

/** The properties of a network. What the service leaves out of them because it is zero, such as the type NAT, is there. */
export type NetworkProperties = Properties<Hcn.HostComputeNetwork>;

/** The properties of an endpoint. `HostComputeNamespace` is left out where it is in none. */
export type EndpointProperties = Properties<Hcn.HostComputeEndpoint>;

/** The properties of a namespace. */
export type NamespaceProperties = Properties<Hcn.HostComputeNamespace>;

/** The properties of a load balancer. */
export type LoadBalancerProperties = Properties<Hcn.HostComputeLoadBalancer>;

/** The properties of a route. */
export type RouteProperties = Properties<Hcn.HostComputeRoute>;

/** Members that must be equal, texts without regard to case. Only those that have one value. */
export type Filter<D> = {
  readonly [K in keyof D as NonNullable<D[K]> extends string | number | boolean ? K : never]?: D[K];
};
