// Decompresses an archive. The first bytes decide about the compression, not the media type.
import { pipeline } from 'node:stream/promises';
import { MessageChannel } from 'node:worker_threads';
import { createGunzip } from 'node:zlib';

import type { ZlibTransform } from '../../zstd.js';
import { nodeZstd } from '../../zstd.js';
import { fetchAgain, Refusal } from '../refusal.js';
import { checkDecompressed, checkHead, headSize } from './archive-kind.js';
import { beginsZstd, ZstdFrames } from './zstd-frames.js';

export type Compression = 'none' | 'gzip' | 'zstd';
type Chunks = AsyncIterable<Buffer>;

const chunkSize = 256 * 1024;
const { port1: nobody, port2 } = new MessageChannel();
port2.close();
nobody.unref();
const longestMagic = 4;
// fzstd moves its window for each block. Real archives move less than 2,048 bytes for each byte of their content.
const movedAtFirst = 16 * 2 ** 30;
const movedPerByte = 2048;
// Few blocks fit in as many bytes, so that little is decompressed between two checks.
const fzstdPiece = 1024;

/** What the bytes begin as. */
export function compressionOf(bytes: Buffer): Compression {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08) return 'gzip';
  return bytes.length >= longestMagic && beginsZstd(bytes) ? 'zstd' : 'none';
}

/** The archive that `chunks` are, decompressed. Each buffer is a new one. Refuses what its beginning says is no tar. */
export async function* decompress(chunks: Chunks, onCompression: (found: Compression) => void): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await takeHead(iterator);
  const compression = compressionOf(head);
  onCompression(compression);
  if (compression === 'none') {
    checkHead(head);
    yield* joined(head, iterator);
    return;
  }
  const decompressed = unpacked(joined(head, iterator), compression);
  const inner = await takeHead(decompressed);
  checkDecompressed(inner, compression, compressionOf(inner));
  yield* joined(inner, decompressed);
}

function unpacked(chunks: Chunks, compression: Compression): AsyncGenerator<Buffer> {
  if (compression === 'gzip') return throughTransform(chunks, createGunzip({ chunkSize }), compression);
  if (nodeZstd === undefined) return throughFzstd(chunks);
  return throughTransform(checkedFrames(chunks), nodeZstd.createZstdDecompress({ chunkSize }), compression);
}

/** The first bytes: as many as show what they are, or all that there are. */
async function takeHead(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  const taken: Buffer[] = [];
  let length = 0;
  while (length < headSize) {
    const next = await iterator.next();
    if (next.done === true) break;
    taken.push(next.value);
    length += next.value.length;
  }
  return taken.length === 1 ? taken[0]! : Buffer.concat(taken);
}

async function* joined(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function* throughTransform(
  chunks: Chunks,
  transform: ZlibTransform,
  compression: Compression,
): AsyncGenerator<Buffer> {
  let fed = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      fed += chunk.length;
      yield chunk;
    }
  };
  // What fails ends the transform with the same error, which is thrown below.
  const fed$ = pipeline(counted(), transform).catch(() => undefined);
  try {
    for await (const chunk of transform as AsyncIterable<Buffer>) {
      yield chunk;
      if (isLastOfItsMemory(chunk)) freeNow(chunk.buffer as ArrayBuffer);
    }
  } catch (error) {
    throw asRefusal(error, compression);
  }
  await fed$;
  // zlib stops at the end of the last member, and ignores what follows.
  if (transform.bytesWritten < fed)
    throw new Refusal(`is followed by something after the end of the ${compression}`, fetchAgain);
}

/** Of memory that zlib has filled, and will not use again. What is joined of small pieces is a copy, or part of what all share. */
function isLastOfItsMemory({ buffer, byteOffset, length }: Buffer): boolean {
  return buffer.byteLength === chunkSize && byteOffset + length === chunkSize;
}

/** Frees memory that the garbage collector would keep for tens of megabytes: a message to nobody is dropped with what it owns. */
function freeNow(memory: ArrayBuffer): void {
  nobody.postMessage(undefined, [memory]);
}

async function* checkedFrames(chunks: Chunks): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames();
  for await (const chunk of chunks) {
    frames.check(chunk);
    yield chunk;
  }
  frames.end();
}

async function* throughFzstd(chunks: Chunks): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  const frames = new ZstdFrames();
  let ready: Buffer[] = [];
  let unpacked = 0;
  const stream = new Decompress((bytes) => {
    unpacked += bytes.length;
    if (bytes.length > 0) ready.push(Buffer.from(bytes));
  });
  const feed = (bytes: Uint8Array, isLast: boolean): Buffer[] => {
    ready = [];
    try {
      stream.push(bytes, isLast);
    } catch (error) {
      throw asRefusal(error, 'zstd');
    }
    return ready;
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += fzstdPiece) {
      const piece = chunk.subarray(at, at + fzstdPiece);
      frames.check(piece);
      if (frames.moved > movedAtFirst + movedPerByte * unpacked) {
        throw new Refusal('has far more blocks of zstd than content', fetchAgain, null);
      }
      yield* feed(piece, false);
    }
  }
  frames.end();
  yield* feed(new Uint8Array(0), true);
}

function asRefusal(error: unknown, compression: Compression): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error;
  return new Refusal(`cannot be decompressed: the ${compression} is damaged or cut off (${error.message})`, fetchAgain);
}
