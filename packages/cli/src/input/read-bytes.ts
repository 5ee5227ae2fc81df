/**
 * Files that are read as a whole, and standard input for `-`.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { Failure, usageFailure } from '../failure.js';

/** More than any document has. */
const most = 64 * 1024 * 1024;

/** @param file - a path, or `-` for standard input */
export async function readBytes(file: string, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const source = file === '-' ? process.stdin : createReadStream(file);
  const collect = async (bytes: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > most) throw usageFailure(`${nameOf(file)} has more than ${most} bytes`, 'Name a document.');
      chunks.push(chunk);
    }
  };
  try {
    await pipeline(source, collect, { ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof Failure || signal?.aborted === true) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${message})`;
    throw new Failure(`${nameOf(file)} ${why}`, { code: code ?? 'ERR_HC_FAILED', cause: error });
  }
  return Buffer.concat(chunks);
}

export function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
