/**
 * Networks: builders that make documents for the network service of Windows (HCN, and the older route, HNS), and the validator,
 * which says what the service would refuse.
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
export type * as Hcn from '../types/hcn/index.js';
export type * as Hns from '../types/hns/index.js';
