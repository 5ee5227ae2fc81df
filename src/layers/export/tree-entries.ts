import type { FileTimes } from '../formats/file-time.js';
import type { LayerFile } from './layer-file.js';

/** A name of a folder, in the order of a layer tar. It is valid until the next is asked for. */
export interface TreeEntry {
  /** 0 is the folder that the walk began with. */
  readonly depth: number;
  readonly name: string;
  readonly isDirectory: boolean;
  /** Whether it is neither a file nor a directory. */
  readonly isOther: boolean;
  /** Of a directory that came before: why it is not known what is in it. */
  readonly problem: Error | undefined;
  /** Whether the name is valid Unicode. */
  readonly isUnicode: boolean;
  /** Whether a directory has a side file; of a file `true`. */
  readonly hasFile: boolean;
  /** Opens the file, or the side file. */
  open(): LayerFile;
  /** The times of a directory without a side file. */
  folderTimes(): FileTimes;
}

/** The entries of a tree, one after the other. */
export interface TreeEntries {
  /**
   * The next one.
   *
   * @param isWanted - whether what is in the one before is; it may come all the same
   */
  next(isWanted: boolean): TreeEntry | undefined;
}

/** Where entries come from. */
export interface TreeSource {
  /**
   * The entries of a folder, itself the first of them.
   *
   * @param path - below the root, with slashes
   * @param isTransport - whether a directory may be its side file alone, as one that is a reparse point is
   */
  entries(path: string, isTransport: boolean): TreeEntries;
}
