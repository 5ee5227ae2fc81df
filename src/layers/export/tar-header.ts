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

/** The extended header, where the entry needs one, and the header. */
export function encodeHeader(header: TarHeader): Buffer {
  const { name, type, mode, size, linkName = '', times, records } = header;
  const whole = secondsOf(times.write);
  const seconds = Number(whole.seconds);
  const all: Record<string, string> = { ...records };
  if (!isPlain(name)) all.path = name;
  if (!isPlain(linkName)) all.linkpath = linkName;
  if (!fits(size)) all.size = String(size);
  if (!whole.isExact || !fits(seconds)) all.mtime = paxTime(times.write);
  const text = Buffer.from(encodeRecords(all));
  const extended = text.length === 0 ? 0 : blockSize + padded(text.length);
  const bytes = Buffer.allocUnsafe(extended + blockSize).fill(0);
  if (extended > 0) {
    writeName(bytes, 0, withoutTrailing(ascii(extendedName(name)).slice(0, nameSize), '/'));
    writeNumbers(bytes, 0, { mode: 0, size: text.length, seconds: 0 });
    finish(bytes, 0, 'x');
    text.copy(bytes, blockSize);
  }
  writeName(bytes, extended, ascii(name));
  writeNumbers(bytes, extended, { mode, size, seconds });
  bytes.write(ascii(linkName).slice(0, nameSize), extended + 157, 'latin1');
  writeDevice(bytes, extended);
  finish(bytes, extended, type);
  return bytes;
}

/** An entry `.wh.name`: a plain header, unless the name needs more. */
export function encodeWhiteout(name: string): Buffer {
  const split = isPlain(name) ? { prefix: '', rest: name } : splitName(name);
  if (split === undefined) {
    const epoch = 116_444_736_000_000_000n;
    return encodeHeader({ name, type: tarType.file, mode: 0, size: 0, times: { write: epoch }, records: {} });
  }
  const bytes = Buffer.alloc(blockSize);
  writeName(bytes, 0, split.rest);
  bytes.write(split.prefix, 345, 'latin1');
  writeNumbers(bytes, 0, { mode: 0, size: 0, seconds: 0 });
  writeDevice(bytes, 0);
  finish(bytes, 0, tarType.file);
  return bytes;
}

/** A size with what fills its last block. */
export function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function encodeRecords(records: Readonly<Record<string, string>>): string {
  return sortBytewise(Object.keys(records))
    .map((key) => {
      const rest = ` ${key}=${records[key]}\n`;
      const size = Buffer.byteLength(rest);
      let length = size + String(size).length;
      if (String(length).length > String(size).length) length = size + String(length).length;
      return `${length}${rest}`;
    })
    .join('');
}

function extendedName(name: string): string {
  const at = name.lastIndexOf('/') + 1;
  return `${name.slice(0, at)}PaxHeaders.0/${name.slice(at)}`;
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

/** A name that was cut at a slash ends before it, lest a reader takes the entry for a directory. */
function writeName(bytes: Buffer, at: number, name: string): void {
  const field = name.slice(0, nameSize);
  bytes.write(field, at, 'latin1');
  if (name.length > nameSize && field.endsWith('/')) bytes[at + withoutTrailing(field, '/').length] = 0;
}

function writeNumbers(bytes: Buffer, at: number, fields: { mode: number; size: number; seconds: number }): void {
  writeOctal(bytes, at + 100, 7, fields.mode);
  writeOctal(bytes, at + 108, 7, 0);
  writeOctal(bytes, at + 116, 7, 0);
  writeOctal(bytes, at + 124, 11, fits(fields.size) ? fields.size : 0);
  writeOctal(bytes, at + 136, 11, fits(fields.seconds) ? fields.seconds : 0);
}

function writeDevice(bytes: Buffer, at: number): void {
  writeOctal(bytes, at + 329, 7, 0);
  writeOctal(bytes, at + 337, 7, 0);
}

/** Whether a number fits the eleven octal digits of a size or a time. */
function fits(value: number): boolean {
  return value >= 0 && value <= 0o77777777777;
}

function writeOctal(bytes: Buffer, at: number, digits: number, value: number): void {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    bytes[place] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
}

function finish(bytes: Buffer, at: number, type: string): void {
  bytes.write(type, at + 156, 'latin1');
  bytes.write('ustar\x0000', at + 257, 'latin1');
  // Eight spaces stand for the checksum while it is made.
  let sum = 8 * 0x20;
  for (let index = at; index < at + blockSize; index += 1) sum += bytes[index]!;
  writeOctal(bytes, at + 148, 6, sum);
  bytes[at + 155] = 0x20;
}
