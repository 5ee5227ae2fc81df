import { Readable } from 'node:stream';

import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import type { LayerCalls } from './layer-calls.js';
import { LayerError } from './layer-error.js';
import type { LayerExportResult, LayerFormat } from './export/export-messages.js';
import { stopped } from './export/export-messages.js';
import type { LayerReader } from './export/layer-reader.js';
import { nodeZstd } from './zstd.js';

/** Options of {@link exportLayer}. */
export interface ExportLayerOptions {
  readonly store: LayerCalls;
  /** The id of the layer. It must not be mounted. */
  readonly id: string;
  /** The layers below it: first the immediate parent, last the base. None for a base layer. */
  readonly parents: readonly string[];
  /** Default `tar`. `zstd` needs Node 22.15. */
  readonly format?: LayerFormat;
  /** Destroys the stream. */
  readonly signal?: AbortSignal;
}

/** A running export. */
export interface LayerExport {
  /**
   * The tar, compressed as `format` says. The export starts with the first read, and the stream ends or closes after the layer
   * has been deactivated. Destroying it cancels the export.
   */
  readonly stream: Readable;
  /** Fulfilled when the stream has been read to its end; rejects when it fails or is destroyed. It is never an unhandled rejection. */
  readonly result: Promise<LayerExportResult>;
}

/**
 * Exports a layer as an OCI layer tar, with the bytes that the tools of Go write, and its digests.
 *
 * A tar that was imported and is exported again gives the tar of the first export. A layer gives the same tar each time if it has
 * registries of its own; to others the host adds them with each export. What a tar cannot carry is listed in `result.notExported`.
 *
 * @throws {@link HcsArgumentError} at once for wrong options. The stream fails with {@link LayerError}, which names the file
 * that cannot be read, or with the error of the call of the host that failed.
 *
 * @example
 * import { createWriteStream } from 'node:fs';
 * import { pipeline } from 'node:stream/promises';
 *
 * const { stream, result } = exportLayer({ store, id: 'scratch', parents: ['app', 'base'], format: 'gzip' });
 * await pipeline(stream, createWriteStream('layer.tar.gz'));
 * const { digest, diffId, size } = await result;
 */
export function exportLayer(options: ExportLayerOptions): LayerExport {
  const { store, id, parents, format = 'tar', signal } = checked(options);
  const state: { reader?: LayerReader; run?: Promise<void>; isDestroyed: boolean } = { isDestroyed: false };
  let settle: { resolve: (result: LayerExportResult) => void; reject: (error: unknown) => void };
  const result = new Promise<LayerExportResult>((resolve, reject) => (settle = { resolve, reject }));
  result.catch(() => undefined);

  const run = async (): Promise<void> => {
    // Loaded by the first export: most programs export no layer.
    const { LayerReader } = await import('./export/layer-reader.js');
    const { withLayerTree } = await import('./export/layer-tree.js');
    const exported = await withLayerTree(store, id, parents, async (source) => {
      if (state.isDestroyed) throw new LayerError(stopped);
      state.reader = new LayerReader({ source, format }, stream);
      try {
        return await state.reader.result();
      } finally {
        await state.reader.stop();
      }
    });
    // What has been read and was not taken yet may still be lost.
    stream.once('end', () => settle.resolve(exported));
    stream.push(null);
  };

  const stream = new Readable({
    highWaterMark: 1024 * 1024,
    ...(signal === undefined ? {} : { signal }),
    read: () => {
      state.run ??= run().catch((error: unknown) => {
        settle.reject(error);
        stream.destroy(error as Error);
      });
      state.reader?.resume();
    },
    destroy: (error, callback) => {
      state.isDestroyed = true;
      settle.reject(error ?? new LayerError(stopped));
      const undone = state.reader === undefined ? state.run : state.reader.stop().then(() => state.run);
      void Promise.resolve(undone).then(() => callback(error));
    },
  });
  // What ends the stream rejects `result` too: whoever awaits that need not listen to the stream as well.
  stream.on('error', () => undefined);
  return { stream, result };
}

export type { LayerExportResult, LayerFormat } from './export/export-messages.js';
export type { LayerLoss, LossKind } from './export/losses.js';

const formats: readonly string[] = ['tar', 'gzip', 'zstd'] satisfies LayerFormat[];

function checked(options: ExportLayerOptions): ExportLayerOptions {
  options = readOptions(options, ['store', 'id', 'parents', 'format', 'signal']);
  const { store, id, parents: list, format = 'tar', signal } = options as Partial<ExportLayerOptions>;
  const parents = Array.isArray(list) ? [...(list as string[])] : list;
  if (typeof store?.pathOf !== 'function') {
    throw new HcsArgumentError('store', 'must be a LayerStore', store);
  }
  if (typeof id !== 'string' || id === '') {
    throw new HcsArgumentError('id', 'must be the id of a layer of the store', id);
  }
  if (!Array.isArray(parents) || parents.some((each) => typeof each !== 'string' || each === '')) {
    const remedy = 'Pass the ids of the layers below, first the immediate parent; [] for a base layer.';
    throw new HcsArgumentError('parents', 'must be an array of ids', parents, remedy);
  }
  if (!formats.includes(format)) {
    throw new HcsArgumentError('format', 'must be "tar", "gzip" or "zstd"', format);
  }
  if (format === 'zstd' && nodeZstd === undefined) {
    throw new HcsArgumentError(
      'format',
      'must be "tar" or "gzip" on this version of Node',
      format,
      'Node 22.15 has zstd.',
    );
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'must be an AbortSignal', signal);
  }
  return { ...options, parents };
}
