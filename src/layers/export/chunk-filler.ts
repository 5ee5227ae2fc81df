// Gathers what a tar is made of in chunks of one size, so that what goes to the other thread goes in few messages.
import type { DeferredReads, LayerFile } from './layer-file.js';
import { blockSize } from './tar-header.js';

const chunkSize = 256 * 1024;
/** How many chunks may be laid out before the content of the first is there. */
const mostLaidOut = 4;

/** Content that is still being read. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly entry: string;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly pieces: Piece[];
}

/** A chunk that was given is not touched again. */
export class ChunkFiller {
  readonly #reads: DeferredReads | undefined;
  readonly #failed: (entry: string, error: unknown) => unknown;
  #chunk = newChunk();
  #used = 0;
  #total = 0;
  readonly #laidOut: Chunk[] = [];

  /**
   * @param failed - makes the error of what cannot be read of an entry
   * @param reads - where files have content read on another thread
   */
  constructor(failed: (entry: string, error: unknown) => unknown, reads?: DeferredReads) {
    this.#failed = failed;
    this.#reads = reads;
  }

  /**
   * What a function writes, which gives how many bytes that are.
   *
   * @param write - called again when there was less room than it needs
   */
  header(write: (bytes: Uint8Array, at: number) => number): void {
    const length = write(this.#chunk.bytes, this.#used);
    if (this.#used + length <= chunkSize) {
      this.#advance(length);
      return;
    }
    const bytes = Buffer.allocUnsafe(length);
    write(bytes, 0);
    this.bytes(bytes);
  }

  /** A part of some bytes. */
  bytes(bytes: Uint8Array, from = 0, to = bytes.length): void {
    for (let done = from; done < to;) {
      const end = Math.min(to, done + chunkSize - this.#used);
      this.#chunk.bytes.set(done === 0 && end === bytes.length ? bytes : bytes.subarray(done, end), this.#used);
      this.#advance(end - done);
      done = end;
    }
  }

  /** Zeros up to the end of a block. */
  padding(): void {
    // A chunk is so many blocks.
    const length = -this.#total & (blockSize - 1);
    this.#chunk.bytes.fill(0, this.#used, this.#used + length);
    this.#advance(length);
  }

  *zeros(length: number): Generator<Uint8Array> {
    for (let left = length; left > 0;) {
      const room = Math.min(left, chunkSize - this.#used);
      left -= room;
      this.#chunk.bytes.fill(0, this.#used, this.#used + room);
      this.#advance(room);
      yield* this.ready();
    }
  }

  /** Part of the file of an entry. Throws when the file has become shorter. */
  *file(entry: string, file: LayerFile, position: number, length: number): Generator<Uint8Array> {
    if (file.hasRead(position, length)) {
      this.bytes(file.read(position, length));
      yield* this.ready();
      return;
    }
    for (let done = 0; done < length;) {
      const room = Math.min(length - done, chunkSize - this.#used);
      const bytes = this.#chunk.bytes.subarray(this.#used, this.#used + room);
      const read = file.readInto(bytes, position + done);
      if (read === undefined) this.#chunk.pieces.push({ bytes, entry });
      if (read === 0) throw shorter();
      done += read ?? room;
      this.#advance(read ?? room);
      yield* this.ready();
    }
  }

  /** Whether `ready()` gives any. */
  get isReady(): boolean {
    const first = this.#laidOut[0];
    return first !== undefined && (first.pieces.length === 0 || this.#laidOut.length > mostLaidOut);
  }

  /** The chunks that are full. */
  *ready(): Generator<Uint8Array> {
    while (this.isReady) yield this.#complete(this.#laidOut.shift()!);
  }

  /** What is left. */
  *end(): Generator<Uint8Array> {
    const last = { bytes: this.#chunk.bytes.subarray(0, this.#used), pieces: this.#chunk.pieces };
    for (const chunk of this.#laidOut.splice(0)) yield this.#complete(chunk);
    if (this.#used > 0) yield this.#complete(last);
    this.#used = 0;
  }

  #complete({ bytes, pieces }: Chunk): Uint8Array {
    for (const piece of pieces) {
      try {
        if (this.#reads!.take(piece.bytes) < piece.bytes.length) throw shorter();
      } catch (error) {
        throw this.#failed(piece.entry, error);
      }
    }
    return bytes;
  }

  #advance(length: number): void {
    this.#used += length;
    this.#total += length;
    if (this.#used < chunkSize) return;
    this.#laidOut.push(this.#chunk);
    this.#chunk = newChunk();
    this.#used = 0;
  }
}

/** Of memory that nothing else is a part of: it goes to another thread. */
function newChunk(): Chunk {
  return { bytes: new Uint8Array(Buffer.allocUnsafeSlow(chunkSize).buffer), pieces: [] };
}

function shorter(): Error {
  return new Error('the file has become shorter while it was read');
}
