// The files of a utility VM, which a layer has once and not as changes: a layer above a base begins with those of its parent,
// hard-linked but for what the host would write into.
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

import { timesTableName } from '../formats/times-table.js';
import { folded, isWithin, sideFileSuffix } from './entry-name.js';
import { lookUp } from './places.js';
import { rebuild, Refusal } from './refusal.js';

const folder = 'UtilityVM';
const files = 'UtilityVM/Files';
/** The boot data, which ProcessUtilityImage edits in place, and where the archive's own are kept. */
const bootData = new Map(
  ['BCD', 'BCD.LOG', 'BCD.LOG1', 'BCD.LOG2'].map((name) => [
    folded(`${files}/EFI/Microsoft/Boot/${name}`),
    `${name.toLowerCase()}.bak`,
  ]),
);

export class UtilityVM {
  readonly #root: string;
  readonly #timesRoot: string;
  readonly #parents: readonly string[];
  /** What was taken from the parent: the spelling by the folded path. */
  readonly #cloned = new Map<string, string>();
  #isPresent = false;

  /**
   * @param root - the folder that `UtilityVM` is written into
   * @param timesRoot - the folder of the table of times
   * @param parents - the folders of the parents, of which the first that has a utility VM is begun with
   */
  constructor(root: string, timesRoot: string, parents: readonly string[]) {
    this.#root = root;
    this.#timesRoot = timesRoot;
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
      throw new Refusal(`is beside ${files}/, where nothing may be`, rebuild);
    if (path === files) {
      if (!isDirectory) throw new Refusal('has to be a directory', rebuild);
      this.#isPresent = true;
    }
    if (this.#parents.length === 0) return false;
    if (path === folder) this.#clone();
    return this.#replace(path, isDirectory);
  }

  /** Deletes what came from the parent. */
  delete(path: string): void {
    if (this.#cloned.get(folded(path)) !== path) {
      throw new Refusal(`deletes ${JSON.stringify(path)}, which the utility VM of the parent does not have`, rebuild);
    }
    rmSync(join(this.#root, path), { recursive: true });
    rmSync(join(this.#root, path + sideFileSuffix), { force: true });
    this.#cloned.delete(folded(path));
  }

  hasFile(path: string): boolean {
    return this.#cloned.get(folded(path)) === path && lookUp(this.#root, path)?.isFile() === true;
  }

  /** Whether a path is boot data, of which the layer keeps what the archive had. */
  isBootData(path: string): boolean {
    return isWithin(path, files) && bootData.has(folded(path));
  }

  /** Begins the copy of boot data. Returns what adds to it. */
  backUp(path: string): (bytes: Buffer) => void {
    const copy = join(this.#root, bootData.get(folded(path))!);
    appendFileSync(copy, '');
    return (bytes) => appendFileSync(copy, bytes);
  }

  #replace(path: string, isDirectory: boolean): boolean {
    const spelt = this.#cloned.get(folded(path));
    if (spelt === undefined) return false;
    if (spelt !== path) throw new Refusal(`differs from ${JSON.stringify(spelt)} of its parent in case only`, rebuild);
    this.#cloned.delete(folded(path));
    const place = join(this.#root, path);
    rmSync(place + sideFileSuffix, { force: true });
    if (isDirectory && lookUp(this.#root, path)?.isDirectory() === true) return true;
    rmSync(place, { recursive: true, force: true });
    return false;
  }

  #clone(): void {
    const parent = this.#parents.find((each) => lookUp(each, files)?.isDirectory() === true);
    if (parent === undefined) {
      throw new Refusal(`has no ${files} in any of its parents`, 'Pass the parents that it was made upon.');
    }
    mkdirSync(join(this.#root, folder), { recursive: true });
    this.#cloned.set(folded(folder), folder);
    this.#cloneDirectory(parent, files);
    copyFileSync(join(parent, files + sideFileSuffix), join(this.#root, files + sideFileSuffix));
    this.#isPresent = true;
    this.#copyTimes(join(parent, timesTableName));
  }

  #copyTimes(table: string): void {
    if (!existsSync(table)) return;
    const lines = readFileSync(table, 'utf8').split('\n');
    const own = lines.filter((line) => line.includes(` "${files}`)).map((line) => `${line}\n`);
    appendFileSync(join(this.#timesRoot, timesTableName), own.join(''));
  }

  #cloneDirectory(parent: string, path: string): void {
    mkdirSync(join(this.#root, path));
    this.#cloned.set(folded(path), path);
    for (const name of readdirSync(join(parent, path)).sort()) {
      const inner = `${path}/${name}`;
      const [from, to] = [join(parent, inner), join(this.#root, inner)];
      if (lookUp(parent, inner)?.isDirectory() === true) this.#cloneDirectory(parent, inner);
      else if (name.endsWith(sideFileSuffix)) copyFileSync(from, to);
      else {
        if (bootData.has(folded(inner))) copyFileSync(from, to);
        else linkSync(from, to);
        this.#cloned.set(folded(inner), inner);
      }
    }
  }
}
