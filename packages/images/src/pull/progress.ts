/**
 * How far a pull is: for each layer, about ten times per second.
 *
 * @module
 */
import type { Digest } from '../oci/descriptor.js';

export interface ImageProgress {
  readonly phase: 'resolve' | 'download' | 'unpack';
  /** The digest of the layer's blob. */
  readonly layer?: Digest;
  /** Of the blob: those that have arrived, or been unpacked. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Files and folders of the layer that have been read. */
  readonly entries?: number;
  /** `waiting`: its turn has not come, or another program has it. `exists`: it is there already. */
  readonly state: 'waiting' | 'active' | 'done' | 'exists';
}

const intervalMs = 100;

/** Passes on what is new of each layer: states at once, numbers ten times per second. */
export class Progress {
  readonly #onProgress: (progress: ImageProgress) => void;
  readonly #last = new Map<string, { readonly at: number; readonly state: string }>();

  constructor(onProgress: ((progress: ImageProgress) => unknown) | undefined, fail: (error: unknown) => void) {
    this.#onProgress = (progress) => {
      if (onProgress === undefined) return;
      // What it throws, or its promise rejects with, ends the pull, as it ends an import.
      try {
        void Promise.resolve(onProgress(progress)).catch(fail);
      } catch (error) {
        fail(error);
      }
    };
  }

  report(progress: ImageProgress): void {
    const key = `${progress.phase} ${progress.layer ?? ''}`;
    const last = this.#last.get(key);
    const now = performance.now();
    if (last?.state === progress.state && now - last.at < intervalMs) return;
    this.#last.set(key, { at: now, state: progress.state });
    this.#onProgress(progress);
  }
}
