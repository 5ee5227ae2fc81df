// Messages between the threads of an import and their owner.
import type { Compression } from './archive/decompress.js';
import type { Limits } from './import-limits.js';
import type { Pending } from './pending-work.js';

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
}

/** What the thread that plans is given. */
export interface PlannerTask extends ImportTask {
  /** The number of the archive. */
  readonly unpack: number;
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

/** To the thread that plans: an archive, and then what is left when the host has made the layer. */
export type ToPlanner =
  | { readonly kind: 'begin'; readonly task: PlannerTask }
  | { readonly kind: 'apply'; readonly root: string; readonly pending: Pending };

export type FromPlanner =
  | { readonly kind: 'progress'; readonly entries: number }
  | ({ readonly kind: 'written' } & Pick<WrittenLayer, 'entries' | 'hasUtilityVM' | 'pending'>)
  /** All that came before the source failed was right. */
  | { readonly kind: 'cut'; readonly current: string | undefined }
  | { readonly kind: 'applied' }
  | { readonly kind: 'failed'; readonly failure: Failure };
