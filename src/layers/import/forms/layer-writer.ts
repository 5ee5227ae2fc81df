import type { FileTimes } from '../../formats/file-time.js';

/**
 * Plans the files of a layer, in the order of an archive. Paths have slashes and were checked before; a head
 * is what comes before the content: the attributes and the streams of the metadata.
 */
export interface LayerWriter {
  /** Begins to write: nothing is there before. */
  open(): void;
  /** @param isThere - whether there is such a directory already, which takes these metadata */
  directory(path: string, head: Buffer, times: FileTimes, isThere: boolean): void;
  /** A directory that is a reparse point: nothing can be put into it. */
  directoryLink(path: string, head: Buffer, times: FileTimes): void;
  /** A file, or a reparse point that is one. The content of the entry goes into it. */
  file(path: string, head: Buffer, times: FileTimes): void;
  /** One more name of a file, which is made later: its times are the file's, and are noted here. */
  hardLink(path: string, times: FileTimes): void;
  /** One more stream of the last entry: its header. The content of the entry goes after it. */
  stream(header: Buffer): void;
  /** The content of the next entry is kept in a file of that name as well, beside the utility VM. */
  copyNextTo(name: string): void;
  /** No more comes. */
  finish(): void;
  /** All files are written. The folder is complete after it. */
  complete(): void;
  /** Closes what is open, whatever happened. */
  close(): void;
}
