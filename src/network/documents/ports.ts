/**
 * Published ports as texts, as `docker run -p` has them: which port of the host leads to which one of the container.
 *
 * @module
 */
import { HcsArgumentError } from '../../errors/errors.js';
import type { IpAddress } from './addresses.js';
import { addressText, isUnspecified, parseAddress } from './addresses.js';
import { isPort } from './checks/forms.js';

/** A port of the host that leads to one of the container. */
export interface PublishedPort {
  readonly protocol: 'tcp' | 'udp';
  /** Of the container. */
  readonly internalPort: number;
  /** Of the host; undefined lets the service choose one. */
  readonly externalPort: number | undefined;
  /** The address of the host, as it is written; undefined for every one. */
  readonly address: string | undefined;
  readonly family: 4 | 6;
}

const example = 'Write HOST:CONTAINER, such as "80:8888", "53:53/udp", "127.0.0.1:8080:80" or "[::1]:8443:443".';

/** Ranges have as many ports on either side. */
const mostPorts = 1000;

/**
 * The ports of a text: `[ADDRESS:][HOST:]CONTAINER[/tcp|/udp]`, where HOST and CONTAINER are ports or ranges of the same length.
 * An IPv6 address has brackets; `0.0.0.0` and `[::]` are every address of their families. Without HOST the service chooses.
 *
 * @throws HcsArgumentError with the field
 */
export function parsePorts(text: string, field: string): PublishedPort[] {
  const [, places = '', protocol = 'tcp'] = /^([^/]*)(?:\/(tcp|udp))?$/i.exec(text) ?? refuse(text, field);
  const [, bracketed, rest = ''] = /^(?:\[([^\]]*)\]:)?(.*)$/.exec(places) ?? refuse(text, field);
  const parts = rest.split(':');
  const plain = bracketed === undefined && parts.length === 3 ? parts.shift() : undefined;
  if (parts.length > 2 || (bracketed !== undefined && parts.length !== 2)) refuse(text, field);
  const address = addressOf(bracketed, plain, text, field);
  const inside = portsOf(parts.at(-1)!, text, field);
  const outside = parts.length === 2 && parts[0] !== '' ? portsOf(parts[0]!, text, field) : undefined;
  if (outside !== undefined && outside.length !== inside.length) {
    throw new HcsArgumentError(field, 'must have ranges of the same length', text, example);
  }
  return inside.map((internalPort, index) => ({
    protocol: protocol.toLowerCase() as PublishedPort['protocol'],
    internalPort,
    externalPort: outside?.[index],
    address: address === undefined || isUnspecified(address) ? undefined : addressText(address),
    family: address?.family ?? 4,
  }));
}

function addressOf(
  bracketed: string | undefined,
  plain: string | undefined,
  text: string,
  field: string,
): IpAddress | undefined {
  const given = bracketed ?? plain;
  if (given === undefined || (plain === '' && bracketed === undefined)) return undefined;
  const address = parseAddress(given);
  if (address?.family === (bracketed === undefined ? 4 : 6)) return address;
  throw new HcsArgumentError(field, 'must have an IPv4 address, or an IPv6 address in brackets', text, example);
}

function portsOf(range: string, text: string, field: string): number[] {
  const [first = '', last = first, ...rest] = range.split('-');
  if (rest.length > 0 || !isPort(first) || !isPort(last)) refuse(text, field);
  const count = Number(last) - Number(first) + 1;
  if (count < 1) throw new HcsArgumentError(field, 'must have ranges that do not end before they begin', text, example);
  if (count > mostPorts) throw new HcsArgumentError(field, `must have at most ${mostPorts} ports`, text);
  return Array.from({ length: count }, (_, index) => Number(first) + index);
}

function refuse(text: string, field: string): never {
  throw new HcsArgumentError(field, 'must be ports from 1 to 65535', text, example);
}
