import type { FileTimes } from '../formats/file-time.js';

/** A file of a layer that is open for reading, as the bytes of its transport form or as they are. */
export interface LayerFile extends Disposable {
  /** `Infinity` where only reading shows it. */
  readonly size: number;
  /** What names of one file have in common; `undefined` when it has only one. */
  readonly identity: string | undefined;
  readonly times: FileTimes;
  /** The first bytes of the file, as many as are in memory; all of them where they are fewer than four. Valid until others are read. */
  readonly head: Uint8Array;
  /** Bytes of the file, fewer at its end. They are valid until the next are read. */
  read(position: number, length: number): Uint8Array;
  /** Whether bytes are in memory already. */
  hasRead(position: number, length: number): boolean;
  /**
   * Fills `bytes`, or a part of it, and returns the number of bytes: 0 at the end of the file, `undefined` when they come later, all
   * of them, from {@link DeferredReads}.
   */
  readInto(bytes: Uint8Array, position: number): number | undefined;
}

/** What files have read on another thread. */
export interface DeferredReads {
  /** Waits for what was asked for first, and returns the number of bytes. Throws what the system says. */
  take(bytes: Uint8Array): number;
}
