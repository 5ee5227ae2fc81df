/**
 * The forms of single members: addresses, prefixes, MAC addresses, and lists of them as one text.
 *
 * @module
 */
import { isText } from '../../../documents/checks/text-forms.js';
import type { CheckContext } from '../../../documents/check.js';
import type { Path } from '../../../documents/issue.js';
import type { IpAddress, IpPrefix } from '../addresses.js';
import { firstOf, isSame, parseAddress, parsePrefix, prefixText } from '../addresses.js';
import { canonicalMac, isMac } from '../mac-addresses.js';

/** The address in a member; undefined where there is none, or none of the form. */
export function checkAddress(value: unknown, below: Path, context: CheckContext): IpAddress | undefined {
  if (!isText(value)) return undefined;
  const address = parseAddress(value);
  if (address === undefined) context.report('ip-address', 'must be an IPv4 or IPv6 address', value, below);
  return address;
}

/** The prefix in a member. */
export function checkPrefix(value: unknown, below: Path, context: CheckContext): IpPrefix | undefined {
  if (!isText(value)) return undefined;
  const prefix = parsePrefix(value);
  if (prefix === undefined) {
    context.report('ip-prefix', 'must be a prefix such as 192.168.100.0/24 or fd00::/64', value, below);
  }
  return prefix;
}

/** The same of a subnet, which begins with its first address. */
export function checkSubnetPrefix(value: unknown, below: Path, context: CheckContext): IpPrefix | undefined {
  const prefix = checkPrefix(value, below, context);
  if (prefix !== undefined && !isSame(prefix, firstOf(prefix))) {
    context.report(
      'ip-prefix',
      `must be ${prefixText(prefix)}: it has bits beyond the prefix`,
      value,
      below,
      'warning',
    );
  }
  return prefix;
}

/** A prefix, or an address, which is a prefix of all its bits. */
export function checkPrefixOrAddress(value: unknown, below: Path, context: CheckContext): void {
  if (!isText(value) || parsePrefix(value) !== undefined || parseAddress(value) !== undefined) return;
  context.report('ip-prefix', 'must be a prefix or an address', value, below);
}

export function checkMac(value: unknown, below: Path, context: CheckContext): void {
  if (!isText(value) || isMac(value)) return;
  const meant = canonicalMac(value);
  // Colons may be taken: only what has no separators was seen to be refused.
  const severity = meant !== undefined && value.includes(':') ? 'warning' : undefined;
  context.report('mac-address', `must be ${meant ?? 'an address such as 00-15-5D-52-C0-00'}`, value, below, severity);
}

/** Each part of a text that is a list, without the spaces around it. */
export function partsOf(list: unknown): readonly string[] {
  return isText(list) ? list.split(',').map((part) => part.trim()) : [];
}

/** A port as text. */
export function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
}

/** A port, or two with a hyphen between them, the lesser one first. */
export function isPortRange(text: string): boolean {
  const [first = '', last = first, ...rest] = text.split('-');
  return rest.length === 0 && isPort(first) && isPort(last) && Number(first) <= Number(last);
}
