// The networks that translate addresses, and what they may not overlap.
import type { IpPrefix } from '../../network/documents/addresses.js';
import {
  isWithin,
  overlaps,
  parseAddress,
  parsePrefix,
  prefixText,
  widthOf,
} from '../../network/documents/addresses.js';
import type { Check, Finding } from '../check.js';
import type { AddressesValue, NetworksValue, RoutesValue } from '../questions.js';
import { addresses, networks, routes } from '../questions.js';
import { valueOf } from '../read-answer.js';
import { isAddresses, isNetworks, isRoutes } from '../shapes.js';

const translating = /^(nat|ics|constrainedics)$/i;

/** A prefix, and whose it is. */
interface Claim {
  readonly prefix: IpPrefix;
  readonly owner: string;
}

export const netNat: Check = {
  id: 'net.nat',
  title: 'network that translates addresses',
  goals: ['network'],
  blocks: ['network'],
  rule:
    'HcnEnumerateNetworks has a network of type nat or ICS, else a warning. No prefix of one overlaps another of them, a prefix of an ' +
    'adapter that is up (GetAdaptersAddresses), or a route (GetIpForwardTable2), but those of its own adapter, "vEthernet (name)". ' +
    'Routes for a 128th of all addresses or more are for the whole internet, and overlap nothing.',
  source: 'MicrosoftDocs/Virtualization-Documentation Debug-ContainerHost.ps1',
  date: '2026-08-07',
  async find(facts) {
    const answers = await Promise.all([facts.ask(networks), facts.ask(addresses), facts.ask(routes)]);
    const all = valueOf(networks, answers[0], isNetworks);
    const adapters = valueOf(addresses, answers[1], isAddresses);
    const table = valueOf(routes, answers[2], isRoutes);
    const nats = all.filter(({ type }) => translating.test(type));
    if (nats.length === 0) {
      return {
        outcome: 'warning',
        cause:
          'There is no network that translates addresses (nat, ICS): containers reach nothing unless another one is made.',
        remedy: `Make one: hostcompute networks create --type nat --subnet ${freePrefix(claimsOf(adapters, table, new Set()))} nat`,
      };
    }
    return clashOf(nats, adapters, table) ?? { outcome: 'ok', note: nats.map(shownNetwork).slice(0, 8).join(', ') };
  },
};

const shownNetwork = ({ name, prefixes }: NetworksValue[number]): string => `${name} ${prefixes.join(' ')}`.trim();

function clashOf(nats: NetworksValue, adapters: AddressesValue, table: RoutesValue): Finding | undefined {
  const own = new Set(nats.map(({ name }) => `vEthernet (${name})`));
  const claims = nats.flatMap(({ name, prefixes }) => claimed(prefixes, `the network ${name}`));
  const others = claimsOf(adapters, table, own);
  const both = [...claims, ...others];
  // The networks come first: an overlap of two others concerns none. Then adapters, which say more than their routes.
  const clashes = [...overlaps(both.map(({ prefix }) => prefix))].filter(([, earlier]) => earlier < claims.length);
  const first = clashes.reduce<readonly number[] | undefined>(
    (least, clash) => (least === undefined || clash[0] < least[0]! ? clash : least),
    undefined,
  );
  if (first === undefined) return undefined;
  const [other, network] = [both[first[0]!]!, both[first[1]!]!];
  return {
    outcome: 'problem',
    cause: `${prefixText(network.prefix)} of ${network.owner} overlaps ${prefixText(other.prefix)} of ${other.owner}: what lies in both is not reached.`,
    remedy: `Whoever made ${network.owner} has to make it again with another subnet, such as ${freePrefix(both)}.`,
  };
}

function claimed(prefixes: readonly string[], owner: string): Claim[] {
  return prefixes.flatMap((text) => {
    const prefix = parsePrefix(text);
    return prefix === undefined ? [] : { prefix, owner };
  });
}

/** What adapters and routes have, but for those of the adapters named. */
function claimsOf(adapters: AddressesValue, table: RoutesValue, own: ReadonlySet<string>): Claim[] {
  const mine = adapters.filter(({ name }) => own.has(name));
  const others = adapters.filter(({ name, up }) => up && !own.has(name));
  const interfaces = interfacesOf(mine, table);
  return [
    ...others.flatMap(({ name, prefixes }) => claimed(prefixes, `the adapter ${name}`).filter(isPlace)),
    ...table
      .filter(({ interfaceIndex }) => !interfaces.has(interfaceIndex))
      .flatMap(({ destination, nextHop }) => claimed([destination], `the route by ${nextHop}`).filter(isPlace)),
  ];
}

/** The interfaces of adapters: each has a route for its own address alone. */
function interfacesOf(adapters: AddressesValue, table: RoutesValue): ReadonlySet<number> {
  const own = new Set(
    adapters.flatMap(({ prefixes }) =>
      prefixes.flatMap((text) => {
        const address = parseAddress(text.split('/', 1)[0]!);
        return address === undefined ? [] : prefixText({ ...address, bits: widthOf(address) });
      }),
    ),
  );
  return new Set(table.filter(({ destination }) => own.has(destination)).map(({ interfaceIndex }) => interfaceIndex));
}

const everywhere = [
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
].map((text) => parsePrefix(text)!);

/** Neither for the whole internet, nor one of those that every interface has. */
function isPlace({ prefix }: Claim): boolean {
  if (prefix.bits < 7) return false;
  return !everywhere.some(({ ip, bits, family }) => family === prefix.family && prefix.ip.match(ip, bits));
}

/** A prefix for a network of containers that nobody has. */
function freePrefix(claims: readonly Claim[]): string {
  const candidates = Array.from({ length: 16 }, (_, number) => `172.${16 + number}.0.0/20`);
  const more = Array.from({ length: 16 }, (_, number) => `192.168.${16 * number}.0/24`);
  const isFree = (text: string): boolean => {
    const wanted = parsePrefix(text)!;
    return !claims.some(({ prefix }) => isWithin(prefix, wanted) || isWithin(wanted, prefix));
  };
  return [...candidates, ...more].find(isFree) ?? '10.200.0.0/20';
}
