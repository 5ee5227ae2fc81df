/**
 * Rules of the firewall of an endpoint, from options.
 *
 * @module
 */
import type * as Hcn from '../../../../types/hcn/index.js';
import { given } from '../../../documents/builders/given.js';
import type { Check } from '../../../documents/builders/option-checks.js';
import { matching, members, oneOf, text, whole } from '../../../documents/builders/option-checks.js';
import { HcsArgumentError } from '../../../errors/errors.js';
import { parseAddress, parsePrefix } from '../addresses.js';
import { isPort, isPortRange } from '../checks/forms.js';
import { oneOrMore } from './network-options.js';

/** A protocol by its name, or by its number. */
export type AclProtocol = 'icmp' | 'igmp' | 'tcp' | 'udp' | 'icmpv6' | number;

const protocols = { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmpv6: 58 } as const satisfies Partial<
  Record<AclProtocol, number>
>;

/** A rule: what it does with which connections. */
export interface AclOptions {
  readonly action: 'allow' | 'block';
  /** `in` for what comes to the endpoint, `out` for what leaves it. */
  readonly direction: 'in' | 'out';
  /** Every one when left out. */
  readonly protocol?: AclProtocol | readonly AclProtocol[];
  /** Addresses or prefixes of the endpoint. */
  readonly localAddresses?: string | readonly string[];
  /** Addresses or prefixes of the other side. */
  readonly remoteAddresses?: string | readonly string[];
  /** Ports, or ranges such as `8000-8010`, of the endpoint. */
  readonly localPorts?: number | string | readonly (number | string)[];
  readonly remotePorts?: number | string | readonly (number | string)[];
  /** The least is looked at first. */
  readonly priority?: number;
  /** `host` is the firewall of Windows, `switch` the virtual switch. */
  readonly enforcedBy?: 'host' | 'switch';
  readonly id?: string;
}

const addressOrPrefix = matching(
  (given) => parseAddress(given) !== undefined || parsePrefix(given) !== undefined,
  'must be an address or a prefix',
);

const portOrRange: Check = (value, field) => {
  const isOne = typeof value === 'number' ? isPort(String(value)) : typeof value === 'string' && isPortRange(value);
  if (!isOne) throw new HcsArgumentError(field, 'must be a port or a range such as "8000-8010"', value);
};

const protocolCheck: Check = (value, field) =>
  (typeof value === 'number' ? whole(0, 256) : oneOf(...Object.keys(protocols)))(value, field);

export const aclCheck = members<AclOptions>(
  {
    action: oneOf('allow', 'block'),
    direction: oneOf('in', 'out'),
    protocol: oneOrMore(protocolCheck),
    localAddresses: oneOrMore(addressOrPrefix),
    remoteAddresses: oneOrMore(addressOrPrefix),
    localPorts: oneOrMore(portOrRange),
    remotePorts: oneOrMore(portOrRange),
    priority: whole(0, 65_535),
    enforcedBy: oneOf('host', 'switch'),
    id: text,
  },
  'action',
  'direction',
);

/** The policy of a rule. */
export function aclPolicy(options: AclOptions): Hcn.EndpointPolicy {
  const { action, direction, protocol, enforcedBy, priority, id } = options;
  const numbers = protocol === undefined ? undefined : [protocol].flat().map(numberOfProtocol);
  return {
    Type: 'ACL',
    Settings: {
      ...given('Id', id),
      ...given('Protocols', numbers?.join(',')),
      Action: action === 'allow' ? 'Allow' : 'Block',
      Direction: direction === 'in' ? 'In' : 'Out',
      ...given('LocalAddresses', listOf(options.localAddresses)),
      ...given('RemoteAddresses', listOf(options.remoteAddresses)),
      ...given('LocalPorts', listOf(options.localPorts)),
      ...given('RemotePorts', listOf(options.remotePorts)),
      ...given('RuleType', ruleType(enforcedBy)),
      ...given('Priority', priority),
    },
  };
}

function numberOfProtocol(protocol: AclProtocol): number {
  return typeof protocol === 'number' ? protocol : protocols[protocol];
}

function listOf(values: string | number | readonly (string | number)[] | undefined): string | undefined {
  return values === undefined ? undefined : [values].flat().join(',');
}

function ruleType(enforcedBy: AclOptions['enforcedBy']): Hcn.RuleType | undefined {
  if (enforcedBy === undefined) return undefined;
  return enforcedBy === 'host' ? 'Host' : 'Switch';
}
