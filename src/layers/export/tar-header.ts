// The headers of a layer tar, byte for byte as archive/tar of Go writes them: layers are known by the digest of their tar, so
// that the same layer has to become the same bytes whichever tool writes it.
import type { FileTimes } from '../formats/file-time.js';
import { paxTime, secondsOf } from '../formats/file-time.js';
import { withoutTrailing } from '../../trailing.js';
import { sortBytewise } from './bytewise.js';

/** Type flags. */
export const tarType = { file: '0', link: '1', symlink: '2', directory: '5' } as const;

/** An entry of the tar. */
export interface TarHeader {
  /** With slashes, without one at its end. */
  readonly name: string;
  readonly type: (typeof tarType)[keyof typeof tarType];
  readonly mode: number;
  readonly size: number;
  readonly linkName?: string;
  readonly times: Pick<FileTimes, 'write'>;
  /** Of the extended header, without `path`, `linkpath`, `size` and `mtime`. */
  readonly records: Readonly<Record<string, string>>;
}

export const blockSize = 512;

const nameSize = 100;
const prefixSize = 155;

/**
 * Writes the extended header, where the entry needs one, and the header.
 *
 * @returns how many bytes they have. Where those are more than there is room for, they are not whole.
 */
export function writeHeader(bytes: Uint8Array, at: number, header: TarHeader): number {
  const { name, type, mode, size, linkName = '', times, records } = header;
  const whole = secondsOf(times.write);
  const isPlainName = isPlain(name);
  const isPlainLink = linkName === '' || isPlain(linkName);
  const start = at + blockSize;
  let end = start;
  for (const key of sortedKeys(records)) end += writeRecord(bytes, end, key, records[key]!);
  if (!isPlainLink) end += writeRecord(bytes, end, 'linkpath', linkName);
  if (!whole.isExact || !fits(whole.seconds)) end += writeRecord(bytes, end, 'mtime', paxTime(times.write));
  if (!isPlainName) end += writeRecord(bytes, end, 'path', name);
  if (!fits(size)) end += writeRecord(bytes, end, 'size', String(size));
  const plainName = isPlainName ? name : ascii(name);
  const main = end > start ? start + padded(end - start) : at;
  const length = main + blockSize - at;
  if (at + length > bytes.length) return length;
  if (end > start) {
    bytes.fill(0, end, main);
    const fields = { name: extendedName(plainName), type: 'x', mode: 0, size: end - start, seconds: 0, linkName: '' };
    writeBlock(bytes, at, emptyExtended, fields);
  }
  const link = isPlainLink ? linkName : ascii(linkName).slice(0, nameSize);
  writeBlock(bytes, main, empty, { name: plainName, type, mode, size, seconds: whole.seconds, linkName: link });
  return length;
}

/** An entry `.wh.name`: a plain header, unless the name needs more. As {@link writeHeader}. */
export function writeWhiteout(bytes: Uint8Array, at: number, name: string): number {
  const split = isPlain(name) ? { prefix: '', rest: name } : splitName(name);
  if (split === undefined) {
    const epoch = 116_444_736_000_000_000n;
    return writeHeader(bytes, at, { name, type: tarType.file, mode: 0, size: 0, times: { write: epoch }, records: {} });
  }
  const fields = { name: split.rest, type: tarType.file, mode: 0, size: 0, seconds: 0, linkName: '' };
  if (at + blockSize <= bytes.length) writeBlock(bytes, at, empty, { ...fields, prefix: split.prefix });
  return blockSize;
}

/** A size with what fills its last block. */
export function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

/** The keys, in the order of their bytes. Those of an entry mostly are. */
function sortedKeys(records: Readonly<Record<string, string>>): string[] {
  const keys = Object.keys(records);
  for (let at = 1; at < keys.length; at += 1) if (keys[at - 1]! > keys[at]!) return sortBytewise(keys);
  return keys;
}

