// The entries of a tree by way of Node's calls: on Windows, and where the addon cannot be loaded.
import type { Dirent } from 'node:fs';
import { readdirSync, statSync } from 'node:fs';

import { sideFileSuffix } from '../formats/entry-name.js';
import type { FileTimes } from '../formats/file-time.js';
import { sortBytewise } from './bytewise.js';
import { isThere } from './is-there.js';
import type { LayerFile } from './layer-file.js';
import { timesOf, TransportFile } from './transport-file.js';
import type { TreeEntries, TreeEntry, TreeSource } from './tree-entries.js';

export class FileTree implements TreeSource {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  entries(path: string, isTransport: boolean): TreeEntries {
    const walk = entriesOf(new FileEntry(`${this.#root}/${path}`, 0, true), isTransport);
    return {
      next: (isWanted) => {
        const { value, done } = walk.next(isWanted);
        return done === true ? undefined : value;
      },
    };
  }
}

class FileEntry implements TreeEntry {
  readonly depth: number;
  readonly path: string;
  readonly isDirectory: boolean;
  readonly isOther: boolean;
  readonly problem: Error | undefined;

  constructor(path: string, depth: number, isDirectory: boolean, isOther = false, problem?: Error) {
    this.path = path;
    this.depth = depth;
    this.isDirectory = isDirectory;
    this.isOther = isOther;
    this.problem = problem;
  }

  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  get #file(): string {
    return this.isDirectory ? this.path + sideFileSuffix : this.path;
  }

  /** A name with U+FFFD that is not there stands for one that is not valid. */
  get isUnicode(): boolean {
    return !this.name.includes('\uFFFD') || isThere(this.#file);
  }

  get hasFile(): boolean {
    return !this.isDirectory || isThere(this.#file);
  }

  open(): LayerFile {
    return new TransportFile(this.#file);
  }

  folderTimes(): FileTimes {
    return timesOf(statSync(this.path, { bigint: true }));
  }
}

function* entriesOf(entry: FileEntry, isTransport: boolean): Generator<FileEntry, void, boolean> {
  const isWanted = yield entry;
  if (!isWanted || !entry.isDirectory) return;
  const depth = entry.depth + 1;
  let found: FileEntry[];
  try {
    found = listed(entry.path, depth, isTransport);
  } catch (error) {
    yield new FileEntry(entry.path, entry.depth, true, false, error as Error);
    return;
  }
  for (const each of found) yield* entriesOf(each, isTransport);
}

/** What is in a folder, without the side files: first what is neither a file nor a directory. */
function listed(folder: string, depth: number, isTransport: boolean): FileEntry[] {
  const entries = isThere(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const kinds = new Map<string, Dirent | undefined>();
  const sides: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (entry.isFile() && name.endsWith(sideFileSuffix)) sides.push(name.slice(0, -sideFileSuffix.length));
    else kinds.set(name, entry);
  }
  for (const name of isTransport ? sides : []) if (kinds.get(name)?.isDirectory() !== true) kinds.set(name, undefined);
  const all = sortBytewise([...kinds.keys()]).map((name) => {
    const kind = kinds.get(name);
    const isDirectory = kind === undefined || kind.isDirectory();
    return new FileEntry(`${folder}/${name}`, depth, isDirectory, !isDirectory && !kind.isFile());
  });
  return [...all.filter(({ isOther }) => isOther), ...all.filter(({ isOther }) => !isOther)];
}
