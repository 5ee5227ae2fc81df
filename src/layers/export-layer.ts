import { Readable } from 'node:stream';

import { HcsArgumentError } from '../errors/errors.js';
import { checkOptionNames } from '../known-options.js';
import type { LayerCalls } from './layer-calls.js';
import { LayerError } from './layer-error.js';
import type { LayerExportResult, LayerFormat } from './export/export-messages.js';
import { stopped } from './export/export-messages.js';
import type { LayerReader } from './export/layer-reader.js';
import { nodeZstd } from './zstd.js';

/** Options of {@link exportLayer}. */
export interface ExportLayerOptions {
  readonly store: LayerCalls;
  /** The layer: its container has stopped, and it is not mounted. */
  readonly id: string;
  /** The layers below it: first the immediate parent, last the base. None for a base layer. */
  readonly parents: readonly string[];
  /** Default `tar`. `zstd` needs Node 22.15. */
  readonly format?: LayerFormat;
  /** Destroys the stream. */
  readonly signal?: AbortSignal;
}

/** A layer on its way out. */
export interface LayerExport {
  /**
   * The tar, packed as `format` says. Nothing happens before it is read; it ends, or closes, when the host has been
   * brought back to where it was. Destroying it gives the export up.
   */
  readonly stream: Readable;
  /** Fulfilled at the end of the stream. Rejects when the stream fails or is destroyed, whether or not anybody looks. */
  readonly result: Promise<LayerExportResult>;
}

/**
 * Exports a layer as an OCI layer tar, with the bytes that the tools of Go write, and its digests.
 *
 * The same layer gives the same tar each time, and a tar that was imported and is exported again gives the tar of the first
 * export. What a tar cannot carry is listed in `result.notExported`.
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
    // Not before it is wanted: most programs export no layer.
    const { LayerReader } = await import('./export/layer-reader.js');
    const { withLayerTree } = await import('./export/layer-tree.js');
    const told = await withLayerTree(store, id, parents, async (source) => {
      if (state.isDestroyed) throw new LayerError(stopped);
      state.reader = new LayerReader({ source, format }, stream);
      try {
        return await state.reader.result();
      } finally {
        await state.reader.stop();
      }
    });
    settle.resolve(told);
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
  return { stream, result };
}

export type { LayerExportResult, LayerFormat } from './export/export-messages.js';
export type { LayerLoss, LossKind } from './export/losses.js';

const formats: readonly string[] = ['tar', 'gzip', 'zstd'] satisfies LayerFormat[];

function checked(options: ExportLayerOptions): ExportLayerOptions {
  checkOptionNames(options, ['store', 'id', 'parents', 'format', 'signal']);
  const { store, id, parents, format = 'tar', signal } = options as Partial<ExportLayerOptions>;
  if (typeof store?.pathOf !== 'function') {
    throw new HcsArgumentError('store', 'is no layer store', 'Pass what LayerStore.open() gives.');
  }
  if (typeof id !== 'string' || id === '') {
    throw new HcsArgumentError('id', 'is no id', 'Pass the id of a layer of the store.');
  }
  if (!Array.isArray(parents) || parents.some((each) => typeof each !== 'string' || each === '')) {
    const remedy = 'Pass the ids of the layers below, first the immediate parent; [] for a base layer.';
    throw new HcsArgumentError('parents', 'is no list of ids', remedy);
  }
  if (!formats.includes(format)) {
    throw new HcsArgumentError('format', `is ${JSON.stringify(format)}`, 'Pass "tar", "gzip" or "zstd".');
  }
  if (format === 'zstd' && nodeZstd === undefined) {
    throw new HcsArgumentError('format', 'is "zstd", which this Node lacks', 'Pass "gzip", or use Node 22.15.');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'is no AbortSignal', 'Pass the signal of an AbortController.');
  }
  return options;
}
