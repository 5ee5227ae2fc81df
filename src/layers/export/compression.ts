// What packs a tar. The same tar may become other bytes with another version of Node: only its diffID is its own.
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

import type { LayerFormat } from './export-messages.js';

const options = { chunkSize: 256 * 1024 };

/** Since Node 22.15. */
const { createZstdCompress } = zlib as { createZstdCompress?: (options: { chunkSize: number }) => Transform };

/** `undefined` for a plain tar. */
export function compressor(format: LayerFormat): Transform | undefined {
  if (format === 'tar') return undefined;
  return format === 'gzip' ? zlib.createGzip(options) : createZstdCompress!(options);
}
