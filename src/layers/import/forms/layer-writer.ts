import type { FileTimes } from '../../formats/file-time.js';

/**
 * Writes the files of a layer into a folder, in the order of an archive. Paths have slashes and were checked before; a head
 * is what comes before the content: the attributes and the streams of the metadata.
 */
export interface LayerWriter {
  /** Begins to write: nothing is there before. */
  open(): void;
  /** @param isThere - whether there is such a directory already, which takes these metadata */
  directory(path: string, head: Buffer, times: FileTimes, isThere: boolean): void;
  /** A directory that is a reparse point: nothing can be put into it. */
  directoryLink(path: string, head: Buffer, times: FileTimes): void;
  /** A file, or a reparse point that is one. What is written next goes into it, up to the next entry. */
  file(path: string, head: Buffer, times: FileTimes): void;
  /** One more name of a file, which is made later: its times are the file's, and are noted here. */
  hardLink(path: string, times: FileTimes): void;
  /** Content of the last file, or one more stream of the last entry. */
  write(bytes: Buffer): void;
  /** Writes what is still held back. The folder is complete after it. */
  finish(): void;
  /** Closes what is open, whatever happened. */
  close(): void;
}
