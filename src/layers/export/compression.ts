// What compresses a tar. Another version of Node may compress the same tar to other bytes: only its diffID stays the same.
import type { Transform } from 'node:stream';
import { createGzip } from 'node:zlib';

import { nodeZstd } from '../zstd.js';
import type { LayerFormat } from './export-messages.js';

const options = { chunkSize: 256 * 1024 };

/** `undefined` for a plain tar. `exportLayer()` has checked that this Node has zstd where it is asked for. */
export function compressor(format: LayerFormat): Transform | undefined {
  if (format === 'tar') return undefined;
  return format === 'gzip' ? createGzip(options) : nodeZstd!.createZstdCompress(options);
}
