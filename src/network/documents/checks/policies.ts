/**
 * Rules for the settings of policies, and for load balancers, which are much the same.
 *
 * @module
 */
import type { Check, CheckContext, Members } from '../../../documents/check.js';
import { isText, itemsOf, membersOf } from '../../../documents/checks/text-forms.js';
import { notShown } from '../../../errors/errors.js';
import type { IpAddress } from '../addresses.js';
import { parsePrefix } from '../addresses.js';
import { nameOf } from '../schema.js';
import { checkAddress, checkMac, checkPrefix, checkPrefixOrAddress, isPort, isPortRange, partsOf } from './forms.js';
import { checkClashes, checkInternalPort, clashIn } from './mappings.js';

const checkPortMapping: Check = ({ Protocol, InternalPort, VIP }, context) => {
  checkInternalPort(InternalPort, context);
  checkProtocol(Protocol, context);
  checkAddress(VIP, ['VIP'], context);
};

function checkProtocol(protocol: unknown, context: CheckContext): void {
  const name = nameOf('ProtocolType', protocol);
  if (name === 'TCP' || name === 'UDP' || (protocol !== undefined && name === undefined)) return;
  context.report('mapping-protocol', 'must be 6 for TCP or 17 for UDP', protocol, ['Protocol']);
}

/** A rule of an ACL, in either route. */
export const checkAcl: Check = (members, context) => {
  for (const name of ['Action', 'Direction'] as const) {
    if (members[name] === undefined) context.report('acl-rule', `must have ${name}`, notShown);
  }
  checkTuple(members, context);
};

const checkTierRule: Check = (members, context) => {
  if (members.TierAclRuleAction === undefined) context.report('acl-rule', 'must have TierAclRuleAction', notShown);
  checkTuple(members, context);
};

// 256 stands for every protocol.
function isProtocolNumber(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 256;
}

// Addresses may also be ids of sets.
function isAddressText(text: string): boolean {
  return text.includes('/') ? parsePrefix(text) !== undefined : text !== '';
}

const lists = [
  ['Protocols', isProtocolNumber, 'must be numbers of protocols with commas between them'],
  ['LocalAddresses', isAddressText, 'must be addresses or prefixes with commas between them'],
  ['RemoteAddresses', isAddressText, 'must be addresses or prefixes with commas between them'],
  ['LocalPorts', isPortRange, 'must be ports or ranges with commas between them'],
  ['RemotePorts', isPortRange, 'must be ports or ranges with commas between them'],
] as const;

function checkTuple(members: Members, context: CheckContext): void {
  for (const [name, fits, requirement] of lists) {
    if (!partsOf(members[name]).every(fits)) context.report('acl-rule', requirement, members[name], [name]);
  }
}

const checkL4Proxy: Check = ({ IP, Port, ExceptionList, Exceptions }, context) => {
  checkAddress(IP, ['IP'], context);
  checkProxyPort(Port, 'Port', context);
  checkPrefixes(ExceptionList, 'ExceptionList', context);
  checkPrefixes(Exceptions, 'Exceptions', context);
};

function checkProxyPort(port: unknown, name: string, context: CheckContext): void {
  if (isText(port) && !isPort(port))
    context.report('proxy-port', 'must be a port from 1 to 65535, as text', port, [name]);
}

function checkPrefixes(list: unknown, name: string, context: CheckContext): void {
  itemsOf(list).forEach((item, index) => checkPrefixOrAddress(item, [name, index], context));
}

const checkOutboundNat: Check = ({ VirtualIP, Exceptions, Destinations }, context) => {
  checkAddress(VirtualIP, ['VirtualIP'], context);
  checkPrefixes(Exceptions, 'Exceptions', context);
  checkPrefixes(Destinations, 'Destinations', context);
};

const checkSdnRoute: Check = ({ DestinationPrefix, NextHop }, context) => {
  checkPrefix(DestinationPrefix, ['DestinationPrefix'], context);
  checkAddress(NextHop, ['NextHop'], context);
};

const checkRemoteSubnet: Check = ({ DestinationPrefix, ProviderAddress, DistributedRouterMacAddress }, context) => {
  checkPrefix(DestinationPrefix, ['DestinationPrefix'], context);
  checkAddress(ProviderAddress, ['ProviderAddress'], context);
  checkMac(DistributedRouterMacAddress, ['DistributedRouterMacAddress'], context);
};

const checkProviderAddress: Check = ({ ProviderAddress }, context) =>
  void checkAddress(ProviderAddress, ['ProviderAddress'], context);

const checkLoadBalancer: Check = ({ PortMappings, SourceVIP, FrontendVIPs }, context) => {
  if (itemsOf(PortMappings).length === 0) context.report('load-balancer', 'must have PortMappings', notShown);
  const source = checkAddress(SourceVIP, ['SourceVIP'], context);
  itemsOf(FrontendVIPs).forEach((text, index) => {
    const address = checkAddress(text, ['FrontendVIPs', index], context);
    checkFamily(address, source, text, ['FrontendVIPs', index], context);
  });
  const mappings = itemsOf(PortMappings).map((item, index) => {
    const { Protocol, ExternalPort } = membersOf(item);
    return { protocol: Protocol, externalPort: ExternalPort, below: ['PortMappings', index, 'ExternalPort'] };
  });
  checkClashes(mappings, clashIn(context));
};

function checkFamily(
  address: IpAddress | undefined,
  source: IpAddress | undefined,
  text: unknown,
  below: readonly (string | number)[],
  context: CheckContext,
): void {
  if (address === undefined || source === undefined || address.family === source.family) return;
  context.report('load-balancer', `must be an IPv${source.family} address, as SourceVIP is`, text, below);
}

export const policyChecks: Readonly<Record<string, Check>> = {
  PortMappingPolicySetting: checkPortMapping,
  LoadBalancerPortMapping: ({ Protocol, InternalPort }, context) => {
    checkInternalPort(InternalPort, context);
    checkProtocol(Protocol, context);
  },
  HostComputeLoadBalancer: checkLoadBalancer,
  AclPolicySetting: checkAcl,
  NetworkAclPolicySetting: checkAcl,
  TierAclRule: checkTierRule,
  FiveTuple: (members, context) => checkTuple(members, context),
  L4ProxyPolicySetting: checkL4Proxy,
  L4WfpProxyPolicySetting: ({ InboundProxyPort, OutboundProxyPort }, context) => {
    checkProxyPort(InboundProxyPort, 'InboundProxyPort', context);
    checkProxyPort(OutboundProxyPort, 'OutboundProxyPort', context);
  },
  OutboundNatPolicySetting: checkOutboundNat,
  SDNRoutePolicySetting: checkSdnRoute,
  RemoteSubnetRoutePolicySetting: checkRemoteSubnet,
  ProviderAddressEndpointPolicySetting: checkProviderAddress,
  ProviderAddressNetworkPolicySetting: checkProviderAddress,
};
