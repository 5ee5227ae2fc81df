/**
 * Rules for networks.
 *
 * @module
 */
import type { Check, CheckContext, Members } from '../../../documents/check.js';
import { isText, itemsOf, membersOf, numberOf } from '../../../documents/checks/text-forms.js';
import type { Path } from '../../../documents/issue.js';
import { notShown } from '../../../errors/errors.js';
import { modeOf, nameOf } from '../schema.js';
import { checkAddress, checkMac, checkPrefix } from './forms.js';
import type { SubnetPlace } from './subnets.js';
import { checkBlocks, checkRoutes, checkTogether, placesOf } from './subnets.js';

/** Kinds of networks whose endpoints are reached without a gateway. */
const withoutGateway = ['Private', 'Internal', 'Mirrored', 'Infiniband'];

/** Kinds of networks that are on an adapter of the host. */
const withAdapter = ['Transparent', 'L2Bridge', 'L2Tunnel', 'Overlay', 'Mirrored', 'Infiniband'];

/** Policies that only some kinds of networks have. */
const policyModes: Readonly<Record<string, readonly string[]>> = {
  RemoteSubnetRoute: ['Overlay'],
  HostRoute: ['Overlay'],
  VxlanPort: ['Overlay'],
  DrMacAddress: ['Overlay'],
  NetAdapterName: withAdapter,
};

const checkNetwork: Check = (members, context) => {
  const { Type, Ipams, Policies } = members;
  const mode = modeOf(Type);
  const placesOfIpams = itemsOf(Ipams).map((item, index) =>
    placesOf(membersOf(item).Subnets, 'IpAddressPrefix', ['Ipams', index, 'Subnets']),
  );
  const places = placesOfIpams.flat();
  checkTogether(places, mode, context, 'IpAddressPrefix');
  itemsOf(Ipams).forEach((item, index) => {
    const { Type: ipam } = membersOf(item);
    const isDhcp = nameOf('IpamType', ipam) === 'Dhcp';
    if (isDhcp && mode === 'L2Bridge') {
      context.report('static-addresses', 'must be Static on an L2Bridge network', ipam, ['Ipams', index, 'Type']);
    }
    if (isDhcp || mode === undefined || withoutGateway.includes(mode)) return;
    for (const place of placesOfIpams[index]!) checkDefaultRoute(place, context);
  });
  for (const { members: subnet, below } of places) checkVsid(subnet.Policies, mode, 'Settings', below, context);
  itemsOf(Policies).forEach((item, index) =>
    checkPolicyMode(membersOf(item).Type, mode, ['Policies', index, 'Type'], context),
  );
};

function checkDefaultRoute({ prefix, members, below }: SubnetPlace, context: CheckContext): void {
  if (prefix === undefined) return;
  const destinations = itemsOf(members.Routes).map((item) => membersOf(item).DestinationPrefix);
  if (destinations.some((destination) => destination === '0.0.0.0/0' || destination === '::/0')) return;
  const wanted = prefix.family === 4 ? '0.0.0.0/0' : '::/0';
  context.report('default-route', `must have a route to ${wanted}`, notShown, [...below, 'Routes']);
}

/** A subnet of an overlay has a VSID, and no other one has: in settings of its own, or beside the type. */
export function checkVsid(
  policies: unknown,
  mode: string | undefined,
  where: 'Settings' | 'flat',
  below: Path,
  context: CheckContext,
): void {
  if (mode === undefined) return;
  const isVsid = (item: unknown): boolean => String(membersOf(item).Type).toUpperCase() === 'VSID';
  const at = itemsOf(policies).findIndex(isVsid);
  if (mode === 'Overlay' && at < 0) {
    context.report('isolation', 'must have a VSID in an Overlay network', notShown, [...below, 'Policies']);
  } else if (mode !== 'Overlay' && at >= 0 && where === 'Settings') {
    context.report('isolation', `must not be VSID in a network of type ${mode}`, 'VSID', [
      ...below,
      'Policies',
      at,
      'Type',
    ]);
  }
}

function checkPolicyMode(type: unknown, mode: string | undefined, below: Path, context: CheckContext): void {
  const name = nameOf('NetworkPolicyType', type);
  const modes = name === undefined ? undefined : policyModes[name];
  if (name === undefined || modes === undefined || mode === undefined || modes.includes(mode)) return;
  context.report('policy-of-network', `must not be used in a network of type ${mode}`, type, below);
}

const checkSubnet: Check = (members, context) => {
  const prefix = checkBlocks(members, 'IpAddressPrefix', context);
  checkRoutes(members.Routes, prefix, context);
};

// The gateway of a default route is looked at with its subnet.
const checkRoute: Check = ({ NextHop, DestinationPrefix }, context) => {
  const destination = checkPrefix(DestinationPrefix, ['DestinationPrefix'], context);
  if (destination?.bits !== 0) checkAddress(NextHop, ['NextHop'], context);
};

/** A range of MAC addresses. */
export const checkMacRange: Check = ({ StartMacAddress, EndMacAddress }, context) => {
  checkMac(StartMacAddress, ['StartMacAddress'], context);
  checkMac(EndMacAddress, ['EndMacAddress'], context);
  if (!isText(StartMacAddress) || !isText(EndMacAddress)) return;
  if (EndMacAddress.toUpperCase() >= StartMacAddress.toUpperCase()) return;
  context.report('mac-address', `must not be before ${StartMacAddress}`, EndMacAddress, ['EndMacAddress']);
};

/** The adapter of a network. */
export function checkAdapter(name: unknown, below: Path, context: CheckContext): void {
  if (!isText(name) || !name.startsWith('vEthernet')) return;
  context.report('adapter-name', 'must not be a virtual adapter', name, below);
}

/** The number of a VLAN. */
export function checkVlan(id: unknown, below: Path, context: CheckContext): void {
  const number = numberOf(id);
  if (number !== undefined && number > 4094) context.report('isolation', 'must be from 0 to 4094', id, below);
}

/** The number of a virtual subnet. */
export function checkVsidNumber(id: unknown, below: Path, context: CheckContext): void {
  const number = numberOf(id);
  if (number !== undefined && number >= 2 ** 24) context.report('isolation', 'must be from 0 to 16777215', id, below);
}

const checkServers = ({ ServerList }: Members, context: CheckContext): void => {
  itemsOf(ServerList).forEach((server, index) => checkAddress(server, ['ServerList', index], context));
};

export const networkChecks: Readonly<Record<string, Check>> = {
  HostComputeNetwork: checkNetwork,
  Subnet: checkSubnet,
  Route: checkRoute,
  MacRange: checkMacRange,
  DNS: checkServers,
  NetAdapterNameNetworkPolicySetting: ({ NetworkAdapterName }, context) =>
    checkAdapter(NetworkAdapterName, ['NetworkAdapterName'], context),
  VlanPolicySetting: ({ IsolationId }, context) => checkVlan(IsolationId, ['IsolationId'], context),
  VsidPolicySetting: ({ IsolationId }, context) => checkVsidNumber(IsolationId, ['IsolationId'], context),
  SourceMacAddressNetworkPolicySetting: ({ SourceMacAddress }, context) =>
    checkMac(SourceMacAddress, ['SourceMacAddress'], context),
  DrMacAddressNetworkPolicySetting: ({ Address }, context) => checkMac(Address, ['Address'], context),
};
