// The order of names as bytes of UTF-8, which a walk and the records of a header follow.

/** Sorts in place, and gives the list. JavaScript compares UTF-16, which differs only beyond 16 bits. */
export function sortBytewise(list: string[]): string[] {
  if (!list.some((text) => surrogates.test(text))) return list.sort();
  return list.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const surrogates = /[\ud800-\udfff]/;
