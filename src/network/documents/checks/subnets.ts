/**
 * The subnets of a network, in either route: gateways, default routes, blocks, and what they have in common.
 *
 * @module
 */
import type { CheckContext, Members } from '../../../documents/check.js';
import { isText, itemsOf, membersOf } from '../../../documents/checks/text-forms.js';
import type { Path } from '../../../documents/issue.js';
import { notShown } from '../../../errors/errors.js';
import type { IpAddress, IpPrefix } from '../addresses.js';
import { contains, isUnspecified, isUsable, isWithin, overlaps, parsePrefix, prefixText } from '../addresses.js';
import { checkAddress, checkPrefix, checkSubnetPrefix } from './forms.js';

/** A subnet of a network, and where it is. */
export interface SubnetPlace {
  readonly prefix: IpPrefix | undefined;
  readonly members: Members;
  readonly below: Path;
}

/** What the names of its prefix are in a document. */
export type PrefixName = 'IpAddressPrefix' | 'AddressPrefix';

/** The subnets of an array. */
export function placesOf(subnets: unknown, name: PrefixName, below: Path): SubnetPlace[] {
  return itemsOf(subnets).map((item, index) => {
    const members = membersOf(item);
    const text = members[name];
    return { members, below: [...below, index], prefix: isText(text) ? parsePrefix(text) : undefined };
  });
}

/** The forms of the prefix and of the blocks of a subnet. */
export function checkBlocks(members: Members, name: PrefixName, context: CheckContext): IpPrefix | undefined {
  const prefix = checkSubnetPrefix(members[name], [name], context);
  itemsOf(members.IpSubnets).forEach((item, index) => {
    const below = ['IpSubnets', index, 'IpAddressPrefix'];
    const block = checkPrefix(membersOf(item).IpAddressPrefix, below, context);
    if (prefix === undefined || block === undefined || isWithin(block, prefix)) return;
    context.report('block-in-subnet', `must lie within ${prefixText(prefix)}`, membersOf(item).IpAddressPrefix, below);
  });
  return prefix;
}

/** A gateway of a subnet. */
export function checkGateway(value: unknown, prefix: IpPrefix | undefined, below: Path, context: CheckContext): void {
  const address = checkAddress(value, below, context);
  if (address !== undefined && prefix !== undefined) checkInSubnet(address, value, prefix, below, context);
}

/** The routes of a subnet: at most one default route, whose gateway is in the subnet. */
export function checkRoutes(routes: unknown, prefix: IpPrefix | undefined, context: CheckContext): void {
  const defaults = itemsOf(routes).flatMap((item, index) => {
    const route = membersOf(item);
    const destination = isText(route.DestinationPrefix) ? parsePrefix(route.DestinationPrefix) : undefined;
    return destination?.bits === 0 ? [{ route, destination, below: ['Routes', index] as Path }] : [];
  });
  for (const [at, { route, destination, below }] of defaults.entries()) {
    const place = [...below, 'DestinationPrefix'];
    if (prefix !== undefined && destination.family !== prefix.family) {
      const wanted = prefix.family === 4 ? '0.0.0.0/0' : '::/0';
      context.report('default-route', `must be ${wanted} in this subnet`, route.DestinationPrefix, place);
      continue;
    }
    if (at > 0) context.report('default-route', 'must be the only default route', route.DestinationPrefix, place);
    const nextHop = route.NextHop;
    if (isText(nextHop)) checkGateway(nextHop, prefix, [...below, 'NextHop'], context);
    else context.report('default-route', 'must have a gateway as NextHop', notShown, below);
  }
}

function checkInSubnet(address: IpAddress, value: unknown, prefix: IpPrefix, below: Path, context: CheckContext): void {
  if (isUnspecified(address)) return; // on the link, without a gateway
  if (!contains(prefix, address)) {
    // The gateway of IPv6 is mostly that of the link.
    if (address.family === 6 && prefix.family === 6 && address.ip.range() === 'linkLocal') return;
    context.report('subnet-gateway', `must be an address of ${prefixText(prefix)}`, value, below);
  } else if (!isUsable(prefix, address)) {
    context.report(
      'subnet-gateway',
      `must be neither the first nor the last address of ${prefixText(prefix)}`,
      value,
      below,
    );
  }
}

const severalSubnets = ['L2Bridge', 'L2Tunnel', 'Overlay'];

/** What the subnets of a network must not have in common. */
export function checkTogether(
  places: readonly SubnetPlace[],
  mode: string | undefined,
  context: CheckContext,
  name: PrefixName,
): void {
  const known = places.flatMap(({ prefix, members, below }) =>
    prefix === undefined ? [] : [{ prefix, text: members[name], below: [...below, name] }],
  );
  const shared = overlaps(known.map(({ prefix }) => prefix));
  const isOne = mode !== undefined && !severalSubnets.includes(mode);
  const families = new Set<number>();
  for (const [place, { prefix, text, below }] of known.entries()) {
    const other = shared.get(place);
    if (other !== undefined) {
      const requirement = `must not overlap ${prefixText(known[other]!.prefix)}` as const;
      context.report('subnets-overlap', requirement, text, below);
    } else if (isOne && families.has(prefix.family)) {
      const requirement = `must be the only IPv${prefix.family} subnet of a network of type ${mode}` as const;
      context.report('one-subnet', requirement, text, below);
    }
    families.add(prefix.family);
  }
}
