// What an archive is read in: pieces of it, with what is in them.
import type { Compression } from './decompress.js';
import type { TarEntry } from './tar-reader.js';

/** A piece of the archive, and what is in it. */
export interface Batch {
  /** The piece, decompressed. */
  readonly bytes: Buffer;
  /** Entries, and the content of each after it, mostly parts of `bytes`. */
  readonly items: readonly (TarEntry | Buffer)[];
  /** Bytes of the source so far. */
  readonly read: number;
  readonly compression: Compression;
  /** `sha256:` of the source, with the last one. */
  readonly digest?: string;
}

/** Bytes of a piece, at most. */
export const largestPiece = 256 * 1024;
