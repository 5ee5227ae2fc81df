// Where the bytes of an archive come from: a file, or a stream of the caller.
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { messageOf } from '../../../errors/received.js';
import { LayerError } from '../../layer-error.js';

/** Bytes that are read at once. */
const readSize = 2 ** 20;
/** Bytes of a chunk: they are still near the processor when their digest is known. */
const chunkSize = 512 * 1024;
/** One that is read into, one that is looked at, and one that the decompressor has. */
const buffers = 3;

/** The bytes of a file. A chunk is valid until as many as a buffer has have come after it. */
export async function* chunksOfFile(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  const ring = Array.from({ length: buffers }, () => Buffer.allocUnsafeSlow(readSize));
  const read = (turn: number) => {
    const result = file.read(ring[turn % buffers]!, 0, readSize, null);
    // It is waited for later.
    result.catch(() => undefined);
    return result;
  };
  let next = read(0);
  try {
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      next = read(turn);
      yield* chunksOf(buffer.subarray(0, bytesRead));
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}

/** The bytes of a stream. Throws a {@link LayerError} when that fails. */
export async function* chunksOfStream(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('the stream gives no bytes');
      yield* chunksOf(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    }
  } catch (cause) {
    throw new LayerError({ reason: `could not be read: ${messageOf(cause)}`, remedy: 'See the cause.', cause });
  }
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
}
