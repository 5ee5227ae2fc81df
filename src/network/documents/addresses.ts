/**
 * IP addresses and prefixes, as far as documents of networks have them: texts in the forms that Windows takes.
 *
 * @module
 */
import ipaddr from 'ipaddr.js';

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** An address. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly ip: Ip;
}

/** A prefix: an address and how many of its bits count. */
export interface IpPrefix extends IpAddress {
  readonly bits: number;
}

/** Four decimal numbers, or IPv6 without a zone; undefined for anything else, such as `10.1` or `0x7f.1`. */
export function parseAddress(text: string): IpAddress | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { family: 4, ip: new ipaddr.IPv4(text.split('.').map(Number)) };
  if (!text.includes('%') && ipaddr.IPv6.isValid(text)) return { family: 6, ip: ipaddr.IPv6.parse(text) };
  return undefined;
}

/** An address, a slash, and the number of bits without a zero before it. */
export function parsePrefix(text: string): IpPrefix | undefined {
  const [, before = '', count = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(before);
  const bits = Number(count);
  if (address === undefined || bits > widthOf(address)) return undefined;
  return { ...address, bits };
}

export function widthOf({ family }: IpAddress): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Whether a prefix has an address. */
export function contains({ ip, bits, family }: IpPrefix, address: IpAddress): boolean {
  return family === address.family && address.ip.match(ip, bits);
}

/** Whether a prefix lies within another. */
export function isWithin(inner: IpPrefix, outer: IpPrefix): boolean {
  return inner.bits >= outer.bits && contains(outer, inner);
}

/** Each prefix that has an address in common with one before it, by its place, and the place of such a one. */
export function overlaps(prefixes: readonly IpPrefix[]): ReadonlyMap<number, number> {
  if (prefixes.length < 2) return new Map();
  const ranges = prefixes.map((prefix, place) => ({
    ...prefix,
    first: valueOf(firstOf(prefix)),
    last: valueOf(withLast(prefix, 255)),
    place,
    outside: place, // the least place of it and of those around it
    inside: place, // the least place of it and of those in it
  }));
  ranges.sort((a, b) => a.family - b.family || compare(a.first, b.first) || a.bits - b.bits);
  const found = new Map<number, number>();
  // Prefixes are nested or apart: those around the one at hand are on the stack.
  const around: typeof ranges = [];
  const leave = (): void => {
    const { place, outside, inside } = around.pop()!;
    const outer = around.at(-1);
    if (outer !== undefined) outer.inside = Math.min(outer.inside, inside);
    const least = Math.min(outside, inside);
    if (least < place) found.set(place, least);
  };
  for (const range of ranges) {
    while (around.length > 0 && !isAround(around.at(-1)!, range)) leave();
    range.outside = Math.min(range.place, around.at(-1)?.outside ?? range.place);
    around.push(range);
  }
  while (around.length > 0) leave();
  return found;
}

function isAround(outer: { family: number; last: bigint }, inner: { family: number; last: bigint }): boolean {
  return outer.family === inner.family && outer.last >= inner.last;
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function valueOf({ ip }: IpAddress): bigint {
  return ip.toByteArray().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The first address of a prefix. */
export function firstOf(prefix: IpPrefix): IpAddress {
  return withLast(prefix, 0);
}

/** The address after it, which is the gateway where nobody says otherwise; the first one where there are no more than two. */
export function gatewayOf(prefix: IpPrefix): IpAddress {
  const first = firstOf(prefix);
  if (widthOf(prefix) - prefix.bits < 2) return first;
  const bytes = first.ip.toByteArray();
  bytes[bytes.length - 1]! += 1;
  return { family: prefix.family, ip: ipaddr.fromByteArray(bytes) };
}

/** Whether an interface can have an address of a prefix: neither its first, which names it, nor that of an IPv4 broadcast. */
export function isUsable(prefix: IpPrefix, address: IpAddress): boolean {
  if (widthOf(prefix) - prefix.bits < 2) return true;
  if (isSame(address, firstOf(prefix))) return false;
  return prefix.family === 6 || !isSame(address, withLast(prefix, 255));
}

export function isSame(one: IpAddress, other: IpAddress): boolean {
  return one.family === other.family && one.ip.match(other.ip, widthOf(one));
}

/** `0.0.0.0` or `::`. */
export function isUnspecified({ ip }: IpAddress): boolean {
  return ip.toByteArray().every((byte) => byte === 0);
}

/** As it is written: `fd00::1`, `192.168.100.1`. */
export function addressText({ ip }: IpAddress): string {
  return ip.toString();
}

/** As it is written, without the bits that do not count. */
export function prefixText(prefix: IpPrefix): string {
  return `${addressText(firstOf(prefix))}/${prefix.bits}`;
}

// The address with the bits beyond the prefix set to those of a byte.
function withLast({ ip, bits, family }: IpPrefix, filler: 0 | 255): IpAddress {
  const bytes = ip.toByteArray().map((byte, index) => {
    const counted = Math.min(Math.max(bits - 8 * index, 0), 8);
    const mask = (0xff << (8 - counted)) & 0xff;
    return (byte & mask) | (filler & ~mask & 0xff);
  });
  return { family, ip: ipaddr.fromByteArray(bytes) };
}
