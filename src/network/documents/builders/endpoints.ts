/**
 * Documents of endpoints.
 *
 * @module
 */
import type * as Hcn from '../../../../types/hcn/index.js';
import { defaultOwner, given } from '../../../documents/builders/given.js';
import { guid } from '../../../documents/builders/names-and-paths.js';
import type { Check } from '../../../documents/builders/option-checks.js';
import {
  checkedOptions,
  flag,
  list,
  matching,
  members,
  record,
  text,
} from '../../../documents/builders/option-checks.js';
import { membersOf } from '../../../documents/checks/text-forms.js';
import { HcsArgumentError } from '../../../errors/errors.js';
import { addressText, contains, isSame, isUsable, parseAddress, parsePrefix, prefixText } from '../addresses.js';
import { checkClashes, mappingModes } from '../checks/mappings.js';
import type { KnownSubnet } from '../checks/endpoint.js';
import { subnetsOf } from '../checks/endpoint.js';
import { canonicalMac } from '../mac-addresses.js';
import type { PublishedPort } from '../ports.js';
import { parsePorts } from '../ports.js';
import { modeOf } from '../schema.js';
import type { AclOptions } from './acl.js';
import { aclCheck, aclPolicy } from './acl.js';
import type { DnsOptions } from './network-options.js';
import { dnsChecks, mac, oneOrMore } from './network-options.js';
import { dnsOf, schema20 } from './members.js';

/** The network of an endpoint: its properties, what has its id, or the id itself. With properties more is looked at. */
export type NetworkOfEndpoint = string | { readonly id: string } | Hcn.HostComputeNetwork;

/** Options of an endpoint. */
export interface EndpointOptions {
  readonly name?: string;
  /**
   * Ports of the host that lead to the container, as `docker run -p` has them: `80:8888`, `53:53/udp`, `127.0.0.1:8080:80`,
   * `[::1]:8443:443`, `8000-8010:9000-9010`, or `8888` for a port of the host that the service chooses.
   */
  readonly ports?: readonly string[];
  /** An address of the network, with the bits of its subnet or without; of two families, one each. */
  readonly ip?: string | readonly string[];
  /** With dashes, colons or nothing between its bytes. */
  readonly mac?: string;
  /** Names and servers; an array has servers. */
  readonly dns?: DnsOptions | readonly string[];
  readonly acl?: readonly AclOptions[];
  /** Gives what leaves the endpoint the address of the host, but for these prefixes; for all of it with `true`. */
  readonly outboundNat?: true | { readonly exceptions: readonly string[] };
  /** Free text by which a program finds its own endpoints again; `hostcompute` when left out. */
  readonly owner?: string;
  /** Further members in the spelling of HCN; they replace those that follow from the options. */
  readonly more?: Hcn.HostComputeEndpoint;
}

const ip = matching(
  (given) => parseAddress(given) !== undefined || parsePrefix(given) !== undefined,
  'must be an address such as "192.168.100.10" or "192.168.100.10/24"',
);
const prefix = matching((given) => parsePrefix(given) !== undefined, 'must be a prefix such as "10.0.0.0/8"');
const outbound = members<{ exceptions: readonly string[] }>({ exceptions: list(prefix) }, 'exceptions');
const dnsMembers = members<DnsOptions>(dnsChecks);

const dnsCheck: Check = (value, field) => (Array.isArray(value) ? dnsChecks.servers : dnsMembers)(value, field);

const check = members<EndpointOptions>({
  name: text,
  ports: list(text),
  ip: oneOrMore(ip),
  mac,
  dns: dnsCheck,
  acl: list(aclCheck),
  outboundNat: (value, field) => (value === true ? flag : outbound)(value, field),
  owner: text,
  more: record(() => undefined),
});

/**
 * The document of an endpoint of a network.
 *
 * @example
 * const id = '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01';
 * const web = networks.nat({ name: 'web', subnet: '192.168.100.0/24' });
 * const endpoint = endpoints.of({ ...web, ID: id }, { ports: ['80:8888'], ip: '192.168.100.10' });
 * console.log(endpoint.IpConfigurations?.[0]?.PrefixLength); // 24
 *
 * @throws HcsArgumentError for an option that is unknown or of the wrong form, a port that is published twice or on a network that
 * cannot, and an address that is not one of the network
 */
export function of(network: NetworkOfEndpoint, options: EndpointOptions = {}): Hcn.HostComputeEndpoint {
  const checked = checkedOptions(options, check);
  const id = idOf(network);
  const { name, owner = defaultOwner, dns, more } = checked;
  const addresses = checked.ip === undefined ? [] : [checked.ip].flat();
  const policies = policiesOf(checked, network);
  return {
    ...given('Name', name),
    Owner: owner,
    HostComputeNetwork: id,
    ...given('Policies', policies.length > 0 ? policies : undefined),
    ...given(
      'IpConfigurations',
      addresses.length > 0
        ? addresses.map((each, index) => configurationOf(each, network, checked.ip, index))
        : undefined,
    ),
    ...given('MacAddress', checked.mac === undefined ? undefined : canonicalMac(checked.mac)),
    ...given('Dns', dns === undefined ? undefined : dnsOf(isServers(dns) ? { servers: dns } : dns)),
    SchemaVersion: schema20,
    ...more,
  };
}

