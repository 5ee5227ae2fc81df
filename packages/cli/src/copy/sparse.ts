/**
 * Sparse files in the form of GNU, version 1.0, which the tar of Windows has for those of NTFS: before the content is a map that
 * says where each piece of it belongs.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises';

import type { Header } from 'tar-stream';

import { refused } from './entry-names.js';

export interface Sparse {
  readonly name: string;
  readonly size: number;
}

const blockSize = 512;
/** More than any file is likely to have. */
const mostPieces = 1_000_000;

/** Undefined for a file that comes as it is. */
export function sparseOf({ name, pax }: Header): Sparse | undefined {
  const members = (pax ?? {}) as Readonly<Record<string, string>>;
  if (!Object.keys(members).some((each) => each.startsWith('GNU.sparse.'))) return undefined;
  const [version, real, size] = ['major', 'name', 'realsize'].map((each) => members[`GNU.sparse.${each}`]);
  if (version !== '1' || real === undefined || size === undefined || !/^\d{1,15}$/.test(size))
    throw refused(name, 'is a sparse file in a form that is not supported');
  return { name: real, size: Number(size) };
}

/** @param show - gets the size of each piece that has been written */
export async function writeSparse(
  file: FileHandle,
  { name, size }: Sparse,
  content: AsyncIterable<Uint8Array>,
  show: (bytes: number) => void,
): Promise<void> {
  const reader = new Reader(content, () => refused(name, 'is a sparse file with a damaged map'));
  const count = await reader.number();
  if (count > mostPieces) throw refused(name, `is a sparse file of more than ${mostPieces} pieces`);
  const map: (readonly [number, number])[] = [];
  let end = 0;
  for (let i = 0; i < count; i++) {
    const [offset, length] = [await reader.number(), await reader.number()];
    if (offset < end || offset + length > size) throw reader.damaged();
    end = offset + length;
    map.push([offset, length]);
  }
  await reader.passBlock();
  for (const [offset, length] of map) {
    for (let done = 0; done < length;) {
      const piece = await reader.take(length - done);
      if (piece.length === 0) throw reader.damaged();
      for (let written = 0; written < piece.length;) {
        const { bytesWritten } = await file.write(piece, written, null, offset + done + written);
        written += bytesWritten;
      }
      done += piece.length;
      show(piece.length);
    }
  }
  if ((await reader.take(1)).length > 0) throw reader.damaged();
  await file.truncate(size);
}

class Reader {
  readonly damaged: () => Error;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #read = 0;

  constructor(content: AsyncIterable<Uint8Array>, damaged: () => Error) {
    this.damaged = damaged;
    this.#chunks = content[Symbol.asyncIterator]();
  }

  /** So much at most; nothing at the end. */
  async take(most: number): Promise<Uint8Array> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return this.#chunk;
      this.#chunk = next.value;
    }
    const taken = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(taken.length);
    this.#read += taken.length;
    return taken;
  }

  /** A line of the map. */
  async number(): Promise<number> {
    let text = '';
    for (;;) {
      const [byte] = await this.take(1);
      if (byte === 0x0a && text !== '') return Number(text);
      if (byte === undefined || byte < 0x30 || byte > 0x39 || text.length === 15) throw this.damaged();
      text += String.fromCharCode(byte);
    }
  }

  /** To the end of the block. */
  async passBlock(): Promise<void> {
    for (;;) {
      const left = (blockSize - (this.#read % blockSize)) % blockSize;
      if (left === 0) return;
      if ((await this.take(left)).length === 0) throw this.damaged();
    }
  }
}
