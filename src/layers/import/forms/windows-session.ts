// What is open while a layer of Windows is written: its folders, and what its directories get in the end.
import { mkdirSync } from 'node:fs';

import type { FileTimes } from '../../formats/file-time.js';
import { privilege, WindowsFiles } from '../../windows/windows-files.js';
import type { WindowsFile } from '../../windows/windows-files.js';
import { isWithin } from '../entry-path.js';
import { Refusal } from '../refusal.js';
import type { ImportTask } from '../import-task.js';

/** Times and attributes of a directory. */
export interface DirectoryInfo {
  readonly times: FileTimes;
  readonly attributes: number;
}

type Places = Pick<ImportTask, 'root' | 'utilityVMRoot' | 'parents'>;

export class WindowsSession {
  /** By path. What is written into a directory changes its times, so they are set when everything is there. */
  readonly directories = new Map<string, DirectoryInfo>();
  readonly parents: readonly string[];
  readonly #rootPath: string;
  readonly #vmPath: string;
  readonly #open: () => WindowsFiles;
  #files: WindowsFiles | undefined;
  #root: WindowsFile | undefined;
  #vmRoot: WindowsFile | undefined;

  /** @param open - where files of Windows come from; begun anew for each part of an import */
  constructor({ root, utilityVMRoot, parents }: Places, open = (): WindowsFiles => new WindowsFiles()) {
    this.parents = parents;
    this.#rootPath = root;
    this.#vmPath = utilityVMRoot;
    this.#open = open;
  }

  /** Whether a base layer is written: its files are in their final form then. */
  get isBase(): boolean {
    return this.parents.length === 0;
  }

  /** The path of the folder that its utility VM is written into. */
  get vmPath(): string {
    return this.#vmPath;
  }

  /** Takes the privileges, and begins. */
  begin(): WindowsFiles {
    if (this.#files !== undefined) return this.#files;
    const files = this.#open();
    files.acquire(privilege.backup + privilege.restore + privilege.security);
    this.#files = files;
    return files;
  }

  /** Makes the folder that the layer is written into. */
  open(): void {
    this.#root = this.#made(this.#rootPath);
  }

  /** The folder that the layer is written into. */
  get root(): WindowsFile {
    return this.#root!;
  }

  /** The one that its utility VM is written into, which is made when it is needed. */
  get vmRoot(): WindowsFile {
    if (this.#vmPath === this.#rootPath) return this.root;
    this.#vmRoot ??= this.#made(this.#vmPath);
    return this.#vmRoot;
  }

  /** The directories of a path that is being removed get no times. */
  forget(path: string): void {
    for (const each of this.directories.keys()) if (isWithin(each, path)) this.directories.delete(each);
  }

  /** Closes everything, and gives the privileges back. */
  end(): void {
    this.#files?.[Symbol.dispose]();
    this.#files = this.#root = this.#vmRoot = undefined;
  }

  #made(path: string): WindowsFile {
    mkdirSync(path, { recursive: true });
    const folder = this.begin().openRoot(path);
    const system = folder.fileSystem();
    if (system === 'NTFS') return folder;
    throw new Refusal(
      `would be on a volume with ${system}, and layers of Windows have to be on NTFS`,
      'Put the store on a volume with NTFS.',
      null,
    );
  }
}
