/**
 * What goes between the process that runs a detached container and those who attach to it: frames of a type, a length and bytes.
 *
 * @module
 */

export const frameTypes = {
  /** JSON, the first of a client: its token and what it wants. */
  hello: 1,
  /** JSON, the answer. */
  welcome: 2,
  stdout: 3,
  stderr: 4,
  /** JSON of a `GuestExit`; the last. */
  exit: 5,
  /** There is more in the log. */
  more: 6,
  stdin: 7,
  stdinEnd: 8,
  /** JSON of a size. */
  resize: 9,
  /** The name of a signal. */
  signal: 10,
} as const;

export interface Frame {
  readonly type: number;
  readonly bytes: Buffer;
}

const headerBytes = 5;
/** Nobody sends longer ones. */
const longest = 1 << 20;

export function encodeFrame(type: number, payload: Buffer | string = ''): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const header = Buffer.alloc(headerBytes);
  header[0] = type;
  header.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

/** Puts frames together from chunks. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = headerBytes;

  /** @throws RangeError for a frame that is longer than any */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    while (this.#length >= this.#needed) {
      const all = Buffer.concat(this.#chunks);
      const size = all.readUInt32BE(1);
      if (size > longest) throw new RangeError(`a frame of ${size} bytes`);
      this.#needed = headerBytes + size;
      if (all.length < this.#needed) {
        this.#chunks = [all];
        break;
      }
      frames.push({ type: all[0]!, bytes: all.subarray(headerBytes, this.#needed) });
      const rest = all.subarray(this.#needed);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
      this.#needed = headerBytes;
    }
    return frames;
  }
}
