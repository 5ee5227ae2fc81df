// Whether this Node has zstd (22.15 and later), and its streams: the one place that asks.
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** A stream of zlib, with the count of the bytes that it has read. */
export type ZlibTransform = Transform & { readonly bytesWritten: number };

interface ZstdOptions {
  readonly chunkSize: number;
  readonly params?: Readonly<Record<number, number>>;
}

/** What the types of Node 20 lack. */
interface ZstdOfNode {
  readonly createZstdCompress: (options: ZstdOptions) => ZlibTransform;
  readonly createZstdDecompress: (options: ZstdOptions) => ZlibTransform;
  readonly constants: { readonly ZSTD_d_windowLogMax: number };
}

/** `undefined` where this Node has no zstd. */
export const nodeZstd: ZstdOfNode | undefined =
  'createZstdDecompress' in zlib ? (zlib as unknown as ZstdOfNode) : undefined;