function isServers(dns: DnsOptions | readonly string[]): dns is readonly string[] {
  return Array.isArray(dns);
}

function idOf(network: NetworkOfEndpoint): string {
  const given = typeof network === 'string' ? network : (membersOf(network).ID ?? membersOf(network).id);
  guid(given, typeof network === 'string' ? 'network' : 'network.ID');
  return given as string;
}

function policiesOf(
  { ports = [], acl = [], outboundNat }: EndpointOptions,
  network: NetworkOfEndpoint,
): Hcn.EndpointPolicy[] {
  const mode = typeof network === 'object' && !('id' in network) ? modeOf(network.Type) : undefined;
  const published = ports.flatMap((port, index) => {
    const field = `options.ports[${index}]`;
    return parsePorts(port, field).map((each) => ({ ...each, field, port }));
  });
  refuseClashes(published);
  if (mode !== undefined && ports.length > 0 && !mappingModes.includes(mode)) {
    const remedy = 'Containers of such a network are reached at their own addresses.';
    throw new HcsArgumentError('options.ports', `must not be used with a network of type ${mode}`, ports, remedy);
  }
  const isRouted = mode === 'L2Bridge' || mode === 'L2Tunnel';
  return [
    ...published.map((each) => mappingOf(each, isRouted)),
    ...acl.map(aclPolicy),
    ...(outboundNat === undefined ? [] : [outboundPolicy(outboundNat)]),
  ];
}

const localRoutedVip = 1;
const ipv6 = 2;

function mappingOf(port: PublishedPort, isRouted: boolean): Hcn.EndpointPolicy {
  const flags = (isRouted ? localRoutedVip : 0) | (port.family === 6 ? ipv6 : 0);
  return {
    Type: 'PortMapping',
    Settings: {
      Protocol: port.protocol === 'tcp' ? 6 : 17,
      InternalPort: port.internalPort,
      ...given('ExternalPort', port.externalPort),
      ...given('VIP', port.address),
      ...given('Flags', flags === 0 ? undefined : flags),
    },
  };
}

function outboundPolicy(nat: EndpointOptions['outboundNat'] & (object | true)): Hcn.EndpointPolicy {
  return { Type: 'OutBoundNAT', Settings: nat === true ? {} : { Exceptions: nat.exceptions } };
}

interface PublishedText extends PublishedPort {
  readonly field: string;
  readonly port: string;
}

function refuseClashes(published: readonly PublishedText[]): void {
  const mappings = published.map(({ protocol, externalPort, address, family }, index) => ({
    protocol,
    externalPort,
    address,
    isIpv6: family === 6,
    below: [index],
  }));
  checkClashes(mappings, ([index]) => {
    const { field, port } = published[index as number]!;
    const remedy = 'Publish it once for each protocol and address.';
    throw new HcsArgumentError(field, 'must not be a port of the host that another one has', port, remedy);
  });
}

function configurationOf(
  text: string,
  network: NetworkOfEndpoint,
  all: EndpointOptions['ip'],
  index: number,
): Hcn.IpConfig {
  const field = Array.isArray(all) ? `options.ip[${index}]` : 'options.ip';
  const prefixed = parsePrefix(text);
  const address = prefixed ?? parseAddress(text)!;
  const subnets = typeof network === 'string' ? [] : subnetsOf(network);
  const subnet = subnets.find((each) => contains(each.prefix, address));
  if (subnets.length > 0) checkFree(addressText(address), subnet, subnets, field);
  const bits = prefixed?.bits ?? subnet?.prefix.bits;
  return { IpAddress: addressText(address), ...given('PrefixLength', bits) };
}

function checkFree(
  text: string,
  subnet: KnownSubnet | undefined,
  subnets: readonly KnownSubnet[],
  field: string,
): void {
  if (subnet === undefined) {
    const known = subnets.slice(0, 4).map((each) => prefixText(each.prefix));
    throw new HcsArgumentError(field, `must be an address of ${known.join(' or ')}`, text);
  }
  const address = parseAddress(text)!;
  if (subnet.gateways.some((gateway) => isSame(gateway, address))) {
    throw new HcsArgumentError(field, 'must not be that of the gateway', text);
  }
  if (isUsable(subnet.prefix, address)) return;
  throw new HcsArgumentError(
    field,
    `must be neither the first nor the last address of ${prefixText(subnet.prefix)}`,
    text,
  );
}
