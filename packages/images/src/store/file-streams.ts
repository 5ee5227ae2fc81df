/**
 * Streams of files. Their files are closed when a call that uses one is over: a pipeline alone fails while its file is still being
 * opened, which then appears after whoever failed has cleaned up.
 *
 * @module
 */
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

type Source = Readable | (() => AsyncIterable<Uint8Array>);

/** Writes a new file, which whoever made it removes where this fails. */
export async function writeStream(
  path: string,
  source: Source,
  through: NodeJS.ReadWriteStream | undefined,
  signal: AbortSignal,
): Promise<void> {
  const target = createWriteStream(path, { flags: 'wx' });
  try {
    if (through === undefined) await pipeline(source, target, { signal });
    else await pipeline(source, through, target, { signal });
  } finally {
    await closed(target);
  }
}

/** The bytes of a file, as a source of its own for each reader. */
export async function* piecesOf(
  path: string,
  options: { readonly start?: number; readonly highWaterMark: number },
): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, options);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    await closed(stream);
  }
}

/** Destroys the stream, and waits until it has closed what it has open. */
export async function closed(stream: Readable | Writable): Promise<void> {
  if (stream.closed) return;
  const over = new Promise<void>((resolve) => stream.once('close', resolve));
  // What it fails with has been told by whoever read it, or matters to nobody any more.
  stream.on('error', () => undefined);
  stream.destroy();
  await over;
}
