/**
 * The files of Windows as the addon opens them, for code on a thread that may wait.
 *
 * @module
 */

/**
 * Owns what is opened through it, and the privileges that it takes, until `end()` or the end of its thread. Files are numbers.
 * What is negative is a status: an NTSTATUS, or an error of Windows as HRESULT.
 */
export interface NativeFiles {
  /** Enables privileges for the process: 1 backup, 2 restore, 4 security. Gives the bits of those that it does not have. */
  acquire(privileges: number): number;
  /** Closes everything, and gives the privileges back. */
  end(): void;
  /** Opens a folder by its absolute path, in the form `\\?\`. */
  openRoot(path: string): number;
  /** Opens what is below a folder, without following a reparse point. The numbers are those of NtCreateFile. */
  open(root: number, path: string, access: number, share: number, disposition: number, options: number): number;
  close(file: number): void;
  write(file: number, bytes: Uint8Array): number;
  backupWrite(file: number, bytes: Uint8Array, withSecurity: boolean): number;
  /** Gives how many bytes it has put there: fewer than there is room for at the end. */
  backupRead(file: number, bytes: Uint8Array, withSecurity: boolean): number;
  /** Passes over data of the stream that is being read. Gives how many bytes, at most to the end of that stream. */
  backupSkip(file: number, count: number): number;
  /** Ends a backup: the next one begins anew. */
  backupEnd(file: number): void;
  /** Takes a FILE_BASIC_INFO: four times and the attributes, each left alone where it is 0. */
  setInfo(file: number, info: Uint8Array): number;
  /** Fills 72 bytes: FILE_BASIC_INFO with its padding, size, number of links, reparse tag, id where there are more links. */
  info(file: number, info: Uint8Array): number;
  /** One more name for a file, in an open folder. */
  link(file: number, folder: number, name: string): number;
  /** Deletes a file, or a folder that is empty, when it is closed. */
  remove(file: number): number;
  /** Names and attributes in turn. */
  list(folder: number): (string | number)[] | number;
  /** The name of the file system. */
  fileSystem(file: number): string | number;
  /** Attaches the disk in a file for as long as that is open. */
  attachDisk(path: string): number;
  /** Makes a volume as large as its partition. */
  extendVolume(path: string): number;
}

/** Whether it was done (negative: why not, as above), which name that is about, and what the last name is. */
export type NativeHeld = readonly [
  status: number,
  at: number,
  path: string,
  identity: string,
  attributes: number,
  links: number,
  found: boolean,
  caseSensitive: boolean,
];

/** Holds one path open until `release()` or the end of its thread. */
export interface NativeHeldPath {
  /**
   * Opens each name in the one before it, on another thread. `folder`: the last one has to be a folder, and is kept from being renamed
   * as those before it are.
   */
  hold(drive: string, names: readonly string[], folder: boolean, mayLack: boolean): Promise<NativeHeld>;
  release(): void;
}

/**
 * Who may change a file: its owner, and for each entry of its access list SID, kind, flags and rights, or null where there is no list.
 * A number is a status.
 */
export type NativeProtectionOf = (
  path: string,
) => readonly [owner: string, ...entries: (string | number | null)[]] | number;
