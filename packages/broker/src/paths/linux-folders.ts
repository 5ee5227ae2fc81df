/**
 * Holds folders on Linux: each name is opened in the folder before it, by the descriptor of that, and no link is followed. A
 * descriptor says what it is open on, whatever happens to the names.
 *
 * @module
 */
import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';

import type { Wanted } from '../documents/shapes.js';
import type { Held, HeldFolders, HeldRequest } from './held-folders.js';
import { HeldError } from './held-folders.js';
import { joined } from './lexical.js';

// Opens without the right to read, and without any effect: of a link the link itself, of a device nothing at all.
const O_PATH = 0o10000000;
const asName = O_PATH | constants.O_NOFOLLOW;
const asFolder = asName | constants.O_DIRECTORY;

/** The folders of a Linux machine. */
export class LinuxFolders implements HeldFolders {
  readonly form = 'posix';
  readonly #opened: (path: string) => void;

  /** `opened` is called when a path has been opened, before it is looked at again: for tests of what happens in between. */
  constructor(opened: (path: string) => void = () => undefined) {
    this.#opened = opened;
  }

  hold(request: HeldRequest): Promise<Held> {
    const walk = new Walk();
    try {
      const path = walk.along(request);
      this.#opened(path);
      return Promise.resolve(new LinuxHeld(request, path, walk));
    } catch (error) {
      walk.close();
      return Promise.reject(error instanceof Error ? error : new HeldError(String(error)));
    }
  }
}

class LinuxHeld implements Held {
  readonly path: string;
  readonly #request: HeldRequest;
  readonly #walk: Walk;

  constructor(request: HeldRequest, path: string, walk: Walk) {
    this.path = path;
    this.#request = request;
    this.#walk = walk;
  }

  isSame(): Promise<boolean> {
    const again = new Walk();
    try {
      return Promise.resolve(again.along(this.#request) === this.path && again.last === this.#walk.last);
    } catch {
      return Promise.resolve(false);
    } finally {
      again.close();
    }
  }

  release(): void {
    this.#walk.close();
  }
}

/** The descriptors from the root to the last name. */
class Walk {
  /** Device and number of what the last descriptor is open on, and what the path may still lack. */
  last = '';
  readonly #descriptors: number[] = [];

  /** Opens a path to its end, and returns its final name. */
  along({ root, names, want, write }: HeldRequest): string {
    let final = this.#step(root, asFolder, 'the folder of the policy');
    if (final !== root) throw new HeldError('cannot be opened: the folder of the policy is reached by a link');
    for (const name of names.slice(0, -1)) {
      const reached = this.#step(this.#in(name), asFolder, 'a folder in it');
      if (reached !== joined(final, [name], 'posix')) throw new HeldError('must not have been renamed meanwhile');
      final = reached;
    }
    const last = names.at(-1);
    if (last !== undefined) return this.#end(final, last, want, write);
    if (want !== 'folder') throw new HeldError('must lead below the folder of the policy');
    return final;
  }

  /** A name in the folder that was opened last, whatever that is called meanwhile. */
  #in(name: string): string {
    return `/proc/self/fd/${this.#descriptors.at(-1)!}/${name}`;
  }

  #step(path: string, flags: number, what: string): string {
    try {
      const descriptor = openSync(path, flags);
      this.#descriptors.push(descriptor);
      this.last = identityOf(fstatSync(descriptor));
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch (error) {
      throw new HeldError(
        `${what} cannot be opened without following a link: ${codeOf(error)}`,
        codeOf(error) === 'ENOENT',
      );
    }
  }

  #end(folder: string, name: string, want: Wanted, write: boolean): string {
    const path = joined(folder, [name], 'posix');
    let descriptor: number;
    try {
      descriptor = openSync(this.#in(name), asName);
    } catch (error) {
      const mayLack = want !== 'file' && want !== 'folder';
      if (!mayLack || codeOf(error) !== 'ENOENT') {
        throw new HeldError(`cannot be opened: ${codeOf(error)}`, codeOf(error) === 'ENOENT');
      }
      this.last += ' and nothing in it';
      return path;
    }
    this.#descriptors.push(descriptor);
    const stats = fstatSync(descriptor);
    const flaw = flawOf(stats, want, write);
    if (flaw !== undefined) throw new HeldError(flaw);
    this.last = identityOf(stats);
    if (readlinkSync(`/proc/self/fd/${descriptor}`) !== path)
      throw new HeldError('must not have been renamed meanwhile');
    return path;
  }

  close(): void {
    for (const descriptor of this.#descriptors.splice(0)) closeSync(descriptor);
  }
}

/** Why what is there is not what is wanted. */
function flawOf(stats: Stats, want: Wanted, write: boolean): string | undefined {
  if (stats.isSymbolicLink()) return 'must not be a link';
  if (want === 'newFolder') return 'must not be there yet';
  if (want === 'folder' && !stats.isDirectory()) return 'must be a folder';
  if ((want === 'file' || want === 'new') && !stats.isFile()) return 'must be a plain file';
  if (stats.isFile() && write && stats.nlink !== 1) return 'must have no other hard link where it is written';
  return undefined;
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
