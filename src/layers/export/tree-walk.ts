// Walks a transport tree in the order of a layer tar: by name as bytes, what a directory is before what is in it.
import type { Dirent } from 'node:fs';
import { readdirSync } from 'node:fs';

import { LayerError } from '../layer-error.js';
import { sideFileSuffix } from '../formats/entry-name.js';
import { sortBytewise } from './bytewise.js';
import { isThere } from './is-there.js';
import { notUnicode, Spellings, whyPassedOver } from './passed-over.js';
import type { LayerFile } from './layer-file.js';

/** What the walk comes by. */
export interface TreeItem {
  /** Below the root, with slashes. */
  readonly path: string;
  /** The transport file, or the side file of a directory; the directory itself where it has none. */
  readonly file: string;
  readonly isDirectory: boolean;
  /** Whether the file begins with attributes and holds streams. */
  readonly isTransport: boolean;
  /** How it is opened, where not by its path. */
  readonly open?: () => LayerFile;
}

/** What an item was: a folder or file, a link, which has nothing below it, or left out with all that is below it. */
export type Visited = 'plain' | 'link' | 'leftOut';

/** The callbacks of a walk. */
export interface Walker {
  /** Called for an item, before what is in it. */
  readonly visit: (item: TreeItem) => Generator<Uint8Array, Visited>;
  /** Called for what is passed over. */
  readonly passOver: (path: string, reason: string) => void;
}

/** Walks what is read by backups, on Windows. */
export interface BackupWalk {
  /** A folder without what is in it. */
  readonly alone: (path: string, walker: Walker) => Generator<Uint8Array>;
  /** A folder and everything below. */
  readonly folder: (path: string, walker: Walker) => Generator<Uint8Array>;
}

const remedy = 'Import the layer again, and do not write into its folder.';

/**
 * Walks the folders of a layer.
 *
 * @param isExported - the tree is what ExportLayer wrote; otherwise the folder of a base layer
 * @param backup - for what is not in the transport form on Windows
 */
export function* walkTree(
  root: string,
  isExported: boolean,
  walker: Walker,
  backup?: BackupWalk,
): Generator<Uint8Array> {
  const found = new Set(readdirSync(root));
  if (!found.has('Files')) {
    throw new LayerError({ reason: `has no folder Files in ${root}`, remedy: 'Pass the id of a layer of Windows.' });
  }
  if (isExported || backup === undefined) yield* walkFolder(root, 'Files', true, walker);
  else yield* backup.folder('Files', walker);
  if (isExported && found.has('Hives')) {
    yield* backup?.folder('Hives', walker) ?? walkFolder(root, 'Hives', false, walker);
  }
  if (found.has('UtilityVM')) yield* walkUtilityVm(root, walker, backup);
  if (!isExported) return;
  for (const name of found) {
    if (!/^(Files|Hives|UtilityVM|FileTimes|tombstones\.txt)(\.\$wcidirs\$)?$/.test(name)) {
      walker.passOver(name, 'is beside the folders of a layer');
    }
  }
}

/** Only its `Files`: the disks beside it are made by the host. Without them it is nothing. */
function* walkUtilityVm(root: string, walker: Walker, backup: BackupWalk | undefined): Generator<Uint8Array> {
  const names = new Set(readdirSync(`${root}/UtilityVM`));
  if (!names.has('Files')) return;
  yield* backup?.alone('UtilityVM', walker) ?? walker.visit(itemOfFolder(root, 'UtilityVM', false));
  yield* backup?.folder('UtilityVM/Files', walker) ?? walkFolder(root, 'UtilityVM/Files', true, walker);
}

/** One of the folders at the top and, below `Files`, everything else. */
function* walkFolder(root: string, path: string, isTransport: boolean, walker: Walker): Generator<Uint8Array> {
  const visited = yield* walker.visit(itemOfFolder(root, path, path !== 'Files' && isTransport));
  if (visited === 'leftOut') return;
  const names = new Names(`${root}/${path}`, path, isTransport);
  if (visited === 'link' && names.list.length > 0) {
    throw new LayerError({ entry: `${path}/${names.list[0]}`, reason: 'is below a reparse point', remedy });
  }
  const spellings = new Spellings();
  for (const name of names.list) {
    const child = `${path}/${name}`;
    const isFolder = names.isFolder(name);
    if (isFolder && child.toLowerCase() === 'files/$recycle.bin') continue;
    const file = `${root}/${child}`;
    // A name with U+FFFD that is not there stands for one that is not valid Unicode.
    const isValid = !name.includes('\uFFFD') || isThere(isFolder ? file + sideFileSuffix : file);
    const reason = isValid ? (whyPassedOver(name) ?? spellings.problem(name)) : notUnicode;
    if (reason !== undefined) walker.passOver(child, reason);
    else if (isFolder) yield* walkFolder(root, child, isTransport, walker);
    else yield* walker.visit({ path: child, file, isDirectory: false, isTransport });
  }
}

/** @param isStrict - it must have a side file; the ones at the top may lack it */
function itemOfFolder(root: string, path: string, isStrict: boolean): TreeItem {
  const side = `${root}/${path}${sideFileSuffix}`;
  if (isThere(side)) return { path, file: side, isDirectory: true, isTransport: true };
  if (!isStrict) return { path, file: `${root}/${path}`, isDirectory: true, isTransport: false };
  throw new LayerError({
    entry: path,
    reason: `has no file ${path}${sideFileSuffix} beside it, so the layer is not in the transport form`,
    remedy,
  });
}

/** What is in a folder, without the side files. */
class Names {
  readonly list: string[] = [];
  readonly #folders = new Set<string>();

  constructor(folder: string, path: string, isTransport: boolean) {
    const links = new Set<string>();
    for (const entry of isThere(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
      const { name } = entry;
      this.#check(entry, path);
      if (!entry.isDirectory() && name.endsWith(sideFileSuffix)) links.add(name.slice(0, -sideFileSuffix.length));
      else this.list.push(name);
      if (entry.isDirectory()) this.#folders.add(name);
    }
    for (const name of isTransport ? links : []) {
      if (this.#folders.has(name)) continue;
      // A directory that is a reparse point may be its side file alone: then nothing can get into it.
      this.#folders.add(name);
      this.list.push(name);
    }
    sortBytewise(this.list);
  }

  isFolder(name: string): boolean {
    return this.#folders.has(name);
  }

  #check(entry: Dirent, path: string): void {
    const { name } = entry;
    const wrong = (reason: string): LayerError => new LayerError({ entry: `${path}/${name}`, reason, remedy });
    if (!entry.isDirectory() && !entry.isFile()) throw wrong('is neither a file nor a directory');
    if (/[\\:]/.test(name)) throw wrong('has a name that no file of Windows has');
  }
}
