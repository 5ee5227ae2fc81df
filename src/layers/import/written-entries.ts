// Every name of the layer, and what it is: nothing twice, nothing that differs in case only, nothing without its folder.
import { folded } from '../formats/entry-name.js';
import { quoted } from '../../shortened.js';
import { baseOf, parentOf } from './entry-path.js';
import { rebuild, Refusal } from './refusal.js';

/** What a name of a layer is. The links are reparse points; a hard link is one more name of a file. */
export type EntryKind = 'directory' | 'file' | 'fileLink' | 'directoryLink' | 'hardLink';

interface Known {
  readonly path: string;
  readonly kind: EntryKind;
}

const collision = 'Rename one of them: a layer of Windows has no names that differ in case only. Is it a Linux image?';

export class WrittenEntries {
  readonly #known = new Map<string, Known>();
  /** The folder that was found right last: what it is does not change, and most names are in the same as the one before. */
  #lastFolder: string | undefined;

  /** Adds a name. Throws a {@link Refusal}. */
  add(path: string, kind: EntryKind): void {
    const key = folded(path);
    const before = this.#known.get(key);
    if (before !== undefined) this.#refuseSecond(path, before);
    this.#checkFolder(path, false);
    this.#known.set(key, { path, kind });
  }

  /** What a name is, in exactly this spelling. */
  kindOf(path: string): EntryKind | undefined {
    const known = this.#known.get(folded(path));
    return known?.path === path ? known.kind : undefined;
  }

  /**
   * Refuses what a whiteout cannot delete. It is about the layers below, whatever this layer puts there: a file that comes
   * as well replaces what was there anyway, and the result is `false`: nothing is to be deleted.
   */
  checkWhiteout(path: string): boolean {
    this.#checkFolder(path, true);
    const known = this.#known.get(folded(path));
    if (known?.kind === 'directory') {
      throw new Refusal(
        `is deleted of the layers below, and comes as a directory: what they have in it cannot be hidden`,
        'Build the layer with a whiteout for each deleted file.',
        path,
      );
    }
    return known === undefined;
  }

  #refuseSecond(path: string, before: Known): never {
    if (before.path !== path) {
      throw new Refusal(`differs from ${quoted(before.path)} in case only`, collision);
    }
    throw new Refusal('comes twice', rebuild);
  }

  #checkFolder(path: string, isWhiteout: boolean): void {
    const parent = parentOf(path);
    if (parent === '' || parent === this.#lastFolder) return;
    const folder = this.#known.get(folded(parent));
    if (folder === undefined) {
      // What is to be deleted may be in a folder that only the layers below have.
      if (isWhiteout) return this.#checkFolder(parent, isWhiteout);
      throw new Refusal(`comes before an entry for its folder ${quoted(parent)}`, rebuild);
    }
    if (folder.kind === 'directoryLink') {
      throw new Refusal(`is below the reparse point ${quoted(folder.path)}, outside of the layer`, rebuild);
    }
    if (folder.kind !== 'directory') {
      throw new Refusal(`is below ${quoted(folder.path)}, which is not a directory`, rebuild);
    }
    if (folder.path !== parent) {
      throw new Refusal(`spells its folder ${quoted(folder.path)} otherwise`, collision);
    }
    this.#lastFolder = parent;
  }
}

/** The name that a whiteout deletes, `undefined` when the entry is none. */
export function whiteoutOf(path: string): string | undefined {
  const base = baseOf(path);
  if (!base.startsWith('.wh.')) return undefined;
  if (base === '.wh..wh..opq') {
    throw new Refusal(
      'is an opaque whiteout, which hides all that the layers below have in its folder, and cannot be imported',
      'Build the layer with a whiteout for each deleted file.',
    );
  }
  const deleted = base.slice('.wh.'.length);
  if (deleted === '' || deleted === '.' || deleted === '..') {
    throw new Refusal('is a whiteout that names nothing', rebuild);
  }
  const parent = parentOf(path);
  return parent === '' ? deleted : `${parent}/${deleted}`;
}
