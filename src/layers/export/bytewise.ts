// The order of names as bytes of UTF-8, which a walk and the records of a header follow.

/** Compares as UTF-8 bytes: as the UTF-16 of JavaScript does, but for what is beyond 16 bits. */
export function bytewise(a: string, b: string): number {
  if (surrogates.test(a) || surrogates.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const surrogates = /[\ud800-\udfff]/;
