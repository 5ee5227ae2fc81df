/**
 * Where a copy is written on this machine: beside its place until it is whole, or into a folder that is there.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { Failure } from '../failure.js';
import { refused } from './entry-names.js';
import type { TarItem } from './tar-entries.js';
import type { Counted } from './tree-writer.js';
import { TreeWriter, writeFailure } from './tree-writer.js';

/** What was typed, and what is there. */
export interface CheckedTarget {
  readonly path: string;
  readonly is: 'folder' | 'file' | 'nothing';
  /** A separator behind it. */
  readonly mustBeFolder: boolean;
}

/** Looks before anything is asked of the container. What was typed may be a link. */
export async function checkTarget(typed: string): Promise<CheckedTarget> {
  const mustBeFolder = /(^|[\\/])\.?$/.test(process.platform === 'win32' ? typed : typed.replaceAll('\\', '_'));
  const path = resolve(typed);
  const there = await kindOf(path);
  if (there !== 'nothing') {
    if (there === 'file' && mustBeFolder)
      throw failure('ENOTDIR', `"${typed}" is no folder`, 'Leave out what is behind it.');
    return { path: await realpath(path), is: there, mustBeFolder };
  }
  if ((await kindOf(dirname(path))) !== 'folder')
    throw failure('ENOENT', `There is no folder "${dirname(path)}"`, 'Create it, or name another one.');
  return { path: join(await realpath(dirname(path)), basename(path)), is: there, mustBeFolder };
}

export interface BeginOptions {
  /** Of what is copied; undefined for what is in a folder. */
  readonly name: string | undefined;
  readonly mustBeFolder: boolean;
  readonly show: (bytes: number) => void;
}

/** What is written first, and where it comes in the end. */
interface Stage {
  readonly folder: string;
  readonly item: string;
  readonly final: string;
}

export class Target {
  readonly #writer: TreeWriter;
  readonly #strip: number;
  readonly #isFile: boolean;
  readonly #stage: Stage | undefined;

  private constructor(writer: TreeWriter, strip: number, isFile: boolean, stage: Stage | undefined) {
    this.#writer = writer;
    this.#strip = strip;
    this.#isFile = isFile;
    this.#stage = stage;
  }

  /** @param first - the entry that says whether it is a file or a folder */
  static async begin(target: CheckedTarget, first: TarItem, options: BeginOptions): Promise<Target> {
    const { header } = first;
    const { name, show } = options;
    const strip = name === undefined ? 0 : 1;
    const isFolder = header.type === 'directory';
    if (!isFolder && header.type !== 'file' && header.type !== 'contiguous-file')
      throw refused(first.name, 'is neither a file nor a folder: name what it leads to');
    if (!isFolder && (name === undefined || options.mustBeFolder)) throw refused(first.name, 'is no folder');
    if (isFolder && target.is === 'file')
      throw failure('ENOTDIR', `"${target.path}" is a file, and a folder is copied`, 'Name a folder.');
    if (!isFolder && target.is === 'nothing' && target.mustBeFolder)
      throw failure(
        'ENOENT',
        `There is no folder "${target.path}"`,
        'Create it, or leave out what is behind its name.',
      );
    const final = target.is === 'folder' && name !== undefined ? join(target.path, name) : target.path;
    // A link in its place is replaced by a file, and never followed.
    const isThere = final === target.path ? target.is : await kindOf(final, lstat);
    if (isFolder && isThere === 'folder') {
      const into = new Target(new TreeWriter(final, { strip, show }), strip, false, undefined);
      await into.#writer.add(first, []);
      return into;
    }
    if (isThere === 'folder') throw failure('EISDIR', `"${final}" is a folder, and a file is copied`, 'Name a file.');
    if (isFolder && isThere === 'file')
      throw failure('ENOTDIR', `"${final}" is there, and is no folder`, 'Remove it, or name another folder.');
    const folder = join(dirname(final), `.hostcompute-cp-${randomBytes(6).toString('hex')}`);
    const item = join(folder, 'copied');
    await mkdir(folder).catch((error: unknown) => {
      throw writeFailure(final, error);
    });
    const stage = { folder, item, final };
    try {
      if (isFolder) await mkdir(item);
      const writer = new TreeWriter(isFolder ? item : folder, { strip, show });
      await writer.add(first, isFolder ? [] : ['copied']);
      return new Target(writer, strip, !isFolder, stage);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get counted(): Counted {
    return this.#writer.counted;
  }

  async add(item: TarItem, names: readonly string[]): Promise<void> {
    if (this.#isFile) throw refused(item.name, 'comes with a file that was asked for alone');
    await this.#writer.add(item, names.slice(this.#strip));
  }

  /** All of it is here. */
  async finish(): Promise<void> {
    if (this.#stage === undefined) return;
    const { item, final } = this.#stage;
    await rename(item, final).catch((error: unknown) => {
      throw writeFailure(final, error);
    });
  }

  async dispose(): Promise<void> {
    if (this.#stage !== undefined) await rm(this.#stage.folder, { recursive: true, force: true });
  }
}

async function kindOf(path: string, look: typeof stat | typeof lstat = stat): Promise<CheckedTarget['is']> {
  try {
    return (await look(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'nothing';
    throw failure(code, `"${path}" cannot be looked at: ${message}`, 'Name another place.');
  }
}

function failure(code: string, message: string, remedy: string): Failure {
  return new Failure(message, { code, remedy });
}
