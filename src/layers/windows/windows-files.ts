// Files of Windows, as objects that throw. The caller closes what it opens.
import { toNamespacedPath } from 'node:path';

import { loadAddon } from '../../backend/load.js';
import type { NativeFiles } from '../../backend/native-files.js';
import type { FileTimes } from '../formats/file-time.js';
import { FileError, isAbsent, PrivilegeError } from './file-error.js';
import type { Opening } from './openings.js';

/** Privileges of a backup, as bits. */
export const privilege = { backup: 1, restore: 2, security: 4 } as const;

/** FILE_ATTRIBUTE_*. */
export const attribute = { directory: 0x10, reparsePoint: 0x400 } as const;

/** The metadata of a file. */
export interface FileInfo {
  readonly times: FileTimes;
  readonly attributes: number;
  readonly size: number;
  readonly links: number;
  /** 0 if it is not a reparse point. */
  readonly reparseTag: number;
  /** What names of one file have in common; `undefined` when it has only one. */
  readonly identity: string | undefined;
}

/** What is in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly attributes: number;
}

/** Everything that is open for one task, and the privileges that it has enabled. */
export class WindowsFiles implements Disposable {
  readonly #native: NativeFiles;

  constructor(native: NativeFiles = loadFiles()) {
    this.#native = native;
  }

  /** Enables privileges until the end. Throws a {@link PrivilegeError} that names those that are missing. */
  acquire(privileges: number): void {
    const missing = this.#native.acquire(privileges);
    if (missing < 0) throw new FileError('enabling the privileges of', 'the process', missing);
    if (missing > 0) throw new PrivilegeError(missing);
  }

  /** Opens a folder by its absolute path. It must not be a reparse point. */
  openRoot(path: string): WindowsFile {
    const file = this.#native.openRoot(toNamespacedPath(path));
    if (file < 0) throw new FileError('opening the folder', path, file);
    return new WindowsFile(this.#native, file, path);
  }

  /** Attaches the disk in a file until that is closed. */
  attachDisk(path: string): WindowsFile {
    const file = this.#native.attachDisk(path);
    if (file < 0) throw new FileError('attaching the disk', path, file);
    return new WindowsFile(this.#native, file, path);
  }

  /** Makes a volume as large as its partition. Says whether it has grown. */
  extendVolume(path: string): boolean {
    const result = this.#native.extendVolume(path);
    if (result < 0) throw new FileError('extending the volume', path, result);
    return result === 1;
  }

  /** Closes everything that was opened through it. */
  [Symbol.dispose](): void {
    this.#native.end();
  }
}

// One for all: it is filled and used at once.
const infoBytes = Buffer.alloc(72);

/** A file or folder that is open. */
export class WindowsFile implements Disposable {
  readonly path: string;
  readonly #native: NativeFiles;
  readonly #file: number;

  constructor(native: NativeFiles, file: number, path: string) {
    this.#native = native;
    this.#file = file;
    this.path = path;
  }

  /** Opens, or makes, what is below this folder. `path` has slashes. */
  open(path: string, opening: Opening): WindowsFile {
    const file = this.#open(path, opening);
    if (file < 0) throw new FileError('opening', path, file);
    return new WindowsFile(this.#native, file, path);
  }

  /** Opens what is below this folder, where there is anything. */
  find(path: string, opening: Opening): WindowsFile | undefined {
    const file = this.#open(path, opening);
    if (isAbsent(file)) return undefined;
    if (file < 0) throw new FileError('opening', path, file);
    return new WindowsFile(this.#native, file, path);
  }

  #open(path: string, { access, share, disposition, options }: Opening): number {
    return this.#native.open(this.#file, path, access, share, disposition, options);
  }

  backupWrite(bytes: Uint8Array, withSecurity: boolean): void {
    this.#check('restoring', this.#native.backupWrite(this.#file, bytes, withSecurity));
  }

  /** Gives how many bytes it has put there: fewer than there is room for at the end. */
  backupRead(bytes: Uint8Array, withSecurity: boolean): number {
    return this.#check('reading', this.#native.backupRead(this.#file, bytes, withSecurity));
  }

  /** Passes over data of the stream that is being read, at most to its end. Gives how many bytes. */
  backupSkip(count: number): number {
    return this.#check('reading', this.#native.backupSkip(this.#file, count));
  }

  backupEnd(): void {
    this.#native.backupEnd(this.#file);
  }

  /** @param attributes - 0 leaves them alone */
  setInfo({ creation, access, write, change }: FileTimes, attributes: number): void {
    // A time of 0 would be left alone as well.
    infoBytes.writeBigInt64LE(creation || 1n, 0);
    infoBytes.writeBigInt64LE(access || 1n, 8);
    infoBytes.writeBigInt64LE(write || 1n, 16);
    infoBytes.writeBigInt64LE(change || 1n, 24);
    infoBytes.writeBigUInt64LE(BigInt(attributes), 32);
    this.#check('setting the times of', this.#native.setInfo(this.#file, infoBytes.subarray(0, 40)));
  }

  info(): FileInfo {
    this.#check('looking at', this.#native.info(this.#file, infoBytes));
    const time = (at: number): bigint => infoBytes.readBigInt64LE(at);
    const links = infoBytes.readUInt32LE(48);
    return {
      times: { creation: time(0), access: time(8), write: time(16), change: time(24) },
      attributes: infoBytes.readUInt32LE(32),
      size: Number(infoBytes.readBigUInt64LE(40)),
      links,
      reparseTag: infoBytes.readUInt32LE(52),
      identity: links > 1 ? infoBytes.toString('hex', 56) : undefined,
    };
  }

  /** Gives it one more name, in an open folder. */
  link(folder: WindowsFile, name: string): void {
    this.#check('linking', this.#native.link(this.#file, folder.#file, name));
  }

  /** Deletes it, when it is closed. A folder has to be empty. */
  remove(): void {
    this.#check('deleting', this.#native.remove(this.#file));
  }

  list(): FolderEntry[] {
    const flat = this.#native.list(this.#file);
    if (typeof flat === 'number') throw new FileError('listing', this.path, flat);
    const entries: FolderEntry[] = [];
    for (let at = 0; at < flat.length; at += 2) {
      entries.push({ name: flat[at] as string, attributes: flat[at + 1] as number });
    }
    return entries;
  }

  /** The name of its file system, such as NTFS. */
  fileSystem(): string {
    const name = this.#native.fileSystem(this.#file);
    if (typeof name === 'number') throw new FileError('looking at the volume of', this.path, name);
    return name;
  }

  [Symbol.dispose](): void {
    this.#native.close(this.#file);
  }

  #check(what: string, status: number): number {
    if (status < 0) throw new FileError(what, this.path, status);
    return status;
  }
}

/** Whether a file is a folder that things can be put into. */
export function isFolder(attributes: number): boolean {
  return (attributes & (attribute.directory | attribute.reparsePoint)) === attribute.directory;
}

function loadFiles(): NativeFiles {
  const { Files } = loadAddon();
  if (Files !== undefined) return new Files();
  throw new Error('the files of Windows can be opened on Windows only');
}
