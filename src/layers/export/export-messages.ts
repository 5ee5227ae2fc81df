// Messages between the thread that reads a layer and its owner.
import type { LayerErrorDetails } from '../layer-error.js';
import type { LayerSource } from './layer-tar.js';
import type { LayerLoss } from './losses.js';

/** How a layer's tar is packed. */
export type LayerFormat = 'tar' | 'gzip' | 'zstd';

/** What the reader is to do. */
export interface ReaderTask {
  readonly source: LayerSource;
  readonly format: LayerFormat;
}

/** What there is to know of an export that has ended. */
export interface LayerExportResult {
  /** Digest of the tar, as in the `rootfs.diff_ids` of an image. */
  readonly diffId: string;
  /** Digest of what was read from the stream: of a plain tar the same as `diffId`. */
  readonly digest: string;
  /** Bytes that were read from the stream. */
  readonly size: number;
  /** Bytes of the tar. */
  readonly tarSize: number;
  /** Entries of the tar. */
  readonly entries: number;
  /** What the tar does not have of the layer, at most the first 1,000. */
  readonly notExported: readonly LayerLoss[];
  /** How much that is in all. */
  readonly notExportedCount: number;
}

/** From the reader. */
export type ReaderMessage =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly result: LayerExportResult }
  | { readonly kind: 'error'; readonly details: LayerErrorDetails };

/** To the reader: the next task, when it has none, or that one more chunk was taken. */
export type ToReader = ReaderTask | 'taken';

/** How many chunks the reader may be ahead. */
export const mostAhead = 4;

/** The failure of an export whose stream was not read to its end. */
export const stopped = {
  reason: 'was not exported: its stream was destroyed before its end',
  remedy: 'Read the stream to its end, and export the layer again.',
} as const;
