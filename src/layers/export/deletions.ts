// What a layer deletes of the layers below it, as far as a tar can say it.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { folded, partProblem, sideFileSuffix, wellFormed } from '../formats/entry-name.js';
import { FormatError } from '../formats/format-error.js';
import { decodeTombstones } from '../formats/tombstones.js';
import { isThere } from './is-there.js';
import { LeftOut } from './losses.js';
import { readTransportEntry } from './transport-entry.js';
import { TransportFile } from './transport-file.js';

/** A deletion: a name in a folder, and why a tar cannot have it, if it cannot. */
export interface Deletion {
  readonly name: string;
  readonly problem: string | undefined;
}

const replaced = 'is deleted and comes as a directory, which hides nothing of the layers below';

export class Deletions {
  readonly #root: string;
  readonly #names: Map<string, string[]>;
  /** The folders of the tar so far, by their folded names, and what was left out of it. */
  readonly #folders = new Map<string, string>();
  readonly #leftOut = new Set<string>();

  /** Reads tombstones.txt. Without a root nothing is deleted. */
  constructor(root?: string) {
    this.#root = root ?? '';
    this.#names = root === undefined ? new Map<string, string[]>() : namesOf(root);
  }

  addFolder(path: string): void {
    this.#folders.set(folded(path), path);
  }

  leaveOut(path: string): void {
    this.#leftOut.add(path);
  }

  /** Takes what is deleted in a folder of the tar. */
  take(folder: string): Deletion[] {
    const names = this.#names.get(folder);
    if (names === undefined) return [];
    this.#names.delete(folder);
    const directories = directoriesIn(join(this.#root, folder));
    return names.map((name) => ({ name, problem: directories.has(folded(name)) ? replaced : whiteoutProblem(name) }));
  }

  /** Takes the rest, which is deleted in folders that the tar does not have. */
  *takeRest(): Generator<readonly [folder: string, deletions: readonly Deletion[]]> {
    for (const [folder, names] of this.#names) {
      const problem = this.#folderProblem(folder);
      yield [folder, problem === undefined ? this.take(folder) : names.map((name) => ({ name, problem }))];
    }
  }

  #folderProblem(folder: string): string | undefined {
    const parts = folder.split('/');
    for (const [index, part] of parts.entries()) {
      const problem = partProblem(wellFormed(part));
      if (problem !== undefined) return `is in a folder that ${problem}`;
      const name = parts.slice(0, index + 1).join('/');
      if (this.#leftOut.has(name)) return 'is in a folder that is left out';
      const spelt = this.#folders.get(folded(name));
      if (spelt !== undefined && spelt !== name) return `is in ${name}, which the layer spells ${spelt}`;
      const path = join(this.#root, name);
      const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory();
      if (isFolder === true && (index === 0 || !isLinkAt(path))) continue;
      if (isFolder !== undefined || isThere(path + sideFileSuffix)) return 'is in a path that is not a directory';
      // Windows finds a file in whatever case it is spelt.
      const beside = namesIn(dirname(path)).find((each) => folded(each) === folded(part));
      if (beside !== undefined) return `is in ${name}, which the layer spells ${beside}`;
    }
    return undefined;
  }
}

/** The names that are deleted in each folder. */
function namesOf(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of decodeTombstones(readFileSync(join(root, 'tombstones.txt'), 'utf8'))) {
    const parts = `Files\\${path}`.split('\\');
    const name = parts.pop()!;
    if ([...parts, name].some((part) => /^\.{0,2}$/.test(part))) throw new FormatError(`it has the path ${path}`);
    const folder = parts.join('/');
    const names = found.get(folder) ?? [];
    found.set(folder, names);
    if (!names.includes(name)) names.push(name);
  }
  return found;
}

/** The folded names of the directories in a folder, without links; of none where there is no such folder. */
function directoriesIn(folder: string): ReadonlySet<string> {
  const entries = isThere(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return new Set(names.filter((name) => !isLinkAt(join(folder, name))).map(folded));
}

/** Whether a directory is a link, which its side file tells, or something that no tar has. */
function isLinkAt(directory: string): boolean {
  if (!isThere(directory + sideFileSuffix)) return false;
  using file = new TransportFile(directory + sideFileSuffix);
  try {
    return readTransportEntry(file, true, () => undefined).reparsePoint !== undefined;
  } catch (error) {
    // What is malformed is refused where the walk comes by it.
    if (error instanceof LeftOut || error instanceof FormatError) return true;
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  return isThere(folder) ? readdirSync(folder) : [];
}

function whiteoutProblem(name: string): string | undefined {
  if (name === '.wh..opq') return 'would read as the deletion of all that is in its folder';
  return partProblem(wellFormed(`.wh.${name}`));
}
