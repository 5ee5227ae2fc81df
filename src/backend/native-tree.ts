/**
 * A tree of files as the addon reads it ahead, on a thread of its own. Not on Windows.
 *
 * @module
 */

/** What is waited for has not come yet: it is asked for again. */
export const notYet = -1_000_000;

/** Owns the files that it opens, until `end()` or the end of its thread. What is negative is an errno. */
export interface NativeTree {
  /**
   * Opens the root, once. Gives an errno, or 0.
   *
   * @param suffix - what the name of a file ends in that is beside a folder, and has the head of its entry
   */
  open(root: string, suffix: string): number;
  /**
   * Begins to walk a folder below the root, when the walk before it has been read to its end.
   *
   * @param path - with slashes
   * @param alone - a file beside a folder stands for it where that is not there
   */
  walk(path: string, alone: boolean): void;
  /** Waits for a batch, but not long, and fills {@link batchLayout}. Gives the number of entries, 0 at the end, or {@link notYet}. */
  next(bytes: Buffer): number;
  /** Reads part of an open file, at once. Gives how many bytes. */
  read(file: number, bytes: Buffer, position: number): number;
  /** Has part of an open file read, which `take()` gives. */
  load(file: number, position: number, length: number): void;
  /** Waits for what was asked for first, but not long. Gives how many bytes, or {@link notYet}. */
  take(bytes: Uint8Array, at: number, length: number): number;
  /** What was asked for of it is still read. */
  close(file: number): void;
  /** Closes everything. */
  end(): void;
}

/** `native/archive/pack/entry.h`: entries, then their names, then the first bytes of their files. Offsets in an entry are in bytes. */
export const batchLayout = {
  size: 512 * 96 + 256 * 1024 + 16 * 1024 + 4096,
  entrySize: 96,
  namesAt: 512 * 96,
  times: 0,
  device: 32,
  inode: 40,
  fileSize: 48,
  links: 56,
  kind: 60,
  error: 64,
  depth: 68,
  nameAt: 72,
  nameLength: 76,
  headAt: 80,
  headLength: 84,
  file: 88,
  flags: 92,
} as const;

/** What an entry is. An unlisted one is a directory, once more, whose names cannot be read. */
export const entryKind = { file: 0, directory: 1, other: 2, unlisted: 3 } as const;

/** Bits of an entry: whether it has a file that is its own or beside it, and whether its name is ASCII. */
export const entryFlag = { hasFile: 1, isAscii: 2 } as const;
