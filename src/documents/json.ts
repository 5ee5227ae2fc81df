/**
 * JSON with the integers of the host: 64 bits, which no double holds. Beyond 2^53-1 they are bigints, in either direction.
 *
 * @module
 */

import { deepestNesting, endOfString, isTooDeep } from '../nesting.js';

// A number that could be too large for a double, anywhere.
const candidate = /[1-9]\d{15}/;

/** What is too deep to be walked. */
export const tooDeep = `nested more than ${deepestNesting} deep`;

/**
 * As `JSON.parse()`, with bigints for whole numbers that a double cannot hold.
 *
 * @throws SyntaxError for what is not JSON, or is nested too deep
 */
export function parseJson(text: string): unknown {
  const large = candidate.test(text);
  // Each level takes two characters.
  if (!large && text.length <= 2 * deepestNesting) return JSON.parse(text);
  if (isTooDeep(text)) throw new SyntaxError(`The JSON is ${tooDeep}`);
  if (!large) return JSON.parse(text);
  const marked = markedText(text);
  let value: unknown;
  try {
    value = JSON.parse(marked, (_, member: unknown) => {
      if (typeof member !== 'string') return member;
      return member.startsWith('n') ? BigInt(member.slice(1)) : member.slice(1);
    });
  } catch (error) {
    JSON.parse(text); // its error names the place in this text
    throw error;
  }
  return value;
}

// Strings and large numbers as strings, each with a letter before it that says what it was. Each character is looked at
// once, or twice where white space follows a string.
function markedText(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  const insert = (mark: string, at: number): void => {
    parts.push(text.slice(copied, at), mark);
    copied = at;
  };
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = at + 1;
    const character = text[at]!;
    if (character === '"') {
      end = endOfString(text, at);
      if (!isKey(text, end)) insert('s', at + 1);
    } else if (ofWord.test(character)) {
      while (end < text.length && ofWord.test(text[end]!)) end++;
      if (!isLarge(text.slice(at, end))) continue;
      insert('"n', at);
      insert('"', end);
    }
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

const ofWord = /[\w.+-]/;

function isLarge(word: string): boolean {
  return /^-?[1-9]\d{15,}$/.test(word) && !Number.isSafeInteger(Number(word));
}

// Whether a colon follows a string that ends here.
function isKey(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  return text[at] === ':';
}

/** As `JSON.stringify()`, with bigints as the numbers that they are. Strings may not begin with NUL. */
export function printJson(value: unknown): string | undefined {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    const original = this[key]; // what a toJSON() of BigInt.prototype has not been at
    return typeof original === 'bigint' ? `\0${original}` : member;
  }) as string | undefined;
  return text?.replace(/"\\u0000(-?\d+)"/g, '$1');
}
