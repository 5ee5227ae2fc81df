// What waits until the layer is there: deletions, then hard links, in the order of the archive.
import { isWithin } from './entry-path.js';
import { quoted } from '../../shortened.js';
import type { WrittenEntries } from './written-entries.js';
import { rebuild, Refusal } from './refusal.js';
import type { UtilityVM } from './forms/utility-vm.js';

interface AddedLink {
  readonly path: string;
  readonly target: string;
  /** The name of the entry, as it is spelt. */
  readonly entry: string;
}

/** A hard link to be made: to a file of the layer itself, or of the parent whose folder it names. */
export interface PendingLink extends AddedLink {
  readonly parent?: string;
}

/** Whether a layer below has a file itself, and not what stands for that of a layer further below. */
export type FileFinder = (parent: string, path: string) => boolean;

/** All of it, when the archive has been read. */
export interface Pending {
  readonly deletions: readonly string[];
  readonly links: readonly PendingLink[];
}

// NTFS has 1024 names per file.
const mostLinks = 1023;

export class PendingWork {
  readonly #names: WrittenEntries;
  readonly #utilityVM: UtilityVM;
  readonly #parents: readonly string[];
  readonly #isFileOf: FileFinder;
  readonly #whiteouts = new Map<string, string>();
  readonly #links: AddedLink[] = [];

  constructor(names: WrittenEntries, utilityVM: UtilityVM, parents: readonly string[], isFileOf: FileFinder) {
    this.#names = names;
    this.#utilityVM = utilityVM;
    this.#parents = parents;
    this.#isFileOf = isFileOf;
  }

  addWhiteout(path: string, entry: string): void {
    if (this.#parents.length === 0) throw new Refusal('deletes something, in a base layer', rebuild);
    if (!isBelowFiles(path)) throw new Refusal('deletes something that is not below Files/', rebuild);
    this.#names.checkWhiteout(path);
    if (isWithin(path, 'UtilityVM')) this.#utilityVM.delete(path);
    else this.#whiteouts.set(path, entry);
  }

  addLink(link: AddedLink): void {
    if (!isBelowFiles(link.path) || !isBelowFiles(link.target)) {
      throw new Refusal(`is a hard link to ${quoted(link.target)}: both must be below Files/`, rebuild);
    }
    this.#links.push(link);
  }

  /** Looks for what each link needs, and what each whiteout still deletes. Throws a {@link Refusal} that names the entry. */
  resolve(): Pending {
    const deletions = [...this.#whiteouts].filter(([path, entry]) =>
      about(entry, () => this.#names.checkWhiteout(path)),
    );
    const targets = new Map(this.#links.map(({ path, target }) => [path, target]));
    const counts = new Map<string, number>();
    const links = this.#links.map((link) =>
      about(link.entry, () => {
        const target = endOf(link.target, targets);
        const count = (counts.get(target) ?? 0) + 1;
        counts.set(target, count);
        if (count > mostLinks)
          throw new Refusal(`is one more than the ${mostLinks} hard links that a file may have`, rebuild);
        return { ...link, target, ...this.#ownerOf(target) };
      }),
    );
    return { deletions: deletions.map(([path]) => path), links };
  }

  #ownerOf(target: string): { parent?: string } {
    const kind = this.#names.kindOf(target);
    if (kind === 'file' || kind === 'fileLink') return {};
    const missing = `is a hard link to ${quoted(target)}, which is`;
    if (kind !== undefined) throw new Refusal(`${missing} not a file`, rebuild);
    if (isWithin(target, 'UtilityVM') && this.#utilityVM.hasFile(target)) return {};
    for (const parent of isWithin(target, 'Files') ? this.#parents : []) {
      if (this.#isFileOf(parent, target)) return { parent };
    }
    throw new Refusal(`${missing} neither in this layer nor in one below`, 'Pass the parents that it was made upon.');
  }
}

function isBelowFiles(path: string): boolean {
  return path.startsWith('Files/') || path.startsWith('UtilityVM/Files/');
}

/** What a link leads to in the end, over links that lead to links. */
function endOf(target: string, targets: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  for (let at = target; ;) {
    const next = targets.get(at);
    if (next === undefined) return at;
    if (seen.has(at)) throw new Refusal('is a hard link to itself, over others', rebuild);
    seen.add(at);
    at = next;
  }
}

/** Gives the name of the entry to what is thrown. */
export function about<T>(entry: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.entry === undefined) throw new Refusal(error.message, error.remedy, entry);
    throw error;
  }
}
