/**
 * JSON with the integers of the host: 64 bits, which no double holds. Beyond 2^53-1 they are bigints, in either direction.
 *
 * @module
 */

// A number that could be too large for a double, anywhere.
const candidate = /[1-9]\d{15}/;

// Strings, keys, and whole numbers of sixteen digits and more.
const tokens = /"[^"\\]*(?:\\[^][^"\\]*)*"(\s*:)?|(?<![\w.+-])-?[1-9]\d{15,}(?![\w.])/g;

/**
 * As `JSON.parse()`, with bigints for whole numbers that a double cannot hold.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (!candidate.test(text)) return JSON.parse(text);
  // JSON.parse() sees strings only, each with a letter before it that says what it was.
  const marked = text.replace(tokens, (token, colon: string | undefined) => {
    if (colon !== undefined) return token;
    if (token.startsWith('"')) return `"s${token.slice(1)}`;
    if (Number.isSafeInteger(Number(token))) return token;
    return `"n${token}"`;
  });
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    return value.startsWith('n') ? BigInt(value.slice(1)) : value.slice(1);
  });
}

/** As `JSON.stringify()`, with bigints as the numbers that they are. Strings may not begin with NUL. */
export function printJson(value: unknown): string | undefined {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    const original = this[key]; // what a toJSON() of BigInt.prototype has not been at
    return typeof original === 'bigint' ? `\0${original}` : member;
  }) as string | undefined;
  return text?.replace(/"\\u0000(-?\d+)"/g, '$1');
}
