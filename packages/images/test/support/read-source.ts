// What tests want of a source.
import type { Descriptor } from '../../src/oci/descriptor.js';
import { parseReference } from '../../src/reference.js';
import type { ImageSource, Limits } from '../../src/registry/image-source.js';
import { openRegistry } from '../../src/registry/open-registry.js';
import type { RegistryOptions } from '../../src/registry/registry-options.js';

/** Limits that nothing ends. */
export const limits: Limits = { signal: new AbortController().signal };

/** Runs with a source that is closed then. No configuration of this machine counts, and no time is lost between tries. */
export async function withSource<T>(
  name: string,
  options: RegistryOptions,
  run: (source: ImageSource) => Promise<T>,
): Promise<T> {
  const source = openRegistry(parseReference(name), { environment: {}, dockerConfig: '/none', retryMs: 1, ...options });
  try {
    return await run(source);
  } finally {
    await source.close();
  }
}

export async function readBlob(source: ImageSource, descriptor: Descriptor, offset = 0): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.blob(descriptor, offset, limits)) pieces.push(piece);
  return Buffer.concat(pieces);
}
