// Messages between the threads of an import and their owner.
import type { Compression } from './archive/decompress.js';
import type { Limits } from './import-limits.js';
import type { Pending } from './pending-work.js';
import type { ReaderLink } from './archive/reader-messages.js';

/** What the archive must be. */
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

/** What the thread that writes is started with. */
export type WriterTask = ImportTask & ReaderLink;

/** What the thread that reads is started with. */
export interface ReaderTask extends Pick<ImportTask, 'limits'>, ReaderLink {
  /** The file to read. Without one the bytes come as messages. */
  readonly path: string | undefined;
}

/** Bytes of the source, for the thread that reads; without any at its end. */
export interface SourcePiece {
  readonly bytes: Uint8Array | undefined;
}

/** So many bytes of what was sent have been taken. */
export interface SourceTaken {
  readonly taken: number;
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

/** To the thread that writes, when the host has made the layer. */
export interface ToWriter {
  readonly root: string;
  readonly pending: Pending;
}

export type FromWriter =
  | { readonly kind: 'progress'; readonly progress: ReadProgress }
  | { readonly kind: 'written'; readonly layer: WrittenLayer }
  | { readonly kind: 'applied' }
  | { readonly kind: 'failed'; readonly failure: Failure };
