/**
 * Which hosts are this machine.
 *
 * @module
 */

/** @param hostname - without a port; an address of IPv6 in brackets */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
