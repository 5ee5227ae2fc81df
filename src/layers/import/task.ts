// What the thread that imports is told, and what it tells.
import type { Compression } from './decompress.js';
import type { Limits } from './limits.js';
import type { Pending } from './pending-work.js';

/** What the archive has to be. */
export interface LayerVerification {
  /** Of what is read, compressed or not: `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
  /** Of the decompressed archive, as `rootfs.diff_ids` of an image has it. */
  readonly diffId?: string;
  /** Bytes of what is read. */
  readonly size?: number;
}

export interface ImportTask {
  /** Whether it is written as a layer of Windows. */
  readonly isWindows: boolean;
  /** The file to read. Without one the bytes come as messages. */
  readonly path: string | undefined;
  /** The folder that the layer is written into. */
  readonly root: string;
  /** The one that its utility VM is written into, as long as the layer is not there. */
  readonly utilityVMRoot: string;
  readonly parents: readonly string[];
  readonly limits: Limits;
  readonly verify: LayerVerification;
  /** An Int32: not 0 when the import is to end. */
  readonly abort: SharedArrayBuffer;
}

/** How far an import is. */
export interface ReadProgress {
  readonly entries: number;
  /** Bytes of the source. */
  readonly bytes: number;
  /** Bytes of the archive, decompressed. */
  readonly unpackedBytes: number;
}

/** What was read and written. */
export interface WrittenLayer extends ReadProgress {
  readonly compression: Compression;
  readonly digest: string;
  readonly diffId: string;
  readonly hasUtilityVM: boolean;
  readonly pending: Pending;
}

/** Why it failed: what a `LayerError` is made of. */
export interface Failure {
  readonly entry: string | undefined;
  readonly reason: string;
  readonly remedy: string;
  readonly cause?: Error;
}

/** Of either thread. The young generation is kept small, for the memory of an import not to follow the size of its layer. */
export const resourceLimits = { maxYoungGenerationSizeMb: 8 };

export type ToWorker =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  | { readonly kind: 'apply'; readonly root: string; readonly pending: Pending };

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: ReadProgress }
  /** So many bytes of what was sent have been taken. */
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'written'; readonly layer: WrittenLayer }
  | { readonly kind: 'applied' }
  | { readonly kind: 'failed'; readonly failure: Failure };