/** Writes a record of the extended header, which begins with its own length. Gives that. */
function writeRecord(bytes: Uint8Array, at: number, key: string, value: string): number {
  let length = lengthOfRecord(key.length + value.length);
  let place = at + digitsOf(length);
  for (let rest = length, digit = place - 1; digit >= at; digit -= 1) {
    bytes[digit] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  bytes[place++] = 0x20;
  const isAscii = writeAscii(bytes, place, key) && writeAscii(bytes, place + key.length + 1, value);
  if (isAscii) {
    bytes[place + key.length] = 0x3d;
    bytes[at + length - 1] = 0x0a;
    return length;
  }
  const text = `${key}=${value}\n`;
  length = lengthOfRecord(Buffer.byteLength(text) - 2);
  const encoded = Buffer.from(`${length} ${text}`);
  bytes.set(encoded.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
  return length;
}

/** @param size - of key and value */
function lengthOfRecord(size: number): number {
  const rest = size + 3;
  const length = rest + digitsOf(rest);
  return digitsOf(length) > digitsOf(rest) ? length + 1 : length;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits += 1;
  return digits;
}

/** The name of an extended header, by the name of its entry in ASCII. */
function extendedName(name: string): string {
  const at = name.lastIndexOf('/') + 1;
  const whole = `${name.slice(0, at)}PaxHeaders.0/${name.slice(at)}`;
  return whole.length <= nameSize ? whole : withoutTrailing(whole.slice(0, nameSize), '/');
}

/** Whether a name fits its field as it is. */
function isPlain(name: string): boolean {
  return name.length <= nameSize && /^[\x01-\x7f]*$/.test(name);
}

function ascii(text: string): string {
  return text.replace(/[^\x01-\x7f]/g, '');
}

function splitName(name: string): { prefix: string; rest: string } | undefined {
  if (ascii(name) !== name) return undefined;
  const at = name.slice(0, prefixSize + 1).lastIndexOf('/');
  const rest = name.slice(at + 1);
  return at <= 0 || rest === '' || rest.length > nameSize ? undefined : { prefix: name.slice(0, at), rest };
}

/** A header of zeros: what is in it, and the sum of its bytes. */
interface Template {
  readonly bytes: Uint8Array;
  readonly sum: number;
}

function template(hasDevice: boolean): Template {
  const bytes = Buffer.alloc(blockSize);
  const fields = [[100, 7], [108, 7], [116, 7], [124, 11], [136, 11], ...(hasDevice ? [[329, 7], [337, 7]] : [])]; // prettier-ignore
  for (const [at, digits] of fields) bytes.fill('0', at, at! + digits!);
  bytes.write('ustar\x0000', 257, 'latin1');
  // Spaces stand for the checksum while it is made.
  bytes.fill(' ', 148, 156);
  return { bytes, sum: bytes.reduce((sum, byte) => sum + byte, 0) };
}

const empty = template(true);
const emptyExtended = template(false);

interface Fields {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly seconds: number;
  readonly linkName: string;
  readonly prefix?: string;
}

/** Writes one block. Each field gives what it adds to the checksum. */
function writeBlock(bytes: Uint8Array, at: number, { bytes: zeros, sum: sumOfZeros }: Template, fields: Fields): void {
  const { name, type, mode, size, seconds, linkName, prefix = '' } = fields;
  bytes.set(zeros, at);
  let sum = sumOfZeros + writeName(bytes, at, name);
  sum += writeOctal(bytes, at + 100, 7, mode);
  if (fits(size)) sum += writeOctal(bytes, at + 124, 11, size);
  if (fits(seconds)) sum += writeOctal(bytes, at + 136, 11, seconds);
  sum += writeText(bytes, at + 156, type);
  sum += writeText(bytes, at + 157, linkName);
  sum += writeText(bytes, at + 345, prefix);
  bytes.fill(0x30, at + 148, at + 154);
  bytes[at + 154] = 0;
  writeOctal(bytes, at + 148, 6, sum);
}

/** A name that was cut at a slash ends before it, lest a reader takes the entry for a directory. */
function writeName(bytes: Uint8Array, at: number, name: string): number {
  if (name.length <= nameSize) return writeText(bytes, at, name);
  const field = name.slice(0, nameSize);
  if (!field.endsWith('/')) return writeText(bytes, at, field);
  // As Go does: the rest stays.
  const end = withoutTrailing(field, '/').length;
  return writeText(bytes, at, `${field.slice(0, end)}\0${field.slice(end + 1)}`);
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    bytes[at + index] = code;
    sum += code;
  }
  return sum;
}

/** Whether all of it was ASCII. */
function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  let all = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    bytes[at + index] = code;
    all |= code;
  }
  return all < 0x80;
}

/** Whether a number fits the eleven octal digits of a size or a time. */
function fits(value: number): boolean {
  return value >= 0 && value <= 0o77777777777;
}

/** Writes a number over zeros. */
function writeOctal(bytes: Uint8Array, at: number, digits: number, value: number): number {
  let sum = 0;
  for (let place = at + digits - 1, rest = value; rest > 0; place -= 1) {
    const digit = rest % 8;
    bytes[place] = 0x30 + digit;
    sum += digit;
    rest = (rest - digit) / 8;
  }
  return sum;
}
