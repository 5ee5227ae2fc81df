// A Win32 backup stream: streams one after the other, without padding, up to the end of the input.
import { FormatError } from './format-error.js';
import { quoted } from '../../shortened.js';
import type { StreamHeader } from './stream-header.js';
import {
  fixedHeaderSize,
  headerSize,
  longestName,
  nameOfStream,
  readHeader,
  streamId,
  writeHeader,
} from './stream-header.js';

/** A whole stream of which the data is at hand: header and data. The data of a larger one follows {@link writeHeader}. */
export function encodeStream(id: number, data: Uint8Array, name = ''): Buffer {
  return Buffer.concat([writeHeader({ id, attributes: 0, size: data.length, name }), data]);
}

/** The name that a stream of a file has in a backup stream: `s` is `:s:$DATA`. */
export function alternateName(stream: string): string {
  return `:${stream}:$DATA`;
}

/** The opposite of {@link alternateName}. */
export function streamOfAlternate(name: string): string {
  const match = /^:([^:]+):\$DATA$/i.exec(name);
  if (match === null) throw new FormatError(`an alternate stream has the name ${quoted(name)}`);
  return match[1]!;
}

/** The callbacks of a {@link BackupStreamDecoder}: per stream one `header`, `data` in as many pieces as come, one `end`. */
export interface StreamListener {
  header(header: StreamHeader): void;
  /** A view of the chunk that was pushed: copy what is to be kept. */
  data(bytes: Uint8Array): void;
  end(): void;
}

/** Takes a backup stream apart, wherever its chunks are cut. Throws {@link FormatError}. */
export class BackupStreamDecoder {
  readonly #listener: StreamListener;
  #pending: Buffer = Buffer.alloc(0);
  #header: StreamHeader | undefined;
  #left = 0;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#header === undefined ? this.#takeHeader(rest) : this.#takeData(rest);
  }

  /** No more comes. Throws when a stream is not whole. */
  end(): void {
    if (this.#header !== undefined) {
      throw new FormatError(
        `the input ends ${this.#left} bytes before its ${nameOfStream(this.#header.id)} stream does`,
      );
    }
    if (this.#pending.length > 0) throw new FormatError('the input ends inside the header of a stream');
  }

  #takeHeader(chunk: Uint8Array): Uint8Array {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const size = bytes.length < fixedHeaderSize ? Infinity : headerSize(bytes);
    if (bytes.length < size) {
      this.#pending = Buffer.from(bytes);
      return chunk.subarray(chunk.length);
    }
    this.#pending = Buffer.alloc(0);
    this.#header = readHeader(bytes);
    this.#left = this.#header.size;
    this.#listener.header(this.#header);
    if (this.#left === 0) this.#finish();
    return bytes.subarray(size);
  }

  #takeData(chunk: Uint8Array): Uint8Array {
    const data = chunk.subarray(0, this.#left);
    this.#left -= data.length;
    this.#listener.data(data);
    if (this.#left === 0) this.#finish();
    return chunk.subarray(data.length);
  }

  #finish(): void {
    this.#header = undefined;
    this.#listener.end();
  }
}

/** A stream, and where its data begins in the input. */
export interface PlacedStream extends StreamHeader {
  readonly position: number;
}

/**
 * Lists the streams of an input that can be read at any place, without reading their data.
 *
 * @param read - gives the bytes at a position: as many as were asked for, or up to the end of the input
 * @param start - where the first stream begins
 * @param end - where the input ends; `Infinity` where it ends when nothing more comes
 * @param head - bytes of the input from its begin on that are at hand
 */
export function placeStreams(
  read: (position: number, length: number) => Uint8Array,
  start: number,
  end: number,
  head: Uint8Array = nothing,
): PlacedStream[] {
  const found: PlacedStream[] = [];
  for (let at = start; at < end;) {
    const isAtHand = at + fixedHeaderSize <= head.length && at + headerSize(head, at) <= head.length;
    const bytes = isAtHand ? head : read(at, Math.min(end - at, fixedHeaderSize + longestName + 8));
    if (bytes.length === 0 && end === Infinity) break;
    const from = isAtHand ? at : 0;
    const size = !isAtHand && bytes.length < fixedHeaderSize ? Infinity : headerSize(bytes, from);
    if (!isAtHand && bytes.length < size) throw new FormatError('the input ends inside the header of a stream');
    const header = readHeader(bytes, from);
    const position = at + size;
    if (end - position < header.size) {
      const missing = header.size - (end - position);
      throw new FormatError(`the input ends ${missing} bytes before its ${nameOfStream(header.id)} stream does`);
    }
    const { id, attributes, name } = header;
    // Spreading all of them takes longer than reading them.
    found.push(
      header.offset === undefined ? { id, attributes, size: header.size, name, position } : { ...header, position },
    );
    at = position + header.size;
  }
  return found;
}

const nothing = new Uint8Array(0);

/** A piece of a file that has content; what is between the pieces is zeros. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
  /** Where the content begins in the backup stream. */
  readonly position: number;
}

/** The content of a file, and its size with its holes. */
export interface FileContent {
  readonly size: number;
  readonly extents: readonly Extent[];
  readonly isSparse: boolean;
}

/**
 * The content that a DATA stream and the sparse blocks after it stand for, in all the forms that builds of Windows write: whole;
 * DATA of no bytes and blocks in ascending order, of which the last has no bytes and says the size.
 *
 * @param data - the DATA stream
 * @param blocks - the sparse blocks that follow it at once
 */
export function contentOf(data: PlacedStream, blocks: readonly PlacedStream[]): FileContent {
  const extents: Extent[] = [];
  if (data.size > 0) extents.push({ offset: 0, length: data.size, position: data.position });
  let size = data.size;
  let isEnded = false;
  for (const { offset = 0, size: length, position } of blocks) {
    if (isEnded) throw new FormatError('a sparse block comes after the one that ends the file');
    if (offset < size) throw new FormatError(`a sparse block at ${offset} comes after one that ends at ${size}`);
    if (length > 0) extents.push({ offset, length, position });
    else isEnded = true;
    size = offset + length;
  }
  return { size, extents, isSparse: blocks.length > 0 };
}

/** Of the streams that are held in memory as metadata, how many bytes there may be. */
export const largestMetadata: Readonly<Record<number, number>> = {
  [streamId.extendedAttributes]: 0x10000,
  [streamId.security]: 0x10000,
  [streamId.reparse]: 0x4000,
};
