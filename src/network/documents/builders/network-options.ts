/**
 * What can be asked of a network.
 *
 * @module
 */
import type * as Hcn from '../../../../types/hcn/index.js';
import type { Check, Members } from '../../../documents/builders/option-checks.js';
import { flag, list, matching, members, record, text, whole } from '../../../documents/builders/option-checks.js';
import { parseAddress, parsePrefix } from '../addresses.js';
import { canonicalMac } from '../mac-addresses.js';

/** Names and servers. */
export interface DnsOptions {
  /** The suffix of the connection. */
  readonly domain?: string;
  /** Suffixes that are tried. */
  readonly search?: readonly string[];
  /** Addresses of servers. */
  readonly servers?: readonly string[];
  readonly options?: readonly string[];
}

/** Options of every network. */
export interface NetworkDocumentOptions {
  /** Unique on the host. */
  readonly name: string;
  /** Such as `192.168.100.0/24`; of two families, one each. */
  readonly subnet?: string | readonly string[];
  /** In the order of the subnets; the address after the first of each when left out, but none for an internal network. */
  readonly gateway?: string | readonly string[];
  readonly dns?: DnsOptions;
  /** The MAC addresses of its endpoints, both ends included; the service chooses when left out. */
  readonly macPool?: { readonly first: string; readonly last: string };
  /** Free text by which a program finds its own networks again; `hostcompute` when left out. */
  readonly owner?: string;
  /** Whether it outlives a restart of the host; what the service does for its kind when left out. */
  readonly persistent?: boolean;
  /** Further members in the spelling of HCN; they replace those that follow from the options. */
  readonly more?: Hcn.HostComputeNetwork;
}

/** Options of a NAT network: behind the host. */
export type NatOptions = NetworkDocumentOptions;

/** Options of an internal network: endpoints and the host, and nothing else. */
export type InternalOptions = NetworkDocumentOptions;

/** Options of networks that are on an adapter of the host. */
export interface OnAdapterOptions extends NetworkDocumentOptions {
  /** The name of the adapter, such as `Ethernet`; the service chooses one that is free when left out. */
  readonly adapter?: string;
}

/** Options of a transparent network: on the physical network. Without a subnet a DHCP server there gives out the addresses. */
export interface TransparentOptions extends OnAdapterOptions {
  readonly vlan?: number;
}

/** Options of an L2Bridge network: on the physical network, with the MAC of the host. */
export interface BridgeOptions extends OnAdapterOptions {
  readonly subnet: string | readonly string[];
  readonly vlan?: number;
}

/** A subnet of an overlay that is on another host. */
export interface RemoteSubnetOptions {
  readonly subnet: string;
  /** Its number in the overlay. */
  readonly vsid: number;
  /** The address of the other host. */
  readonly host: string;
  /** The MAC of the router there. */
  readonly routerMac: string;
}

/** Options of an overlay: a network over several hosts. */
export interface OverlayOptions extends OnAdapterOptions {
  readonly subnet: string | readonly string[];
  /** The number of the subnets in the overlay, such as 4096. */
  readonly vsid: number;
  /** The UDP port; HNS 10.3. */
  readonly vxlanPort?: number;
  readonly remoteSubnets?: readonly RemoteSubnetOptions[];
  /** Lets containers reach their own host. */
  readonly hostRoute?: boolean;
}

const address = matching((given) => parseAddress(given) !== undefined, 'must be an IPv4 or IPv6 address');
const prefix = matching((given) => parsePrefix(given) !== undefined, 'must be a prefix such as "192.168.100.0/24"');

/** A MAC address, with dashes, colons or nothing between its bytes. */
export const mac = matching(
  (given) => canonicalMac(given) !== undefined,
  'must be a MAC address such as "00-15-5D-52-C0-00"',
);

/** One or several. */
export function oneOrMore(check: Check): Check {
  return (value, field) => (Array.isArray(value) ? list(check) : check)(value, field);
}

export const dnsChecks: Members<DnsOptions> = {
  domain: text,
  search: list(text),
  servers: list(address),
  options: list(text),
};

export const networkChecks: Members<NetworkDocumentOptions> = {
  name: text,
  subnet: oneOrMore(prefix),
  gateway: oneOrMore(address),
  dns: members<DnsOptions>(dnsChecks),
  macPool: members<{ first: string; last: string }>({ first: mac, last: mac }, 'first', 'last'),
  owner: text,
  persistent: flag,
  more: record(() => undefined),
};

const onAdapter: Members<OnAdapterOptions> = { ...networkChecks, adapter: text };
const vlan = whole(0, 4094);
const vsid = whole(0, 2 ** 24 - 1);

export const plainCheck = members<NatOptions>(networkChecks, 'name');

export const transparentCheck = members<TransparentOptions>({ ...onAdapter, vlan }, 'name');

export const bridgeCheck = members<BridgeOptions>({ ...onAdapter, vlan }, 'name', 'subnet');

export const overlayCheck = members<OverlayOptions>(
  {
    ...onAdapter,
    vsid,
    vxlanPort: whole(1, 65_535),
    remoteSubnets: list(
      members<RemoteSubnetOptions>(
        { subnet: prefix, vsid, host: address, routerMac: mac },
        ...(['subnet', 'vsid', 'host', 'routerMac'] as const),
      ),
    ),
    hostRoute: flag,
  },
  ...(['name', 'subnet', 'vsid'] as const),
);
