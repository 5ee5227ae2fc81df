import { appendFileSync, copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { timesTableName } from '../../formats/times-table.js';
import { tableText } from '../../table-text.js';
import { copyOfBootData } from './boot-data.js';
import { sideFileSuffix } from '../../formats/entry-name.js';
import { lookUp } from './places.js';
import type { UtilityVMFiles } from './utility-vm.js';

const files = 'UtilityVM/Files';

/** The files of a utility VM in the transport form. */
export class PortableVM implements UtilityVMFiles {
  readonly #root: string;
  readonly #timesRoot: string;

  /**
   * @param root - the folder that `UtilityVM` is written into
   * @param timesRoot - the folder of the table of times
   */
  constructor(root: string, timesRoot: string) {
    this.#root = root;
    this.#timesRoot = timesRoot;
  }

  areIn(parent: string): boolean {
    return lookUp(parent, files)?.isDirectory() === true;
  }

  clone(parent: string, found: (path: string) => void): void {
    mkdirSync(join(this.#root, 'UtilityVM'), { recursive: true });
    this.#cloneDirectory(parent, files, found);
    copyFileSync(join(parent, files + sideFileSuffix), join(this.#root, files + sideFileSuffix));
    this.#copyTimes(join(parent, timesTableName));
  }

  makeWay(path: string, isDirectory: boolean): boolean {
    const place = join(this.#root, path);
    rmSync(place + sideFileSuffix, { force: true });
    if (isDirectory && lookUp(this.#root, path)?.isDirectory() === true) return true;
    rmSync(place, { recursive: true, force: true });
    return false;
  }

  remove(path: string): void {
    rmSync(join(this.#root, path), { recursive: true });
    rmSync(join(this.#root, path + sideFileSuffix), { force: true });
  }

  isFile(path: string): boolean {
    return lookUp(this.#root, path)?.isFile() === true;
  }

  #copyTimes(table: string): void {
    const lines = tableText(table)?.split('\n') ?? [];
    const own = lines.filter((line) => line.includes(` "${files}`)).map((line) => `${line}\n`);
    appendFileSync(join(this.#timesRoot, timesTableName), own.join(''));
  }

  #cloneDirectory(parent: string, path: string, found: (path: string) => void): void {
    mkdirSync(join(this.#root, path));
    found(path);
    for (const name of readdirSync(join(parent, path)).sort()) {
      const inner = `${path}/${name}`;
      const [from, to] = [join(parent, inner), join(this.#root, inner)];
      if (lookUp(parent, inner)?.isDirectory() === true) this.#cloneDirectory(parent, inner, found);
      else if (name.endsWith(sideFileSuffix)) copyFileSync(from, to);
      else {
        if (copyOfBootData(inner) !== undefined) copyFileSync(from, to);
        else linkSync(from, to);
        found(inner);
      }
    }
  }
}
