// Public addresses become those of documentation: each the same one wherever it is, with its prefix.
import { isIP } from 'node:net';

type Change = (text: string) => string;

/** Those of nobody in particular: private, of a link, of this machine, multicast, unspecified, or of documentation. */
const ofNobody = [
  /^(?:0|10|127|2(?:2[4-9]|[345]\d))\./,
  /^169\.254\./,
  /^192\.(?:168\.|0\.0\.|0\.2\.)/,
  /^172\.(?:1[6-9]|2\d|3[01])\./,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^198\.(?:1[89]|51\.100)\./,
  /^203\.0\.113\./,
  /^(?:::1?$|f[cdef]|64:ff9b:|2001:db8:)/i,
];

/** What VPNs route that take the whole internet, such as 128.0.0.0/1. */
const ofEverybody = /^\d{1,3}(?:\.0){3}\/[1-7]$/;

/** The change, and addresses masked. The numbers are of one answer. */
export function maskAddresses(change: Change): Change {
  const known = new Map<string, string>();
  return (text) => {
    const [address = '', ...rest] = text.split(/(?=\/\d+$)/);
    const version = isIP(address);
    if (version === 0) return change(text);
    if (ofEverybody.test(text) || ofNobody.some((form) => form.test(address))) return text;
    return (known.get(address) ?? masked(known, address, version)) + rest.join('');
  };
}

function masked(known: Map<string, string>, address: string, version: number): string {
  const number = known.size + 1;
  const shown =
    version === 4 ? `198.${18 + ((number >> 8) & 1)}.${number & 0xff}.0` : `2001:db8:${number.toString(16)}::`;
  known.set(address, shown);
  return shown;
}
