/**
 * Ports of the host that lead to ports of endpoints, in either route.
 *
 * @module
 */
import type { CheckContext } from '../../../documents/check.js';
import { isText, numberOf } from '../../../documents/checks/text-forms.js';
import type { Path } from '../../../documents/issue.js';
import { addressText, isUnspecified, parseAddress } from '../addresses.js';

/** A mapping as both routes have it. */
export interface Mapping {
  readonly protocol: unknown;
  readonly externalPort: unknown;
  readonly address?: unknown;
  readonly isIpv6?: boolean;
  readonly below: Path;
}

/** The port of the endpoint, which the service wants. */
export function checkInternalPort(port: unknown, context: CheckContext): void {
  const number = numberOf(port);
  if (number === undefined && port !== undefined) return; // its type is wrong
  if (number !== undefined && number > 0) return;
  context.report('port-mapping', 'must be a port from 1 to 65535', port, ['InternalPort']);
}

/** Kinds of networks that map ports. */
export const mappingModes: readonly string[] = [
  'NAT',
  'ICS',
  'L2Bridge',
  'L2Tunnel',
  'Overlay',
  'Mirrored',
  'ConstrainedICS',
];

/** Tells of the mappings of one document that take a port of the host which another one has. */
export function checkClashes(mappings: readonly Mapping[], tell: (below: Path, port: unknown) => void): void {
  const taken = new Map<string, Set<string>>();
  for (const { protocol, externalPort, address, isIpv6 = false, below } of mappings) {
    const port = numberOf(externalPort);
    if (port === undefined || port === 0) continue; // the service chooses one
    const ip = isText(address) ? parseAddress(address) : undefined;
    const family = ip?.family ?? (isIpv6 ? 6 : 4);
    const where = ip === undefined || isUnspecified(ip) ? everywhere : addressText(ip);
    const key = `${String(protocol).toUpperCase()} ${port} ${family}`;
    const others = taken.get(key) ?? new Set<string>();
    if (where === everywhere ? others.size > 0 : others.has(where) || others.has(everywhere)) tell(below, externalPort);
    taken.set(key, others.add(where));
  }
}

const everywhere = '*';

/** What a check tells of such a one. */
export function clashIn(context: CheckContext): (below: Path, port: unknown) => void {
  return (below, port) =>
    context.report('port-clash', 'must not be mapped twice for the same protocol and address', port, below);
}
