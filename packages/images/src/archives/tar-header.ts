/**
 * What the blocks of a tar say.
 *
 * @module
 */
export interface TarEntry {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` directory ... */
  readonly type: string;
  readonly link: string;
  /** Where its content begins in the file. */
  readonly offset: number;
  readonly size: number;
}

/** @param offset - of what follows the block. A size that is no number is NaN. */
export function headerOf(block: Buffer, offset: number): TarEntry {
  const name = textOf(block.subarray(0, 100));
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : '';
  // Old tools wrote no type for files, and 7 is a file too.
  const type = String.fromCharCode(block[156]!).replace(/[\x007]/, '0');
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type,
    link: textOf(block.subarray(157, 257)),
    offset,
    size: numberOf(block.subarray(124, 136)),
  };
}

/** What an extended header says of the next entry: of POSIX (`x`, `g`) or GNU (`L`, `K`). Undefined where it does not decode. */
export function extensionOf(type: string, content: Buffer): Partial<TarEntry> | undefined {
  if (type === 'g') return {};
  if (type === 'L') return { name: textOf(content) };
  if (type === 'K') return { link: textOf(content) };
  const found: { name?: string; link?: string; size?: number } = {};
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(' ', at);
    const length = blank < 0 ? NaN : Number(content.toString('latin1', at, blank));
    if (!(Number.isSafeInteger(length) && length > blank - at && at + length <= content.length)) return undefined;
    const record = content.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === 'path') found.name = value;
    if (key === 'linkpath') found.link = value;
    if (key === 'size') found.size = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
    at += length;
  }
  return found;
}

export function hasChecksum(block: Buffer): boolean {
  let sum = 0;
  for (const [at, byte] of block.subarray(0, 512).entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  return sum === numberOf(block.subarray(148, 156));
}

export function isEmpty(block: Buffer): boolean {
  return block.subarray(0, 512).every((byte) => byte === 0);
}

/** Octal digits, or in base 256. */
function numberOf(field: Buffer): number {
  if ((field[0]! & 0x80) === 0) {
    const text = field.toString('latin1').replace(/\0.*$/s, '').trim();
    return /^[0-7]+$/.test(text) ? parseInt(text, 8) : text === '' ? 0 : NaN;
  }
  let value = field[0]! & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return value;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}
