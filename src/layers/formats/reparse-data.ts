// REPARSE_DATA_BUFFER of symbolic links and mount points (junctions).
import { FormatError } from './format-error.js';

/** What a reparse point of these two kinds points at. */
export interface ReparsePoint {
  readonly kind: 'symlink' | 'mountPoint';
  /** As a person would write it, with backslashes: `..\a`, `C:\x`, `\\server\share`. */
  readonly target: string;
}

const mountPointTag = 0xa0000003;
const symlinkTag = 0xa000000c;
const relativeFlag = 1;
const largestBuffer = 0x4000;

/** Tags of other kinds, for messages. */
const foreignTags: Readonly<Record<number, string>> = {
  0x00006375: 'CYGUNIX',
  0x80000005: 'DRIVE_EXTENDER',
  0x80000007: 'SIS',
  0x80000008: 'WIM',
  0x80000009: 'CSV',
  0x8000000a: 'DFS',
  0x80000012: 'DFSR',
  0x80000013: 'DEDUP',
  0x80000014: 'NFS',
  0x80000015: 'FILE_PLACEHOLDER',
  0x80000017: 'WOF',
  0x80000018: 'WCI',
  0x80000021: 'ONEDRIVE',
  0x80000023: 'AF_UNIX',
  0x80000024: 'LX_FIFO',
  0x80000025: 'LX_CHR',
  0x80000026: 'LX_BLK',
  0x8000001b: 'APPEXECLINK',
  0x9000001c: 'PROJFS',
  0x90001018: 'WCI_1',
  0xa0000019: 'GLOBAL_REPARSE',
  0xa000001d: 'LX_SYMLINK',
  0xa000001f: 'WCI_TOMBSTONE',
  0xa0000022: 'PROJFS_TOMBSTONE',
  0xa0000027: 'WCI_LINK',
  0xa0001027: 'WCI_LINK_1',
  0xc0000004: 'HSM',
};

/** Tags of files whose content, or whose place in the tree, is known to a filter driver only. */
const tagsOfContent = new Set([
  0x80000005, 0x80000007, 0x80000008, 0x80000009, 0x80000013, 0x80000015, 0x80000017, 0x80000018, 0x80000021,
  0x9000001c, 0x90001018, 0xa000001f, 0xa0000022, 0xa0000027, 0xa0001027, 0xc0000004,
]);

const isCloud = (tag: number): boolean => (tag & 0xffff0fff) >>> 0 === 0x9000001a;

/** `IO_REPARSE_TAG_WCI (0x80000018)`, as far as the tag has a name here. */
export function nameOfTag(tag: number): string {
  const name = isCloud(tag) ? 'CLOUD' : foreignTags[tag];
  const number = `0x${tag.toString(16).padStart(8, '0').toUpperCase()}`;
  return name === undefined ? number : `IO_REPARSE_TAG_${name} (${number})`;
}

/**
 * The tag of a reparse point that stands for nothing but itself and that a layer tar has no form for: a socket, a link of
 * WSL or Cygwin, one of an unknown program. `undefined` for all others.
 */
export function tagWithoutForm(bytes: Uint8Array): number | undefined {
  if (bytes.length < 8) return undefined;
  const tag = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const hasForm = tag === symlinkTag || tag === mountPointTag;
  return hasForm || isCloud(tag) || tagsOfContent.has(tag) ? undefined : tag;
}

/** The bytes for a target, slashes in it taken for backslashes. What has neither drive nor server is relative. */
export function encodeReparseData({ kind, target }: ReparsePoint): Buffer {
  const print = target.replaceAll('/', '\\');
  const { substitute, isRelative } = substituteName(print);
  const printOffset = 2 * substitute.length + 2;
  const namesAt = kind === 'symlink' ? 20 : 16;
  const size = namesAt + printOffset + 2 * print.length + 2;
  if (size > largestBuffer)
    throw new FormatError(`a link's target has ${print.length} UTF-16 units, which is too long`);
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(kind === 'symlink' ? symlinkTag : mountPointTag, 0);
  bytes.writeUInt16LE(size - 8, 4);
  bytes.writeUInt16LE(0, 8);
  bytes.writeUInt16LE(2 * substitute.length, 10);
  bytes.writeUInt16LE(printOffset, 12);
  bytes.writeUInt16LE(2 * print.length, 14);
  if (kind === 'symlink') bytes.writeUInt32LE(isRelative ? relativeFlag : 0, 16);
  bytes.write(substitute, namesAt, 'utf16le');
  bytes.write(print, namesAt + printOffset, 'utf16le');
  return bytes;
}

/**
 * The target that the bytes name: the print name, or where that is empty, as many tools leave it, the substitute name without
 * its `\??\`. Throws {@link FormatError}, which names the tag when it is of another kind.
 */
export function decodeReparseData(bytes: Uint8Array): ReparsePoint {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < 8) throw new FormatError(`reparse data has ${buffer.length} bytes, less than its header`);
  const tag = buffer.readUInt32LE(0);
  if (tag !== symlinkTag && tag !== mountPointTag) {
    throw new FormatError(`a reparse point has the tag ${nameOfTag(tag)}, which a layer tar cannot carry`);
  }
  const namesAt = tag === symlinkTag ? 20 : 16;
  if (buffer.length < namesAt || buffer.length !== 8 + buffer.readUInt16LE(4)) {
    throw new FormatError(`reparse data has ${buffer.length} bytes, which is not what its header says`);
  }
  const name = (offset: number, length: number): string => {
    const start = namesAt + buffer.readUInt16LE(offset);
    const end = start + buffer.readUInt16LE(length);
    if (end > buffer.length || (end - start) % 2 !== 0)
      throw new FormatError('a name of reparse data is beyond its end');
    return buffer.toString('utf16le', start, end);
  };
  const kind = tag === symlinkTag ? 'symlink' : 'mountPoint';
  const print = name(12, 14);
  const target = print === '' ? printable(name(8, 10)) : print;
  if (target === '') throw new FormatError('a link has no target');
  return { kind, target };
}

function substituteName(print: string): { substitute: string; isRelative: boolean } {
  if (print.startsWith('\\\\?\\')) return { substitute: `\\??\\${print.slice(4)}`, isRelative: false };
  if (print.startsWith('\\\\')) return { substitute: `\\??\\UNC\\${print.slice(2)}`, isRelative: false };
  if (/^[a-z]:/i.test(print)) return { substitute: `\\??\\${print}`, isRelative: false };
  return { substitute: print, isRelative: true };
}

function printable(substitute: string): string {
  if (!substitute.startsWith('\\??\\')) return substitute;
  const rest = substitute.slice(4);
  if (/^UNC\\/i.test(rest)) return `\\\\${rest.slice(4)}`;
  return /^[a-z]:/i.test(rest) ? rest : `\\\\?\\${rest}`;
}
