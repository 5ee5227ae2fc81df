/**
 * Writes the tar that a stream is into a file, decompressed: an archive is not read from its beginning to its end.
 *
 * @module
 */
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';

import { HcsArgumentError } from 'hostcompute';

import { unlessAborted } from '../limits.js';
import { writeStream } from '../store/file-streams.js';
import { archiveError } from './archive-error.js';
import { otherKind } from './archive-kind.js';
import { beginsTar } from './tar-entries.js';

/** How many bytes show what a file is. */
export const headSize = 512;

/** @param name - names it in errors. The stream is destroyed in the end. */
export async function spool(name: string, source: Readable, path: string, signal: AbortSignal): Promise<void> {
  // Whoever waits for a stream that gives nothing is woken by its end.
  addAbortSignal(signal, source);
  const chunks = source.iterator() as AsyncIterableIterator<Buffer>;
  try {
    const head = await headOf(source, chunks, signal);
    const decompressor = decompressorOf(head)?.(name);
    if (decompressor === undefined && !beginsTar(head)) throw otherKind(name, head.subarray(0, headSize));
    const whole = async function* (): AsyncGenerator<Buffer> {
      yield head;
      yield* chunks;
    };
    await writeStream(path, whole, decompressor, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!/^(?:Z_|ZSTD_|ERR_ZSTD)/.test(code)) throw error;
    throw archiveError(`${name} is damaged or cut off: it cannot be decompressed`, 'Save or copy it again.', error);
  } finally {
    source.destroy();
  }
}

async function headOf(source: Readable, chunks: AsyncIterator<unknown>, signal: AbortSignal): Promise<Buffer> {
  const taken: Uint8Array[] = [];
  for (let length = 0; length < headSize; length += taken.at(-1)!.length) {
    const next = await unlessAborted(chunks.next(), signal);
    if (next.done === true) break;
    if (!(next.value instanceof Uint8Array)) throw new HcsArgumentError('source', 'must be a stream of bytes', source);
    taken.push(next.value);
  }
  return Buffer.concat(taken);
}

type Decompressor = (name: string) => NodeJS.ReadWriteStream;

interface Zstd {
  readonly createZstdDecompress?: () => NodeJS.ReadWriteStream;
}

/** Undefined for what is not compressed, or in a way that is not supported. */
export function decompressorOf(head: Buffer): Decompressor | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08) return () => zlib.createGunzip();
  if (head.length < 4 || head.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  return (name) => {
    const zstd = (zlib as Zstd).createZstdDecompress?.();
    if (zstd !== undefined) return zstd;
    const remedy = 'Use Node 22.15, or decompress it by "zstd -d".';
    throw archiveError(`${name} is compressed by zstd, which this version of Node lacks`, remedy);
  };
}
