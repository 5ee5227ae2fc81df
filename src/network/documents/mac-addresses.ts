/**
 * MAC addresses: the service takes six pairs of hexadecimal digits with dashes between them, and answers in capitals.
 *
 * @module
 */

/** With dashes, in any letters. */
export function isMac(text: string): boolean {
  return /^(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}$/.test(text);
}

/** As the service writes it; undefined for what is none. Colons, and no separators at all, are understood. */
export function canonicalMac(text: string): string | undefined {
  const isOne = /^[0-9A-Fa-f]{12}$|^(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}$|^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(
    text,
  );
  if (!isOne) return undefined;
  return text.replace(/[-:]/g, '').toUpperCase().match(/../g)!.join('-');
}
