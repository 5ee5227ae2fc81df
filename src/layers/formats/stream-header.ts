// The header of one stream of a Win32 backup stream: 20 bytes, little-endian, and the stream's name in UTF-16.
import { FormatError } from './format-error.js';

/** Stream ids, `BACKUP_DATA` ... of WIN32_STREAM_ID. */
export const streamId = {
  data: 1,
  extendedAttributes: 2,
  security: 3,
  alternate: 4,
  link: 5,
  property: 6,
  objectId: 7,
  reparse: 8,
  sparseBlock: 9,
  transaction: 10,
  ghostedExtents: 11,
} as const;

/** Attributes of a stream, `STREAM_*`. */
export const streamAttribute = { modifiedWhenRead: 1, security: 2, properties: 4, sparse: 8, ghosted: 16 } as const;

/** What stands before the data of a stream. */
export interface StreamHeader {
  readonly id: number;
  readonly attributes: number;
  /** Bytes of data; of a sparse block without the 8 bytes of its offset. */
  readonly size: number;
  /** Of an alternate stream with both colons and type, such as `:s:$DATA`; otherwise empty. */
  readonly name: string;
  /** Of a sparse block: where its bytes belong in the file. */
  readonly offset?: number;
}

/** Bytes of a header before the name. The `sizeof(WIN32_STREAM_ID)` of C is larger, and wrong. */
export const fixedHeaderSize = 20;

// A component of a path has at most 255 units, a stream's name two colons and a type besides.
export const longestName = 2 * (255 + 1 + 255);

/** The name of a stream's id, for messages. */
export function nameOfStream(id: number): string {
  const name = Object.entries(streamId).find(([, value]) => value === id)?.[0];
  return name ?? `stream ${id}`;
}

/** How many bytes the header has, by its first 20: with its name, and with the offset of a sparse block. */
export function headerSize(bytes: Uint8Array, at = 0): number {
  const nameSize = unsigned(bytes, at + 16);
  if (nameSize > longestName || nameSize % 2 !== 0) {
    throw new FormatError(`a stream has a name of ${nameSize} bytes`);
  }
  return fixedHeaderSize + nameSize + (unsigned(bytes, at) === streamId.sparseBlock ? 8 : 0);
}

/** Reads the header at `at`; all {@link headerSize} bytes of it have to be there. */
export function readHeader(bytes: Uint8Array, at = 0): StreamHeader {
  const id = unsigned(bytes, at);
  const attributes = unsigned(bytes, at + 4);
  const size = count(bytes, at + 8, 'size');
  const nameAt = at + fixedHeaderSize;
  const nameEnd = nameAt + unsigned(bytes, at + 16);
  const name = nameEnd === nameAt ? '' : Buffer.from(bytes.subarray(nameAt, nameEnd)).toString('utf16le');
  if (id !== streamId.sparseBlock) return { id, attributes, size, name };
  if (size < 8) throw new FormatError(`a sparse block has ${size} bytes, less than its offset`);
  return { id, attributes, size: size - 8, name, offset: count(bytes, nameEnd, 'offset') };
}

/** The bytes of a header, a sparse block's with its offset. */
export function writeHeader(header: StreamHeader): Buffer {
  const { id, attributes, size, name, offset } = header;
  const isBlock = id === streamId.sparseBlock;
  const nameSize = 2 * name.length;
  const bytes = Buffer.allocUnsafe(fixedHeaderSize + nameSize + (isBlock ? 8 : 0));
  const stored = isBlock ? size + 8 : size;
  bytes.writeUInt32LE(id, 0);
  bytes.writeUInt32LE(attributes, 4);
  bytes.writeUInt32LE(stored % 2 ** 32, 8);
  bytes.writeUInt32LE(Math.floor(stored / 2 ** 32), 12);
  bytes.writeUInt32LE(nameSize, 16);
  if (nameSize > 0) bytes.write(name, fixedHeaderSize, 'utf16le');
  if (isBlock) bytes.writeBigInt64LE(BigInt(offset ?? 0), fixedHeaderSize + nameSize);
  return bytes;
}

function count(bytes: Uint8Array, at: number, what: string): number {
  const [low, high] = [unsigned(bytes, at), unsigned(bytes, at + 4)];
  const value = high * 2 ** 32 + low;
  if (value > Number.MAX_SAFE_INTEGER) {
    throw new FormatError(`a stream has the ${what} ${BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))}`);
  }
  return value;
}

/** Little-endian, 32 bits. Without a view: there is one of these per file of a layer, and more. */
function unsigned(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
