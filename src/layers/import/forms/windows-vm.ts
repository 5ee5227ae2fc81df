import { openings } from '../../windows/openings.js';
import type { WindowsFile } from '../../windows/windows-files.js';
import { attribute, isFolder } from '../../windows/windows-files.js';
import { copyOfBootData } from './boot-data.js';
import { baseOf, parentOf } from '../entry-path.js';
import type { UtilityVMFiles } from './utility-vm.js';
import type { WindowsSession } from './windows-session.js';

const files = 'UtilityVM/Files';
// One file is copied at a time, and few are.
const copySize = 2 ** 20;

/** The files of a utility VM as Windows has them. */
export class WindowsVM implements UtilityVMFiles {
  readonly #session: WindowsSession;

  constructor(session: WindowsSession) {
    this.#session = session;
  }

  areIn(parent: string): boolean {
    using root = this.#session.begin().openRoot(parent);
    const attributes = attributesAt(root, files);
    return attributes !== undefined && isFolder(attributes);
  }

  clone(parent: string, found: (path: string) => void): void {
    using from = this.#session.begin().openRoot(parent);
    this.#session.vmRoot.open('UtilityVM', openings.newPlainFolder)[Symbol.dispose]();
    this.#copy(from, files, true);
    found(files);
    this.#cloneDirectory(from, files, found);
  }

  makeWay(path: string, isDirectory: boolean): boolean {
    const attributes = attributesAt(this.#session.vmRoot, path);
    if (attributes === undefined) return false;
    if (isDirectory && isFolder(attributes)) return true;
    this.remove(path);
    return false;
  }

  remove(path: string): void {
    this.#session.forget(path);
    removeTree(this.#session.vmRoot, path);
  }

  isFile(path: string): boolean {
    const attributes = attributesAt(this.#session.vmRoot, path);
    return attributes !== undefined && (attributes & attribute.directory) === 0;
  }

  #cloneDirectory(from: WindowsFile, path: string, found: (path: string) => void): void {
    for (const { name, attributes } of sortedList(from, path)) {
      const inner = `${path}/${name}`;
      const isReparsePoint = (attributes & attribute.reparsePoint) !== 0;
      const isDirectory = (attributes & attribute.directory) !== 0;
      if (isDirectory || isReparsePoint || copyOfBootData(inner) !== undefined) this.#copy(from, inner, isDirectory);
      else linkFile(from, inner, this.#session.vmRoot, inner);
      found(inner);
      if (isFolder(attributes)) this.#cloneDirectory(from, inner, found);
    }
  }

  /** Copies a file, or a directory without what is in it. */
  #copy(root: WindowsFile, path: string, isDirectory: boolean): void {
    using from = root.open(path, openings.backupWithSecurity);
    using to = this.#session.vmRoot.open(path, isDirectory ? openings.newFolder : openings.newFile);
    const bytes = Buffer.allocUnsafe(copySize);
    for (;;) {
      const length = from.backupRead(bytes, true);
      if (length === 0) break;
      to.backupWrite(bytes.subarray(0, length), true);
    }
    from.backupEnd();
    to.backupEnd();
    const { times, attributes } = from.info();
    to.setInfo(times, attributes);
    if (isDirectory) this.#session.directories.set(path, { times, attributes });
  }
}

/** Makes a hard link, in a folder that is there. */
export function linkFile(from: WindowsFile, target: string, to: WindowsFile, path: string): void {
  using file = from.open(target, openings.linked);
  using folder = to.open(parentOf(path), openings.linkFolder);
  file.link(folder, baseOf(path));
}

function attributesAt(root: WindowsFile, path: string): number | undefined {
  using file = root.find(path, openings.look);
  return file?.info().attributes;
}

function removeTree(root: WindowsFile, path: string): void {
  const attributes = attributesAt(root, path);
  if (attributes === undefined) return;
  if (isFolder(attributes)) for (const { name } of sortedList(root, path)) removeTree(root, `${path}/${name}`);
  using file = root.open(path, openings.remove);
  file.remove();
}

function sortedList(root: WindowsFile, path: string) {
  using folder = root.open(path, openings.list);
  return folder.list().sort((a, b) => (a.name < b.name ? -1 : 1));
}
