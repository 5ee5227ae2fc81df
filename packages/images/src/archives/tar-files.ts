/**
 * The files of an archive that is a tar: they are read where they are in it.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';

import { archiveError } from './archive-error.js';
import type { ArchiveFiles } from './archive-files.js';
import { checkedPath, mostLinks } from './archive-files.js';
import { tarEntries } from './tar-entries.js';

/** Where a file is in the tar. */
interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** A file, or the path that a link leads to. */
type Place = Extent | { readonly target: string };

const readSize = 512 * 1024;

export class TarFiles implements ArchiveFiles {
  readonly name: string;
  readonly #file: FileHandle;
  readonly #places: ReadonlyMap<string, Place>;

  private constructor(name: string, file: FileHandle, places: ReadonlyMap<string, Place>) {
    this.name = name;
    this.#file = file;
    this.#places = places;
  }

  /** @param file - is closed with the archive, and when this fails */
  static async open(name: string, file: FileHandle, signal: AbortSignal): Promise<TarFiles> {
    const places = new Map<string, Place>();
    try {
      for await (const { name: written, type, link, offset, size } of tarEntries(file, name)) {
        signal.throwIfAborted();
        if (type === '5') continue;
        const path = checkedPath(name, written);
        // Two readers would see two archives.
        if (places.has(path)) throw archiveError(`${name} has ${path} twice`, 'Save the image again.');
        if (type === '0') places.set(path, { offset, size });
        else if (type === '1') places.set(path, { target: checkedPath(name, link) });
        else if (type === '2') places.set(path, { target: checkedPath(name, targetOf(path, link)) });
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    return new TarFiles(name, file, places);
  }

  async sizeOf(path: string): Promise<number | undefined> {
    return Promise.resolve(this.#extentOf(path)?.size);
  }

  async *read(path: string, offset = 0): AsyncIterable<Uint8Array> {
    const extent = this.#extentOf(path);
    if (extent === undefined) throw archiveError(`${this.name} has no ${path}`, 'Save the image again.');
    for (let at = offset; at < extent.size;) {
      const size = Math.min(readSize, extent.size - at);
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafeSlow(size), 0, size, extent.offset + at);
      if (bytesRead === 0) throw archiveError(`${this.name} has become shorter`, 'Load it again.');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async names(): Promise<readonly string[]> {
    return Promise.resolve([...this.#places.keys()].slice(0, 1000));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #extentOf(path: string): Extent | undefined {
    let at = checkedPath(this.name, path);
    for (let links = 0; links <= mostLinks; links++) {
      const place = this.#places.get(at);
      if (place === undefined || !('target' in place)) return place;
      at = place.target;
    }
    throw archiveError(`${this.name}: ${path} is a link that leads in a circle`, 'Save the image again.');
  }
}

function targetOf(path: string, link: string): string {
  return link.startsWith('/') ? link : posix.join(posix.dirname(path), link);
}
