/**
 * What makes documents of networks and of endpoints from options. What is returned is a plain object in the spelling of HCN.
 *
 * @module
 */
export * as endpoints from './builders/endpoints.js';
export * as networks from './builders/networks.js';
export type { AclOptions, AclProtocol } from './builders/acl.js';
export type { EndpointOptions, NetworkOfEndpoint } from './builders/endpoints.js';
export type {
  BridgeOptions,
  DnsOptions,
  InternalOptions,
  NatOptions,
  NetworkDocumentOptions,
  OverlayOptions,
  RemoteSubnetOptions,
  TransparentOptions,
} from './builders/network-options.js';
