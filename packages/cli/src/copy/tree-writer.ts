/**
 * Writes what a guest has sent below one folder: never above it, and never through a link.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, lstat, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Header } from 'tar-stream';

import { Failure } from '../failure.js';
import { printableLine } from '../output/printable.js';
import { entryNames, refused } from './entry-names.js';
import { linkNames } from './entry-links.js';
import { writeSparse } from './sparse.js';
import type { TarItem } from './tar-entries.js';

type Names = readonly string[];

/** File systems have times until then, in milliseconds; others are left out. */
const latest = 2 ** 32 * 1000;

export interface Counted {
  readonly entries: number;
  /** Of the contents of files. */
  readonly bytes: number;
}

export interface WriterOptions {
  /** How many of the names of an entry stand for the folder itself. */
  readonly strip: number;
  readonly show: (bytes: number) => void;
}

export class TreeWriter {
  readonly #root: string;
  readonly #options: WriterOptions;
  /** Folders that are none of a link. */
  readonly #folders = new Set(['']);
  /** What this one has written, by paths below the root. */
  readonly #written = new Map<string, 'file' | 'link'>();
  #entries = 0;
  #bytes = 0;

  /** @param root - a folder that is there */
  constructor(root: string, options: WriterOptions) {
    this.#root = root;
    this.#options = options;
  }

  get counted(): Counted {
    return { entries: this.#entries, bytes: this.#bytes };
  }

  /** @param names - the place below the root */
  async add(item: TarItem, names: Names): Promise<void> {
    const { name } = item;
    this.#entries++;
    if (item.header.type === 'directory') return this.#folder(names, name);
    if (names.length === 0) throw refused(name, 'is no folder, where one was');
    await this.#folder(names.slice(0, -1), name);
    const path = this.#pathOf(names);
    // It is there under its name when it is whole.
    const partial = join(this.#pathOf(names.slice(0, -1)), `.hostcompute-cp-${randomBytes(6).toString('hex')}`);
    try {
      if ((await entryAt(path))?.isDirectory() === true) throw refused(name, 'would replace a folder');
      const kind = await this.#make(item, names, partial);
      await rename(partial, path);
      this.#written.set(names.join('/'), kind);
    } catch (error) {
      throw writeFailure(name, error);
    } finally {
      // The second name of a file is still there when the first had it already.
      await rm(partial, { force: true });
    }
  }

  async #make(item: TarItem, names: Names, partial: string): Promise<'file' | 'link'> {
    const { header } = item;
    switch (header.type) {
      case 'file':
      case 'contiguous-file':
        await this.#file(item, partial);
        return 'file';
      case 'link':
        await link(await this.#fileNamed(header), partial);
        return 'file';
      case 'symlink':
        await this.#checkLink(header, names);
        await symlink(header.linkname, partial);
        return 'link';
      default:
        throw refused(item.name, 'is neither file, folder nor link');
    }
  }

  async #file({ header: { mtime }, sparse, content }: TarItem, path: string): Promise<void> {
    const file = await open(path, 'wx');
    const count = (bytes: number): void => this.#options.show((this.#bytes += bytes));
    try {
      if (sparse === undefined) {
        for await (const chunk of content) {
          await file.writeFile(chunk);
          count(chunk.length);
        }
      } else await writeSparse(file, sparse, content, count);
      if (mtime.getTime() >= 0 && mtime.getTime() < latest) await file.utimes(mtime, mtime);
    } finally {
      await file.close();
    }
  }

  async #folder(names: Names, entry: string): Promise<void> {
    let place = '';
    for (const [at, name] of names.entries()) {
      place = at === 0 ? name : `${place}/${name}`;
      if (this.#folders.has(place)) continue;
      await this.#oneFolder(this.#pathOf(names.slice(0, at + 1)), entry);
      this.#folders.add(place);
    }
  }

  async #oneFolder(path: string, entry: string): Promise<void> {
    try {
      await mkdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(entry, error);
      const there = await entryAt(path);
      if (there?.isDirectory() !== true) throw refused(entry, `would go through ${path}, which is no folder`);
    }
  }

  /** The file that a hard link is one more name of. */
  async #fileNamed(header: Header): Promise<string> {
    const { name } = header;
    const linkname = linkOf(header) ?? '';
    const names = entryNames(linkname).slice(this.#options.strip);
    const path = this.#pathOf(names);
    // The file system may take two names for one.
    const isOurs = this.#written.get(names.join('/')) === 'file' && (await entryAt(path))?.isFile() === true;
    if (!isOurs) throw refused(name, `is one more name of "${printableLine(linkname)}", which did not come before it`);
    return path;
  }

  /** A link must not lead out, whatever other links it goes through. */
  async #checkLink(header: Header, names: Names): Promise<void> {
    const { name } = header;
    const target = linkNames(name, linkOf(header), names.slice(0, -1));
    for (const at of target.keys()) {
      const way = target.slice(0, at + 1);
      const there = await entryAt(this.#pathOf(way));
      if (there === undefined) return;
      if (there.isSymbolicLink() && this.#written.get(way.join('/')) !== 'link')
        throw refused(name, `is a link through ${this.#pathOf(way)}, a link that was there before`);
    }
  }

  #pathOf(names: Names): string {
    return join(this.#root, ...names);
  }
}

// Null where the header has none, whatever its type says.
const linkOf = ({ linkname }: Header): string | null => linkname;

async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** An error of the file system, with what could not be written. */
export function writeFailure(entry: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new Failure(`"${printableLine(entry)}" cannot be written: ${message}`, { code, cause: error });
}
