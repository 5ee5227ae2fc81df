/**
 * The files of an archive that is a folder.
 *
 * @module
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { piecesOf } from '../store/file-streams.js';
import { archiveError } from './archive-error.js';
import type { ArchiveFiles } from './archive-files.js';
import { checkedPath } from './archive-files.js';

const readSize = 512 * 1024;

export class FolderFiles implements ArchiveFiles {
  readonly name: string;
  readonly #real: string;

  private constructor(name: string, real: string) {
    this.name = name;
    this.#real = real;
  }

  static async open(folder: string): Promise<FolderFiles> {
    return new FolderFiles(folder, await realpath(folder));
  }

  async sizeOf(path: string): Promise<number | undefined> {
    const place = await this.#placeOf(path);
    if (place === undefined) return undefined;
    const stats = await stat(place);
    return stats.isFile() ? stats.size : undefined;
  }

  async *read(path: string, offset = 0): AsyncIterable<Uint8Array> {
    const place = await this.#placeOf(path);
    if (place === undefined) throw archiveError(`${this.name} has no ${path}`, 'Save the image again.');
    yield* piecesOf(place, { start: offset, highWaterMark: readSize });
  }

  async names(): Promise<readonly string[]> {
    return (await readdir(this.#real)).slice(0, 1000);
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  /** Links are followed as long as they stay inside. */
  async #placeOf(path: string): Promise<string | undefined> {
    const place = await realpath(join(this.#real, ...checkedPath(this.name, path).split('/'))).catch(
      (error: unknown) => {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw archiveError(`${this.name}: ${path} cannot be read: ${message}`, 'See the cause.', error);
      },
    );
    if (place === undefined || place.startsWith(`${this.#real}${this.#real.endsWith(sep) ? '' : sep}`)) return place;
    throw archiveError(`${this.name}: ${path} is a link that leads out of the folder`, 'Copy the file into its place.');
  }
}
