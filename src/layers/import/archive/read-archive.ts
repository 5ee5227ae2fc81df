// Reads an archive: its source is hashed and decompressed, and taken apart into entries and their content. It knows nothing of
// what becomes of them, and may run in a thread of its own.
import { createHash } from 'node:crypto';

import type { Batch } from './batch.js';
import { largestPiece } from './batch.js';
import type { Compression } from './decompress.js';
import { decompress } from './decompress.js';
import type { Limits } from '../import-limits.js';
import { checkUnpacked } from '../import-limits.js';
import type { TarEntry } from './tar-reader.js';
import { TarReader } from './tar-reader.js';

const nothing = Buffer.alloc(0);

/**
 * @param chunks - the source; no buffer of it may change later
 * @throws {@link Refusal} after all that comes before what is wrong
 */
export async function* readArchive(chunks: AsyncIterable<Buffer>, limits: Limits): AsyncGenerator<Batch> {
  let items: (TarEntry | Buffer)[] = [];
  const tar = new TarReader({ entry: (entry) => items.push(entry), data: (bytes) => items.push(bytes) });
  const hash = createHash('sha256');
  let compression: Compression = 'none';
  let [read, unpacked] = [0, 0];
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      read += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
  };
  const taken = (bytes: Buffer): Batch => {
    const batch = { bytes, items, read, compression };
    items = [];
    return batch;
  };
  try {
    for await (const chunk of decompress(counted(), (found) => (compression = found))) {
      unpacked += chunk.length;
      checkUnpacked(limits, read, unpacked);
      for (let at = 0; at < chunk.length; at += largestPiece) {
        const piece = chunk.subarray(at, at + largestPiece);
        await tar.push(piece);
        yield taken(piece);
      }
    }
    await tar.end();
  } catch (error) {
    yield taken(nothing);
    throw error;
  } finally {
    tar.destroy();
  }
  yield { ...taken(nothing), digest: `sha256:${hash.digest('hex')}` };
}
