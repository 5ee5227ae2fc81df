// The frames of zstd as their headers describe them (RFC 8878), seen before a decompressor gets them: a frame of a few bytes may ask
// for a window of gigabytes, which a decompressor allocates at once. Blocks are counted through, not decompressed.
import { fetchAgain, Refusal } from '../refusal.js';

/** Bytes of the largest window that is decompressed: the limit of the zstd program, without `--memory`. */
export const largestWindow = 128 * 2 ** 20;

const magicOfFrame = 0xfd2fb528;
const magicOfSkippable = 0x184d2a50;
const longestHeader = 18;
const checksumSize = 4;

/** Whether bytes, four at least, begin a frame of zstd: pzstd begins with one to be skipped. */
export function beginsZstd(bytes: Buffer): boolean {
  const magic = bytes.readUInt32LE(0);
  return magic === magicOfFrame || isSkippable(magic);
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === magicOfSkippable;
}

/** What the next bytes are. */
type Part = 'frame' | 'block' | 'content' | 'checksum';

/** Follows the frames of a stream, however it is cut. Throws a {@link Refusal} for a window that is too large. */
export class ZstdFrames {
  /** For each block with content so far, the size of its window: what a decompressor that moves its window moves. */
  moved = 0;
  #window = 0;
  #part: Part = 'frame';
  /** Bytes of content that are still to pass. */
  #left = 0;
  #isLastBlock = false;
  #hasChecksum = false;
  /** The beginning of a header that is not whole yet. */
  #pending: Buffer = Buffer.alloc(0);

  /** Looks at the next bytes, before they are decompressed. */
  check(chunk: Buffer): void {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = Buffer.alloc(0);
    while (rest.length > 0) {
      const size = this.#take(rest);
      if (size === undefined) {
        this.#pending = Buffer.from(rest);
        return;
      }
      rest = rest.subarray(size);
    }
  }

  /** No more comes. */
  end(): void {
    if (this.#part === 'frame' && this.#pending.length === 0) return;
    throw new Refusal('cannot be decompressed: the zstd ends inside a frame', fetchAgain);
  }

  /** The size of what was recognised at the beginning of `bytes`; `undefined` when that needs more bytes. */
  #take(bytes: Buffer): number | undefined {
    switch (this.#part) {
      case 'frame':
        return this.#takeFrame(bytes);
      case 'block':
        return this.#takeBlock(bytes);
      default: {
        const size = Math.min(this.#left, bytes.length);
        this.#left -= size;
        if (this.#left === 0) this.#endPart();
        return size;
      }
    }
  }

  #endPart(): void {
    if (this.#part === 'content' && !this.#isLastBlock) this.#part = 'block';
    else if (this.#part === 'content' && this.#hasChecksum) this.#pass('checksum', checksumSize);
    else this.#part = 'frame';
  }

  #pass(part: 'content' | 'checksum', size: number): void {
    this.#part = part;
    this.#left = size;
    if (size === 0) this.#endPart();
  }

  #takeFrame(bytes: Buffer): number | undefined {
    if (bytes.length < 8) return undefined;
    const magic = bytes.readUInt32LE(0);
    if (isSkippable(magic)) {
      this.#isLastBlock = true;
      this.#hasChecksum = false;
      this.#pass('content', bytes.readUInt32LE(4));
      return 8;
    }
    if (magic !== magicOfFrame) {
      throw new Refusal('is followed by something after the end of the zstd', fetchAgain);
    }
    const descriptor = bytes[4]!;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const contentSizeFlag = descriptor >> 6;
    const dictionarySize = [0, 1, 2, 4][descriptor & 3]!;
    const contentSizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionarySize;
    const contentSizeSize = contentSizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** contentSizeFlag;
    const size = contentSizeAt + contentSizeSize;
    if (bytes.length < Math.min(size, longestHeader)) return undefined;
    const window = isSingleSegment ? numberAt(bytes, contentSizeAt, contentSizeSize) : windowOf(bytes[5]!);
    if (window > largestWindow) {
      throw new Refusal(
        `needs a window of ${window} bytes to be decompressed, more than the ${largestWindow} that are allowed`,
        'Compress the layer again, with zstd at a lower level or without --long.',
        null,
      );
    }
    this.#window = window;
    this.#hasChecksum = (descriptor & 4) !== 0;
    this.#isLastBlock = false;
    this.#part = 'block';
    return size;
  }

  #takeBlock(bytes: Buffer): number | undefined {
    if (bytes.length < 3) return undefined;
    const header = bytes.readUIntLE(0, 3);
    const isRepeated = ((header >> 1) & 3) === 1; // one byte stands for as many as the size says
    this.#isLastBlock = (header & 1) !== 0;
    if (header >> 3 > 0) this.moved += this.#window;
    this.#pass('content', isRepeated ? 1 : header >> 3);
    return 3;
  }
}

/** The size of a window by its descriptor: an exponent of five bits, and eighths to be added. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** A size of content: that of two bytes counts from 256. */
function numberAt(bytes: Buffer, at: number, size: number): number {
  if (size === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, size) + (size === 2 ? 256 : 0);
}
