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
const longestName = 2 * (255 + 1 + 255);

/** The name of a stream's id, for messages. */
export function nameOfStream(id: number): string {
  const name = Object.entries(streamId).find(([, value]) => value === id)?.[0];
  return name ?? `stream ${id}`;
}

/** How many bytes the header has, by its first 20: with its name, and with the offset of a sparse block. */
export function headerSize(bytes: Uint8Array, at = 0): number {
  const view = viewOf(bytes);
  const nameSize = view.getUint32(at + 16, true);
  if (nameSize > longestName || nameSize % 2 !== 0) {
    throw new FormatError(`a stream has a name of ${nameSize} bytes`);
  }
  return fixedHeaderSize + nameSize + (view.getUint32(at, true) === streamId.sparseBlock ? 8 : 0);
}

/** Reads the header at `at`; all {@link headerSize} bytes of it have to be there. */
export function readHeader(bytes: Uint8Array, at = 0): StreamHeader {
  const view = viewOf(bytes);
  const id = view.getUint32(at, true);
  const attributes = view.getUint32(at + 4, true);
  const size = count(view.getBigInt64(at + 8, true), 'size');
  const nameEnd = at + fixedHeaderSize + view.getUint32(at + 16, true);
  const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'utf16le',
    at + fixedHeaderSize,
    nameEnd,
  );
  if (id !== streamId.sparseBlock) return { id, attributes, size, name };
  if (size < 8) throw new FormatError(`a sparse block has ${size} bytes, less than its offset`);
  return { id, attributes, size: size - 8, name, offset: count(view.getBigInt64(nameEnd, true), 'offset') };
}

/** The bytes of a header, a sparse block's with its offset. */
export function writeHeader(header: StreamHeader): Buffer {
  const { id, attributes, size, name, offset } = header;
  const isBlock = id === streamId.sparseBlock;
  const nameSize = 2 * name.length;
  const bytes = Buffer.alloc(fixedHeaderSize + nameSize + (isBlock ? 8 : 0));
  bytes.writeUInt32LE(id, 0);
  bytes.writeUInt32LE(attributes, 4);
  bytes.writeBigInt64LE(BigInt(isBlock ? size + 8 : size), 8);
  bytes.writeUInt32LE(nameSize, 16);
  bytes.write(name, fixedHeaderSize, 'utf16le');
  if (isBlock) bytes.writeBigInt64LE(BigInt(offset ?? 0), fixedHeaderSize + nameSize);
  return bytes;
}

function count(value: bigint, what: string): number {
  if (value < 0n || value > Number.MAX_SAFE_INTEGER) throw new FormatError(`a stream has the ${what} ${value}`);
  return Number(value);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
