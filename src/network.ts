/**
 * Networks: what the network service of Windows has (networks, endpoints, namespaces, load balancers, routes), its notifications, and
 * the older route to it; builders that make documents for it, and the validator, which says what the service would refuse.
 *
 * @packageDocumentation
 */
export type {
  AclOptions,
  AclProtocol,
  BridgeOptions,
  DnsOptions,
  EndpointOptions,
  InternalOptions,
  NatOptions,
  NetworkDocumentOptions,
  NetworkOfEndpoint,
  OverlayOptions,
  RemoteSubnetOptions,
  TransparentOptions,
} from './network/documents/builders.js';
export { endpoints, networks } from './network/documents/builders.js';
export type { KnownNetworkFacts, NetworkHostFacts } from './network/documents/facts.js';
export type { FeatureName, HnsVersion } from './network/documents/features.js';
export { supportsNetwork } from './network/documents/supports.js';
export type { ValidateNetworkOptions } from './network/documents/validate.js';
export { validateNetworkDocument } from './network/documents/validate.js';
export type { ContainerAttachment } from './network/attach-container.js';
export { attachContainer } from './network/attach-container.js';
export type { DetachOptions } from './network/endpoint.js';
export { Endpoint } from './network/endpoint.js';
export type {
  CreateGuestNetworkServiceOptions,
  GuestNetworkServiceProperties,
  ModifyGuestNetworkServiceOptions,
  NetworkNotificationsOptions,
} from './network/guest-network-service.js';
export { GuestNetworkService } from './network/guest-network-service.js';
export type { HnsEndpoints, HnsMethod, HnsNamespaces, HnsObjects, HnsRoute } from './network/hns.js';
export { hns } from './network/hns.js';
export { LoadBalancer } from './network/load-balancer.js';
export { Namespace } from './network/namespace.js';
export type { NetworkEvent, NetworkEventType } from './network/network-event.js';
export type { NetworkEvents, NetworkEventsOptions } from './network/network-events.js';
export { networkEvents } from './network/network-events.js';
export type { NetworkFeatures } from './network/network-features.js';
export { networkFeatures } from './network/network-features.js';
export type { ModifyObjectOptions, ServiceObject } from './network/network-object.js';
export type { CreateObjectOptions } from './network/object-methods.js';
export { Network } from './network/network.js';
export type { PortOptions, PortReservation, ReservedPorts } from './network/port-reservation.js';
export type { Documents, FamilyKind } from './network/object-families.js';
export type {
  EndpointDocument,
  EndpointProperties,
  Filter,
  LoadBalancerProperties,
  NamespaceProperties,
  NetworkDocument,
  NetworkProperties,
  Properties,
  RouteProperties,
} from './network/properties.js';
export { Route } from './network/route.js';
export type * as Hcn from '../types/hcn/index.js';
export type * as Hns from '../types/hns/index.js';
