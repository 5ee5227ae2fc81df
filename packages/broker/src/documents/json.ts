/**
 * JSON as a broker has to read it: one meaning for each text. What two readers could understand differently (a member that is
 * there twice, a number that no double holds, half a surrogate pair) is refused, and depth, size and count are bounded.
 *
 * @module
 */

/** An object. A map: the names come from a client, and none of them may mean something to JavaScript. */
export type JsonObject = ReadonlyMap<string, Json>;

/** A value. Whole numbers that a double cannot hold are bigints. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

/** The most that is read. */
export interface JsonBounds {
  /** UTF-16 units of the text. */
  readonly length: number;
  readonly depth: number;
  /** Values in all. */
  readonly values: number;
}

/** For documents of the Host Compute System: the largest seen have a tenth of it. */
export const documentBounds: JsonBounds = { length: 1 << 20, depth: 64, values: 50_000 };

/** Why a text is not read. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** Whether a value is an object of JSON. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Whether a value is a list of JSON. */
export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * Reads a text.
 *
 * @throws JsonError for what is not JSON, or not unambiguous, or beyond the bounds
 */
export function readJson(text: string, bounds: JsonBounds = documentBounds): Json {
  if (text.length > bounds.length) throw new JsonError(`must have at most ${bounds.length} characters`);
  return new Reader(text, bounds).read();
}

const largest = 2n ** 64n;
const numberForm = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const words = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Reader {
  readonly #text: string;
  readonly #bounds: JsonBounds;
  #at = 0;
  #depth = 0;
  #values = 0;

  constructor(text: string, bounds: JsonBounds) {
    this.#text = text;
    this.#bounds = bounds;
  }

  read(): Json {
    const value = this.#value();
    this.#blank();
    if (this.#at < this.#text.length) throw this.#error('must end after its first value');
    return value;
  }

  #error(what: string): JsonError {
    return new JsonError(`${what} (at character ${this.#at})`);
  }

  #blank(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  /** The next character that is not blank. */
  #next(): string {
    this.#blank();
    return this.#text[this.#at] ?? '';
  }

  #take(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#at++;
    return true;
  }

  #value(): Json {
    if (++this.#values > this.#bounds.values) throw this.#error(`must have at most ${this.#bounds.values} values`);
    const first = this.#next();
    if (first === '{') return this.#nested(() => this.#object());
    if (first === '[') return this.#nested(() => this.#list());
    if (first === '"') return this.#string();
    if (first === '-' || (first >= '0' && first <= '9')) return this.#number();
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    throw this.#error('must be JSON');
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > this.#bounds.depth)
      throw this.#error(`must not be nested more than ${this.#bounds.depth} deep`);
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): JsonObject {
    const members = new Map<string, Json>();
    if (this.#take('}')) return members;
    do {
      if (this.#next() !== '"') throw this.#error('must have names in quotes');
      const name = this.#string();
      if (members.has(name)) throw this.#error(`must have each member once; received ${quoted(name)} twice`);
      if (!this.#take(':')) throw this.#error('must have a colon after a name');
      members.set(name, this.#value());
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#error('must end each object');
    return members;
  }

  #list(): readonly Json[] {
    const values: Json[] = [];
    if (this.#take(']')) return values;
    do values.push(this.#value());
    while (this.#take(','));
    if (!this.#take(']')) throw this.#error('must end each list');
    return values;
  }

  #string(): string {
    const parts: string[] = [];
    this.#at++;
    for (;;) {
      plainText.lastIndex = this.#at;
      const [plain] = plainText.exec(this.#text)!;
      parts.push(plain);
      this.#at += plain.length;
      const end = this.#text[this.#at++];
      if (end === '"') break;
      if (end !== '\\') throw this.#error('must have strings that end, without control characters');
      parts.push(this.#escape());
    }
    const text = parts.join('');
    if (text.includes('\0')) throw this.#error('must have strings without NUL characters');
    if (!text.isWellFormed()) throw this.#error('must have strings of whole characters');
    return text;
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter !== 'u') {
      const character = escapes[letter];
      if (character === undefined) throw this.#error('must have the escapes of JSON only');
      return character;
    }
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[\dA-Fa-f]{4}$/.test(digits)) throw this.#error('must have four digits after \\u');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number | bigint {
    numberForm.lastIndex = this.#at;
    const found = numberForm.exec(this.#text);
    if (found === null) throw this.#error('must be JSON');
    const [form, fraction, exponent] = found;
    this.#at += form.length;
    if (form.length > 40) throw this.#error('must have numbers of at most 40 characters');
    const number = Number(form);
    if (!Number.isFinite(number)) throw this.#error('must have numbers that are finite');
    if (fraction !== undefined || exponent !== undefined || Number.isSafeInteger(number)) return number;
    const whole = BigInt(form);
    if (whole >= largest || whole < -largest / 2n) throw this.#error('must have whole numbers of at most 64 bits');
    return whole;
  }
}

/** The text of a value, for the host. */
export function printJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (isJsonList(value)) return `[${value.map(printJson).join(',')}]`;
  if (isJsonObject(value)) {
    return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** A text of a client in a message: short, on one line. */
export function quoted(text: string, length = 80): string {
  const cut = text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
  return JSON.stringify(cut.toWellFormed());
}
