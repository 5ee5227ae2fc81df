// The folders of a layer by the numbers that a plan gives them.
import { parentOf } from '../entry-path.js';
import type { Plan } from '../plan.js';

export class PlannedFolders {
  readonly #plan: Plan;
  /** By their paths in the layer; the roots by their own, which are absolute. */
  readonly #numbers = new Map<string, number>();
  #last = { path: '', folder: -1 };

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** A folder by its absolute path, which is there. */
  root(path: string): number {
    const known = this.#numbers.get(`/${path}`);
    if (known !== undefined) return known;
    const folder = this.add(`/${path}`);
    this.#plan.openRoot(folder, path);
    return folder;
  }

  /** A new one. The plan makes or opens it. */
  add(path: string): number {
    const folder = this.#numbers.size;
    this.#numbers.set(path, folder);
    return folder;
  }

  /**
   * The folder that a path is in, whose entry came before.
   *
   * @param rootPath - that of what is in no other
   */
  parentOf(path: string, rootPath: string): number {
    const parent = parentOf(path);
    if (parent === '') return this.root(rootPath);
    if (this.#last.path !== parent) this.#last = { path: parent, folder: this.#numbers.get(parent)! };
    return this.#last.folder;
  }
}
