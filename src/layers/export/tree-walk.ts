// Walks a transport tree in the order of a layer tar: by name as bytes, what a directory is before what is in it.
import { readdirSync } from 'node:fs';

import { sideFileSuffix } from '../formats/entry-name.js';
import type { FileTimes } from '../formats/file-time.js';
import { LayerError } from '../layer-error.js';
import { inEntry, invalidEntry } from './entry-error.js';
import { FileTree } from './file-entries.js';
import type { LayerFile } from './layer-file.js';
import { notUnicode, Spellings, whyPassedOver } from './passed-over.js';
import type { TreeEntries, TreeEntry, TreeSource } from './tree-entries.js';

/** What the walk comes by, before what is in it. */
export interface TreeItem {
  /** Below the root, with slashes. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Whether its file begins with attributes and holds streams. */
  readonly isTransport: boolean;
  /** Whether its file has the times of the layer, whatever is listed. */
  readonly isExact?: boolean;
  /** Opens its file, or the side file of a directory. */
  open(): LayerFile;
  /** The times of a directory that has no side file. */
  readonly folderTimes?: (() => FileTimes) | undefined;
}

/** What an item was: a folder or file, a link, which has nothing below it, or left out with all that is below it. */
export type Visited = 'plain' | 'link' | 'leftOut';

/** A walk, which is told what each item was. */
export type TreeWalk = Generator<TreeItem, void, Visited>;

/** Called for what is passed over. */
export type PassOver = (path: string, reason: string) => void;

/** Walks what is read by backups, on Windows. */
export interface BackupWalk {
  /** A folder without what is in it. */
  readonly alone: (path: string) => TreeWalk;
  /** A folder and everything below. */
  readonly folder: (path: string, passOver: PassOver) => TreeWalk;
}

/**
 * Walks the folders of a layer.
 *
 * @param isExported - the tree is what ExportLayer wrote; otherwise the folder of a base layer
 * @param backup - for what is not in the transport form on Windows
 */
export function* walkTree(
  root: string,
  source: TreeSource,
  isExported: boolean,
  passOver: PassOver,
  backup?: BackupWalk,
): TreeWalk {
  const found = new Set(readdirSync(root));
  if (!found.has('Files')) {
    throw new LayerError({ reason: `has no folder Files in ${root}`, remedy: 'Pass the id of a layer of Windows.' });
  }
  const transport = (path: string): TreeWalk => walkFolder(source.entries(path, true), path, true, passOver);
  if (isExported || backup === undefined) yield* transport('Files');
  else yield* backup.folder('Files', passOver);
  if (isExported && found.has('Hives')) {
    yield* backup?.folder('Hives', passOver) ?? walkFolder(source.entries('Hives', false), 'Hives', false, passOver);
  }
  // Of a utility VM only its Files: the disks beside it are made by the host. Without them it is nothing.
  if (found.has('UtilityVM') && readdirSync(`${root}/UtilityVM`).includes('Files')) {
    yield* backup?.alone('UtilityVM') ?? walkAlone(new FileTree(root).entries('UtilityVM', true), 'UtilityVM');
    yield* backup?.folder('UtilityVM/Files', passOver) ?? transport('UtilityVM/Files');
  }
  if (!isExported) return;
  for (const name of found) {
    if (!/^(Files|Hives|UtilityVM|FileTimes|tombstones\.txt)(\.\$wcidirs\$)?$/.test(name)) {
      passOver(name, 'is beside the folders of a layer');
    }
  }
}

function* walkAlone(entries: TreeEntries, path: string): TreeWalk {
  yield itemOf(entries.next(true)!, path, false);
}

/** A folder that has been visited. */
interface Folder {
  readonly path: string;
  readonly isLink: boolean;
  readonly spellings: Spellings;
}

/** One of the folders at the top and, below `Files`, everything else. */
function* walkFolder(entries: TreeEntries, top: string, isTransport: boolean, passOver: PassOver): TreeWalk {
  // By depth: those that lead to the entry.
  const folders: Folder[] = [];
  let left = Infinity; // how deep the folder is that is left out
  for (let entry; (entry = entries.next(left === Infinity)) !== undefined;) {
    const { depth, isDirectory } = entry;
    if (depth > left || (depth === left && entry.problem !== undefined)) continue;
    left = Infinity;
    const folder = folders[depth - 1];
    const path = folder === undefined ? top : `${folder.path}/${entry.name}`;
    if (entry.problem !== undefined) throw inEntry(path, entry.problem);
    const reason = folder === undefined ? undefined : whyLeftOut(entry, path, folder);
    if (reason !== undefined) {
      if (reason !== '') passOver(path, reason);
      left = depth;
      continue;
    }
    const visited = yield itemOf(entry, path, folder === undefined ? top !== 'Files' && isTransport : isTransport);
    if (!isDirectory) continue;
    folders[depth] = { path, isLink: visited === 'link', spellings: new Spellings() };
    if (visited === 'leftOut') left = depth;
  }
}

/** Why it is passed over; empty: without a word. Throws for what cannot be in a layer. */
function whyLeftOut(entry: TreeEntry, path: string, folder: Folder): string | undefined {
  const { name } = entry;
  if (folder.isLink) throw invalidEntry(path, 'is below a reparse point');
  if (entry.isOther) throw invalidEntry(path, 'is neither a file nor a directory');
  if (/[\\:]/.test(name)) throw invalidEntry(path, 'has a name that no file of Windows has');
  if (entry.isDirectory && folder.path === 'Files' && name.toLowerCase() === '$recycle.bin') return '';
  return entry.isUnicode ? (whyPassedOver(name) ?? folder.spellings.problem(name)) : notUnicode;
}

/** @param isStrict - it must have a side file; the ones at the top may lack it */
function itemOf(entry: TreeEntry, path: string, isStrict: boolean): TreeItem {
  const { isDirectory } = entry;
  if (entry.hasFile) return { path, isDirectory, isTransport: isDirectory || isStrict, open: () => entry.open() };
  if (!isStrict) {
    return { path, isDirectory, isTransport: false, open: () => entry.open(), folderTimes: () => entry.folderTimes() };
  }
  const reason = `has no file ${path}${sideFileSuffix} beside it, so the layer is not in the transport form`;
  throw invalidEntry(path, reason);
}
