/**
 * Holds folders on Windows: the native part of hostcompute opens each name in the folder before it and follows no link; a folder that
 * is held can be neither renamed nor deleted. What was reached is then compared with what was named.
 *
 * @module
 */
import type { HeldPath, HoldPathOptions } from 'hostcompute/remote';
import { HeldPathError, holdPath } from 'hostcompute/remote';

import type { Wanted } from '../documents/shapes.js';
import type { Held, HeldFolders, HeldRequest } from './held-folders.js';
import { HeldError } from './held-folders.js';
import { joined, namesBelow, pathFlaw } from './lexical.js';

/** What opens and holds; {@link holdPath} but in tests. */
export type Hold = (root: string, names: readonly string[], options?: HoldPathOptions) => Promise<HeldPath>;

/** The folders of a Windows machine. */
export class WindowsFolders implements HeldFolders {
  readonly form = 'windows';
  readonly #hold: Hold;

  constructor(hold: Hold = holdPath) {
    this.#hold = hold;
  }

  async hold(request: HeldRequest): Promise<Held> {
    const held = await this.#reach(request);
    const { path, identity, kind } = held;
    const isSame = async (): Promise<boolean> => {
      try {
        const again = await this.#reach(request);
        again.release();
        return again.path === path && again.identity === identity && again.kind === kind;
      } catch {
        return false;
      }
    };
    return { path, isSame, release: () => held.release() };
  }

  async #reach({ root, names, want, write, removes = false }: HeldRequest): Promise<HeldPath> {
    const path = joined(root, names, 'windows');
    const wrong = pathFlaw(path, 'windows');
    if (wrong !== undefined) throw new HeldError(`must be another path: ${wrong}`);
    const mayLack = want !== 'file' && want !== 'folder';
    const held = await this.#open(root, names, { folder: want === 'folder' && !removes, mayLack });
    const flaw = flawOf(held, path, want, write);
    if (flaw === undefined) return held;
    held.release();
    throw new HeldError(flaw);
  }

  async #open(root: string, names: readonly string[], options: HoldPathOptions): Promise<HeldPath> {
    try {
      return await this.#hold(root, names, options);
    } catch (error) {
      if (!(error instanceof HeldPathError)) throw error;
      throw new HeldError(`cannot be held: ${error.message}`, error.reason === 'missing');
    }
  }
}

/** Why what is there is not what is wanted. */
function flawOf(held: HeldPath, path: string, want: Wanted, write: boolean): string | undefined {
  const { kind, links } = held;
  // A drive that stands for a folder or for another machine, and a short name, have another final name.
  if (namesBelow(path, held.path, 'windows')?.length !== 0) return 'must be the final name of what it leads to';
  if (held.caseSensitive) return 'must not lead through a folder where case makes another name';
  if (want === 'newFolder' && kind !== 'missing') return 'must not be there yet';
  if (want === 'folder' && kind !== 'folder') return 'must be a folder';
  if ((want === 'file' || want === 'new') && kind === 'folder') return 'must be a plain file';
  if (kind === 'file' && write && links !== 1) return 'must have no other hard link where it is written';
  return undefined;
}
