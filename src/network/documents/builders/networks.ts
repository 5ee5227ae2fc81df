/**
 * Documents of networks, a function for each kind.
 *
 * @module
 */
import type * as Hcn from '../../../../types/hcn/index.js';
import type { Check } from '../../../documents/builders/option-checks.js';
import { checkedOptions, without } from '../../../documents/builders/option-checks.js';
import { defaultOwner, given } from '../../../documents/builders/given.js';
import { HcsArgumentError } from '../../../errors/errors.js';
import type { IpAddress, IpPrefix } from '../addresses.js';
import {
  addressText,
  contains,
  gatewayOf,
  isUsable,
  overlaps,
  parseAddress,
  parsePrefix,
  prefixText,
} from '../addresses.js';
import { canonicalMac } from '../mac-addresses.js';
import type {
  BridgeOptions,
  InternalOptions,
  NatOptions,
  NetworkDocumentOptions,
  OnAdapterOptions,
  OverlayOptions,
  TransparentOptions,
} from './network-options.js';
import { dnsOf, schema20 } from './members.js';
import { bridgeCheck, overlayCheck, plainCheck, transparentCheck } from './network-options.js';

const nonPersistent = 8;
const persistent = 16;

/**
 * A NAT network: containers behind the host, whose ports lead to theirs.
 *
 * @example
 * const web = networks.nat({ name: 'web', subnet: '192.168.100.0/24' });
 * console.log(web.Ipams?.[0]?.Subnets?.[0]?.Routes?.[0]?.NextHop); // 192.168.100.1
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function nat(options: NatOptions): Hcn.HostComputeNetwork {
  const checked = checkedOptions(options, plainCheck);
  return networkOf('NAT', checked, subnetsOf(checked, isSingle));
}

/**
 * A transparent network: containers on the physical network, each with a MAC address of its own. Without a subnet a DHCP server of
 * the physical network gives out the addresses.
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function transparent(options: TransparentOptions): Hcn.HostComputeNetwork {
  const checked = checkedOptions(options, transparentCheck);
  if (checked.vlan !== undefined && checked.subnet === undefined) {
    throw new HcsArgumentError(
      'options.vlan',
      'must be combined with subnet',
      checked.vlan,
      'A VLAN is that of a subnet.',
    );
  }
  const subnets = subnetsOf(checked, isSingle, vlanOf(checked.vlan));
  const network = networkOf('Transparent', checked, subnets, adapterOf(checked));
  return subnets.length > 0 ? network : { ...network, Ipams: [{ Type: 'Dhcp' }] };
}

/**
 * An L2Bridge network: containers on the physical network, all with the MAC address of the host.
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function l2bridge(options: BridgeOptions): Hcn.HostComputeNetwork {
  const checked = checkedOptions(options, bridgeCheck);
  return networkOf('L2Bridge', checked, subnetsOf(checked, isSeveral, vlanOf(checked.vlan)), adapterOf(checked));
}

/**
 * An overlay: a network over several hosts, by VXLAN.
 *
 * @example
 * const pods = networks.overlay({ name: 'pods', subnet: '10.244.3.0/24', vsid: 4096 });
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function overlay(options: OverlayOptions): Hcn.HostComputeNetwork {
  const checked = checkedOptions(options, overlayCheck);
  const { vsid, vxlanPort, remoteSubnets = [], hostRoute } = checked;
  const policies: Hcn.NetworkPolicy[] = [
    ...adapterOf(checked),
    ...(vxlanPort === undefined ? [] : [{ Type: 'VxlanPort', Settings: { Port: vxlanPort } } as const]),
    ...(hostRoute === true ? [{ Type: 'HostRoute', Settings: {} } as const] : []),
    ...remoteSubnets.map(
      ({ subnet, vsid: IsolationId, host, routerMac }) =>
        ({
          Type: 'RemoteSubnetRoute',
          Settings: {
            DestinationPrefix: prefixText(parsePrefix(subnet)!),
            IsolationId,
            ProviderAddress: host,
            DistributedRouterMacAddress: canonicalMac(routerMac)!,
          },
        }) as const,
    ),
  ];
  const own: Hcn.SubnetPolicy = { Type: 'VSID', Settings: { IsolationId: vsid } };
  return networkOf('Overlay', checked, subnetsOf(checked, isSeveral, [own]), policies);
}

/**
 * An internal network: containers and the host, and nothing else.
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function internal(options: InternalOptions): Hcn.HostComputeNetwork {
  const checked = checkedOptions(options, plainCheck);
  const subnets = subnetsOf(checked, isSingle);
  // Nothing is behind it: without a gateway of the caller's there is no route.
  const routed = checked.gateway === undefined ? subnets.map((subnet) => without(subnet, 'Routes')) : subnets;
  return networkOf('Internal', checked, routed);
}

function networkOf(
  Type: Hcn.NetworkMode,
  options: NetworkDocumentOptions,
  Subnets: readonly Hcn.Subnet[],
  Policies: readonly Hcn.NetworkPolicy[] = [],
): Hcn.HostComputeNetwork {
  const { name, owner = defaultOwner, dns, macPool, more } = options;
  return {
    Name: name,
    Type,
    Owner: owner,
    ...given('Ipams', Subnets.length > 0 ? [{ Type: 'Static' as const, Subnets }] : undefined),
    ...given('MacPool', macPool && poolOf(macPool)),
    ...given('Dns', dns && dnsOf(dns)),
    ...given('Policies', Policies.length > 0 ? Policies : undefined),
    ...given('Flags', flagsOf(options)),
    SchemaVersion: schema20,
    ...more,
  };
}

function flagsOf({ persistent: isPersistent }: NetworkDocumentOptions): number | undefined {
  if (isPersistent === undefined) return undefined;
  return isPersistent ? persistent : nonPersistent;
}

function poolOf({ first, last }: NetworkDocumentOptions['macPool'] & object): Hcn.MacPool {
  const range = { StartMacAddress: canonicalMac(first)!, EndMacAddress: canonicalMac(last)! };
  if (range.StartMacAddress <= range.EndMacAddress) return { Ranges: [range] };
  throw new HcsArgumentError('options.macPool.last', `must not be before ${range.StartMacAddress}`, last);
}

function adapterOf({ adapter }: OnAdapterOptions): Hcn.NetworkPolicy[] {
  if (adapter === undefined) return [];
  if (!adapter.startsWith('vEthernet')) return [{ Type: 'NetAdapterName', Settings: { NetworkAdapterName: adapter } }];
  const remedy = 'Name the adapter that the virtual one is on, or leave it out.';
  throw new HcsArgumentError('options.adapter', 'must not be a virtual adapter', adapter, remedy);
}

function vlanOf(vlan: number | undefined): Hcn.SubnetPolicy[] {
  return vlan === undefined ? [] : [{ Type: 'VLAN', Settings: { IsolationId: vlan } }];
}

// What a kind of network wants of its subnets together.
const isSeveral: Check = () => undefined;
const isSingle: Check = (value, field) => {
  const prefixes = value as readonly IpPrefix[];
  const second = prefixes.findIndex(
    ({ family }, index) => prefixes.findIndex((each) => each.family === family) < index,
  );
  if (second < 0) return;
  const remedy = 'Networks of this kind have one subnet of IPv4 and one of IPv6 at the most.';
  throw new HcsArgumentError(
    `${field}[${second}]`,
    'must be the only subnet of its family',
    prefixText(prefixes[second]!),
    remedy,
  );
};

function subnetsOf(
  { subnet = [], gateway = [] }: NetworkDocumentOptions,
  together: Check,
  Policies: readonly Hcn.SubnetPolicy[] = [],
): Hcn.Subnet[] {
  const subnets = [subnet].flat();
  const gateways = [gateway].flat();
  const prefixes = subnets.map((text) => parsePrefix(text)!);
  const [clash] = overlaps(prefixes);
  if (clash !== undefined) {
    const [later, earlier] = clash;
    const requirement = `must not overlap ${prefixText(prefixes[earlier]!)}` as const;
    throw new HcsArgumentError(`options.subnet[${later}]`, requirement, subnets[later]);
  }
  together(prefixes, 'options.subnet');
  if (gateways.length > prefixes.length) {
    throw new HcsArgumentError('options.gateway', 'must have no more than one for each subnet', gateway);
  }
  return prefixes.map((prefix, index) => {
    const field = Array.isArray(gateway) ? `options.gateway[${index}]` : 'options.gateway';
    const text = gateways[index];
    const hop = text === undefined ? gatewayOf(prefix) : checkedGateway(parseAddress(text)!, prefix, field);
    return {
      IpAddressPrefix: prefixText(prefix),
      Routes: [{ NextHop: addressText(hop), DestinationPrefix: prefix.family === 4 ? '0.0.0.0/0' : '::/0' }],
      ...given('Policies', Policies.length > 0 ? Policies : undefined),
    };
  });
}

function checkedGateway(address: IpAddress, prefix: IpPrefix, field: string): IpAddress {
  if (contains(prefix, address) && isUsable(prefix, address)) return address;
  const remedy = `${addressText(gatewayOf(prefix))} is what is taken when it is left out.`;
  throw new HcsArgumentError(field, `must be an address of ${prefixText(prefix)}`, addressText(address), remedy);
}
