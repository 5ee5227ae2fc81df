// The files of a utility VM, which a layer has once and not as changes: a layer above a base begins with those of its parent.
import { quoted } from '../../../shortened.js';

import { copyOfBootData } from './boot-data.js';
import { folded } from '../../formats/entry-name.js';
import { isWithin } from '../entry-path.js';
import { rebuild, Refusal } from '../refusal.js';

const folder = 'UtilityVM';
const files = 'UtilityVM/Files';

/** How the files of a utility VM are taken over from a parent, and removed. */
export interface UtilityVMFiles {
  /** Whether a layer has any. */
  areIn(parent: string): boolean;
  /** Takes all over: hard links, but for boot data, which are copied. Calls `found` for each path. */
  clone(parent: string, found: (path: string) => void): void;
  /** Removes what an entry replaces, with all in it. Says whether its directory is there still. */
  makeWay(path: string, isDirectory: boolean): boolean;
  /** Removes what is there, with all in it. */
  remove(path: string): void;
  isFile(path: string): boolean;
}

export class UtilityVM {
  readonly #files: UtilityVMFiles;
  readonly #parents: readonly string[];
  /** What was taken from the parent: the spelling by the folded path. */
  readonly #cloned = new Map<string, string>();
  #isPresent = false;

  /**
   * @param parents - the folders of the parents, of which the first that has a utility VM is begun with
   */
  constructor(files: UtilityVMFiles, parents: readonly string[]) {
    this.#files = files;
    this.#parents = parents;
  }

  /** Whether the layer has a utility VM, which the host has to process. */
  get isPresent(): boolean {
    return this.#isPresent;
  }

  /** Removes what an entry replaces. Says whether its directory is there already. Throws a {@link Refusal}. */
  makeWay(path: string, isDirectory: boolean): boolean {
    if (!isWithin(path, folder)) return false;
    if (path !== folder && !isWithin(path, files))
      throw new Refusal(`is beside ${files}/, where nothing is allowed`, rebuild);
    if (path === files) {
      if (!isDirectory) throw new Refusal('must be a directory', rebuild);
      this.#isPresent = true;
    }
    if (this.#parents.length === 0) return false;
    if (path === folder) this.#clone();
    return this.#replace(path, isDirectory);
  }

  /** Deletes what came from the parent. */
  delete(path: string): void {
    if (this.#cloned.get(folded(path)) !== path) {
      throw new Refusal(`deletes ${quoted(path)}, which the utility VM of the parent does not have`, rebuild);
    }
    this.#files.remove(path);
    this.#cloned.delete(folded(path));
  }

  hasFile(path: string): boolean {
    return this.#cloned.get(folded(path)) === path && this.#files.isFile(path);
  }

  /** Whether a path is boot data, of which the layer keeps what the archive had. */
  isBootData(path: string): boolean {
    return isWithin(path, files) && copyOfBootData(path) !== undefined;
  }

  #replace(path: string, isDirectory: boolean): boolean {
    const spelt = this.#cloned.get(folded(path));
    if (spelt === undefined) return false;
    if (spelt !== path) throw new Refusal(`differs from ${quoted(spelt)} of its parent in case only`, rebuild);
    this.#cloned.delete(folded(path));
    return this.#files.makeWay(path, isDirectory);
  }

  #clone(): void {
    const parent = this.#parents.find((each) => this.#files.areIn(each));
    if (parent === undefined) {
      throw new Refusal(`has no ${files} in any of its parents`, 'Pass the parents that it was made upon.');
    }
    this.#cloned.set(folded(folder), folder);
    this.#files.clone(parent, (path) => this.#cloned.set(folded(path), path));
    this.#isPresent = true;
  }
}
