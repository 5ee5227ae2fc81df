// Walks what of a layer of Windows is read by backups: a base layer, the hives and a utility VM.
import { LayerError } from '../layer-error.js';
import { PrivilegeError } from '../windows/file-error.js';
import { openings } from '../windows/openings.js';
import type { WindowsFile } from '../windows/windows-files.js';
import { attribute, isFolder, privilege, WindowsFiles } from '../windows/windows-files.js';
import { BackupFile } from './backup-file.js';
import { sortBytewise } from './bytewise.js';
import { notUnicode, Spellings, whyPassedOver } from './passed-over.js';
import type { BackupWalk, PassOver, TreeItem, TreeWalk } from './tree-walk.js';

export class BackupTree implements BackupWalk, Disposable {
  readonly #files: WindowsFiles;
  readonly #root: WindowsFile;
  readonly #withSecurity: boolean;

  /**
   * @param root - the folder of the layer, or that of what was exported
   * @param withSecurity - whether its files have the security of the layer
   */
  constructor(root: string, withSecurity: boolean, files = new WindowsFiles()) {
    this.#files = files;
    this.#withSecurity = withSecurity;
    try {
      files.acquire(privilege.backup + (withSecurity ? privilege.security : 0));
      this.#root = files.openRoot(root);
    } catch (error) {
      files[Symbol.dispose]();
      if (!(error instanceof PrivilegeError)) throw error;
      const { message, remedy } = error;
      throw new LayerError({ reason: `cannot be exported: ${message}`, remedy, cause: error });
    }
  }

  *alone(path: string): TreeWalk {
    yield this.#item(path, true);
  }

  *folder(path: string, passOver: PassOver): TreeWalk {
    if ((yield this.#item(path, true)) === 'leftOut') return;
    const attributes = this.#attributesIn(path);
    const spellings = new Spellings();
    for (const name of sortBytewise([...attributes.keys()])) {
      const child = `${path}/${name}`;
      const is = attributes.get(name)!;
      if (isFolder(is) && child.toLowerCase() === 'files/$recycle.bin') continue;
      const isValid = !/\p{Surrogate}/u.test(name);
      const reason = isValid ? (whyPassedOver(name) ?? spellings.problem(name)) : notUnicode;
      if (reason !== undefined) passOver(child, reason);
      else if (isFolder(is)) yield* this.folder(child, passOver);
      else yield this.#item(child, (is & attribute.directory) !== 0);
    }
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }

  #attributesIn(path: string): Map<string, number> {
    using folder = this.#root.open(path, openings.list);
    return new Map(folder.list().map(({ name, attributes }) => [name, attributes]));
  }

  #item(path: string, isDirectory: boolean): TreeItem {
    const opening = this.#withSecurity ? openings.backupWithSecurity : openings.backup;
    const open = (): BackupFile => new BackupFile(this.#root.open(path, opening), this.#withSecurity);
    return { path, isDirectory, isTransport: true, isExact: this.#withSecurity, open };
  }
}
