// Reads an archive, on the caller's thread: its source is hashed and decompressed, and pushed to the addon, which takes it apart. In
// turns that are short: what is large is done elsewhere.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import type { Limits } from '../import-limits.js';
import { checkUnpacked } from '../import-limits.js';
import type { LayerVerification, ReadProgress } from '../import-task.js';
import { fetchAgain, Refusal } from '../refusal.js';
import type { Compression } from './decompress.js';
import { decompress } from './decompress.js';

/** What is known of an archive when all of it has been read. */
export interface ReadFacts {
  readonly compression: Compression;
  readonly digest: string;
  readonly diffId: string;
}

/** Where the bytes go. */
export interface ArchiveSink {
  /** Takes bytes. Gives a promise when there is no room for more before it is fulfilled; `true` when no more are wanted. */
  readonly push: (bytes: Buffer) => Promise<void> | boolean;
}

const largestPiece = 512 * 1024;
const longestTurn = 4;

/**
 * @param chunks - the source
 * @param counts - are kept up to date
 * @returns `undefined` when the sink wants no more
 * @throws {@link Refusal} after all that comes before what is wrong
 */
export async function readArchive(
  chunks: AsyncIterable<Buffer>,
  sink: ArchiveSink,
  limits: Limits,
  verify: LayerVerification,
  counts: { -readonly [Key in keyof Omit<ReadProgress, 'entries'>]: ReadProgress[Key] },
): Promise<ReadFacts | undefined> {
  const source = createHash('sha256');
  const unpacked = createHash('sha256');
  let compression: Compression = 'none';
  let turnBegan = performance.now();
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      counts.bytes += chunk.length;
      source.update(chunk);
      yield chunk;
    }
  };
  for await (const chunk of decompress(counted(), (found) => (compression = found))) {
    for (let at = 0; at < chunk.length; at += largestPiece) {
      const piece = chunk.subarray(at, at + largestPiece);
      counts.unpackedBytes += piece.length;
      checkUnpacked(limits, counts.bytes, counts.unpackedBytes);
      // Of a plain archive it is the digest of the source.
      if ((compression as Compression) !== 'none') unpacked.update(piece);
      const result = sink.push(piece);
      if (result === true) return undefined;
      if (result !== false) await result;
      if (performance.now() - turnBegan < longestTurn) continue;
      await setImmediate();
      turnBegan = performance.now();
    }
  }
  const digest = `sha256:${source.digest('hex')}`;
  const diffId = (compression as Compression) === 'none' ? digest : `sha256:${unpacked.digest('hex')}`;
  checkFacts(verify, counts.bytes, digest, diffId);
  return { compression, digest, diffId };
}

function checkFacts(verify: LayerVerification, bytes: number, digest: string, diffId: string): void {
  if (verify.size !== undefined && verify.size !== bytes) differ('bytes', bytes, verify.size);
  if (verify.digest !== undefined && verify.digest !== digest) differ('as digest', digest, verify.digest);
  if (verify.diffId !== undefined && verify.diffId !== diffId) differ('as diffID', diffId, verify.diffId);
}

function differ(what: string, found: string | number, expected: string | number): never {
  throw new Refusal(`has ${found} ${what}, where ${expected} was expected`, fetchAgain, null);
}
