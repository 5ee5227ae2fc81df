// Gathers what a tar is made of in chunks of one size, so that what goes to the other thread goes in few messages.
import type { LayerFile } from './layer-file.js';
import { padded } from './tar-header.js';

const chunkSize = 256 * 1024;

/** Each method gives the chunks that have become full. A chunk that was given is not touched again. */
export class ChunkFiller {
  #chunk = new Uint8Array(chunkSize);
  #used = 0;
  #total = 0;

  *bytes(bytes: Uint8Array): Generator<Uint8Array> {
    for (let done = 0; done < bytes.length;) {
      const piece = bytes.subarray(done, done + chunkSize - this.#used);
      this.#chunk.set(piece, this.#used);
      done += piece.length;
      yield* this.#advance(piece.length);
    }
  }

  /** Part of a file. Throws when the file has become shorter. */
  *file(file: LayerFile, position: number, length: number): Generator<Uint8Array> {
    if (file.hasRead(position, length)) {
      yield* this.bytes(file.read(position, length));
      return;
    }
    for (let done = 0; done < length;) {
      const room = Math.min(length - done, chunkSize - this.#used);
      const read = file.readInto(this.#chunk.subarray(this.#used, this.#used + room), position + done);
      if (read === 0) throw new Error('the file has become shorter while it was read');
      done += read;
      yield* this.#advance(read);
    }
  }

  *zeros(length: number): Generator<Uint8Array> {
    for (let left = length; left > 0;) {
      const room = Math.min(left, chunkSize - this.#used);
      left -= room;
      yield* this.#advance(room);
    }
  }

  /** Zeros up to the end of a block. */
  *padding(): Generator<Uint8Array> {
    yield* this.zeros(padded(this.#total) - this.#total);
  }

  /** What is left. */
  *end(): Generator<Uint8Array> {
    if (this.#used > 0) yield this.#chunk.subarray(0, this.#used);
    this.#used = 0;
  }

  *#advance(length: number): Generator<Uint8Array> {
    this.#used += length;
    this.#total += length;
    if (this.#used < chunkSize) return;
    const full = this.#chunk;
    this.#chunk = new Uint8Array(chunkSize);
    this.#used = 0;
    yield full;
  }
}
