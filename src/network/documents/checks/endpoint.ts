/**
 * Rules for endpoints and their addresses.
 *
 * @module
 */
import type { Check, CheckContext, Members } from '../../../documents/check.js';
import { isText, itemsOf, membersOf, numberOf } from '../../../documents/checks/text-forms.js';
import type { Path } from '../../../documents/issue.js';
import type { IpAddress, IpPrefix } from '../addresses.js';
import { contains, isSame, isUsable, parseAddress, parsePrefix, prefixText, widthOf } from '../addresses.js';
import { factsOf } from '../facts.js';
import { modeOf, nameOf } from '../schema.js';
import { checkAddress, checkMac } from './forms.js';
import type { Mapping } from './mappings.js';
import { checkClashes, clashIn, mappingModes } from './mappings.js';

const remoteEndpoint = 1;

const noGuid = '00000000-0000-0000-0000-000000000000';

const checkEndpoint: Check = (members, context) => {
  const { HostComputeNamespace, MacAddress, IpConfigurations, Policies, Version } = members;
  checkMac(MacAddress, ['MacAddress'], context);
  // Answers have a version; the caller of none gives one.
  if (isText(HostComputeNamespace) && HostComputeNamespace !== noGuid && Version === undefined) {
    context.report('endpoint-namespace', 'must not be set', HostComputeNamespace, ['HostComputeNamespace']);
  }
  checkMappings(Policies, context);
  // The address of an endpoint on another host is of a subnet there.
  const isRemote = ((numberOf(members.Flags) ?? 0) & remoteEndpoint) !== 0;
  const subnets = isRemote ? [] : subnetsOf(factsOf(context).network);
  itemsOf(IpConfigurations).forEach((item, index) => {
    const { IpAddress: text, PrefixLength } = membersOf(item);
    const address = isText(text) ? parseAddress(text) : undefined;
    const below: Path = ['IpConfigurations', index];
    if (address !== undefined && subnets.length > 0) checkPlace(address, text, PrefixLength, subnets, below, context);
  });
};

const checkIpConfig: Check = ({ IpAddress: text, PrefixLength }, context) => {
  const address = checkAddress(text, ['IpAddress'], context);
  const bits = numberOf(PrefixLength);
  if (address === undefined || bits === undefined || bits <= widthOf(address)) return;
  context.report('ip-prefix', `must be from 0 to ${widthOf(address)}`, PrefixLength, ['PrefixLength']);
};

/** A subnet of the network, and its gateways. */
export interface KnownSubnet {
  readonly prefix: IpPrefix;
  readonly gateways: readonly IpAddress[];
}

/** The subnets of a network that is known, of either route. */
export function subnetsOf(network: object | undefined): KnownSubnet[] {
  const { Ipams, Subnets } = membersOf(network);
  const newer = itemsOf(Ipams).flatMap((ipam) => itemsOf(membersOf(ipam).Subnets));
  return [...newer, ...itemsOf(Subnets)].flatMap((item) => {
    const { IpAddressPrefix, AddressPrefix = IpAddressPrefix, GatewayAddress, Routes } = membersOf(item);
    const prefix = isText(AddressPrefix) ? parsePrefix(AddressPrefix) : undefined;
    if (prefix === undefined) return [];
    const gateways = [GatewayAddress, ...itemsOf(Routes).map((route) => membersOf(route).NextHop)];
    return [{ prefix, gateways: gateways.flatMap((text) => (isText(text) ? (parseAddress(text) ?? []) : [])) }];
  });
}

function checkPlace(
  address: IpAddress,
  text: unknown,
  bits: unknown,
  subnets: readonly KnownSubnet[],
  below: Path,
  context: CheckContext,
): void {
  const place = [...below, 'IpAddress'];
  const subnet = subnets.find(({ prefix }) => contains(prefix, address));
  if (subnet === undefined) {
    const some = subnets.slice(0, 4).map(({ prefix }) => prefixText(prefix));
    const all = some.join(' or ');
    context.report('endpoint-address', `must be an address of ${all}`, text, place);
  } else if (subnet.gateways.some((gateway) => isSame(gateway, address))) {
    context.report('endpoint-address', 'must not be that of the gateway', text, place);
  } else if (!isUsable(subnet.prefix, address)) {
    context.report('endpoint-address', 'must be neither the first nor the last address of the subnet', text, place);
  } else if (numberOf(bits) !== undefined && numberOf(bits)! < subnet.prefix.bits) {
    const requirement = `must be ${subnet.prefix.bits} or more, as in the subnet` as const;
    context.report('endpoint-address', requirement, bits, [...below, 'PrefixLength'], 'warning');
  }
}

function checkMappings(policies: unknown, context: CheckContext): void {
  const { network } = factsOf(context);
  const found = itemsOf(policies).flatMap((item, index) => {
    const { Type, Settings } = membersOf(item);
    return nameOf('EndpointPolicyType', Type) === 'PortMapping' ? [{ settings: membersOf(Settings), index }] : [];
  });
  checkClashes(found.map(mappingOf), clashIn(context));
  const mode = network === undefined ? undefined : modeOf(network.Type);
  if (mode === undefined) return;
  for (const { settings, index } of found) {
    const below: Path = ['Policies', index];
    if (!mappingModes.includes(mode)) {
      context.report('mapping-on-network', `must not be PortMapping on a network of type ${mode}`, 'PortMapping', [
        ...below,
        'Type',
      ]);
    } else if (mode === 'L2Bridge' && ((numberOf(settings.Flags) ?? 0) & 1) === 0) {
      context.report(
        'mapping-on-network',
        'must have 1 on an L2Bridge network',
        settings.Flags,
        [...below, 'Settings', 'Flags'],
        'warning',
      );
    }
  }
}

function mappingOf({ settings, index }: { readonly settings: Members; readonly index: number }): Mapping {
  return {
    protocol: nameOf('ProtocolType', settings.Protocol) ?? settings.Protocol,
    externalPort: settings.ExternalPort,
    address: settings.VIP,
    isIpv6: ((numberOf(settings.Flags) ?? 0) & 2) !== 0,
    below: ['Policies', index, 'Settings', 'ExternalPort'],
  };
}

export const endpointChecks: Readonly<Record<string, Check>> = {
  HostComputeEndpoint: checkEndpoint,
  IpConfig: checkIpConfig,
  PolicyEndpointRequest: ({ Policies }, context) => checkMappings(Policies, context),
};
