// Importing a layer: its archive is written into a folder by a thread of its own, then the host makes a layer of it.
import { Readable } from 'node:stream';

import { HcsAbortError, HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import type { Compression } from './import/archive/decompress.js';
import type { ImportLayerOptions } from './import/import-options.js';

export type { Compression } from './import/archive/decompress.js';
export type { LayerLimits } from './import/import-limits.js';
export type { ImportLayerOptions, ImportProgress } from './import/import-options.js';
export type { LayerVerification, ReadProgress } from './import/import-task.js';

/** What {@link importLayer} has imported. */
export interface ImportedLayer {
  readonly id: string;
  /** The layer's folder. */
  readonly path: string;
  readonly entries: number;
  /** Bytes of the source, and of the archive when it is decompressed. */
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly compression: Compression;
  /** `sha256:` of the source. */
  readonly digest: string;
  /** `sha256:` of the archive when it is decompressed. */
  readonly diffId: string;
  readonly hasUtilityVM: boolean;
}

/**
 * Imports the tar of an OCI layer, plain or compressed by gzip or zstd.
 *
 * When it fails or is aborted, the layer is removed again: from the host if that has been called, and from the folder.
 *
 * @param source - the path of a file, or a stream of bytes, which is destroyed when the import fails
 * @throws {@link LayerError}: names the entry of the archive, what is wrong with it, and what helps
 * @throws {@link HcsArgumentError}: an option is wrong; nothing was written
 * @throws {@link HcsAbortError}: `signal` fired
 */
export async function importLayer(source: string | Readable, options: ImportLayerOptions): Promise<ImportedLayer> {
  const started = performance.now();
  let given: Partial<ImportLayerOptions> = {};
  try {
    given = readOptions(options, optionNames);
    // Not before it is wanted: most programs import no layer.
    const { checkImport } = await import('./import/import-options.js');
    const { runImport } = await import('./import/layer-import.js');
    const checked = await checkImport(source, given as ImportLayerOptions);
    const { store, id, signal } = checked.options;
    signal?.throwIfAborted();
    const written = await runImport(checked, source);
    const { entries, bytes, unpackedBytes, compression, digest, diffId, hasUtilityVM } = written;
    return { id, path: store.pathOf(id), entries, bytes, unpackedBytes, compression, digest, diffId, hasUtilityVM };
  } catch (error) {
    if (source instanceof Readable) source.destroy();
    const { store, id, signal } = given;
    if (error instanceof HcsArgumentError || !(signal instanceof AbortSignal) || !signal.aborted) throw error;
    const elapsedMs = Math.round(performance.now() - started);
    throw new HcsAbortError({ operation: 'importLayer', layer: store!.pathOf(id!), elapsedMs, cause: signal.reason });
  }
}

const optionNames: readonly string[] = Object.keys({
  store: true,
  id: true,
  parents: true,
  signal: true,
  onProgress: true,
  verify: true,
  limits: true,
} satisfies Readonly<Record<keyof ImportLayerOptions, true>>);
