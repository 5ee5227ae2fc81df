// A file of a transport tree, open for reading: its first bytes are read at once, since most files end there.
import type { BigIntStats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import type { FileTimes } from '../formats/file-time.js';
import { fileTimeOfNanoseconds } from '../formats/file-time.js';
import { FormatError } from '../formats/format-error.js';
import type { LayerFile } from './layer-file.js';

// One for all: only one file is open at a time.
const first = Buffer.alloc(64 * 1024);

export class TransportFile implements LayerFile {
  readonly #descriptor: number;
  readonly size: number;
  readonly identity: string | undefined;
  readonly #stats: BigIntStats;
  readonly #firstLength: number;

  /** Neither follows a symbolic link nor waits for the other end of a pipe. */
  constructor(path: string) {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has no such flags
    this.#descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(this.#descriptor, { bigint: true });
      if (!stats.isFile()) throw new FormatError('it is not a file');
      this.size = Number(stats.size);
      this.identity = stats.nlink > 1n ? `${stats.dev}:${stats.ino}` : undefined;
      this.#stats = stats;
      this.#firstLength = this.#fill(first, 0);
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  get head(): Uint8Array {
    return first.subarray(0, this.#firstLength);
  }

  read(position: number, length: number): Uint8Array {
    if (this.hasRead(position, length)) return first.subarray(position, position + length);
    const bytes = Buffer.alloc(Math.min(length, Math.max(0, this.size - position)));
    return bytes.subarray(0, this.#fill(bytes, position));
  }

  hasRead(position: number, length: number): boolean {
    return position + length <= this.#firstLength;
  }

  readInto(bytes: Uint8Array, position: number): number {
    return readSync(this.#descriptor, bytes, 0, bytes.length, position);
  }

  get times(): FileTimes {
    return timesOf(this.#stats);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #fill(bytes: Buffer, position: number): number {
    let done = 0;
    const length = Math.min(bytes.length, this.size - position);
    while (done < length) {
      const read = readSync(this.#descriptor, bytes, done, length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  }
}

/** The times of a file as its file system has them. */
export function timesOf({ birthtimeNs, atimeNs, mtimeNs, ctimeNs }: BigIntStats): FileTimes {
  return {
    creation: fileTimeOfNanoseconds(birthtimeNs),
    access: fileTimeOfNanoseconds(atimeNs),
    write: fileTimeOfNanoseconds(mtimeNs),
    change: fileTimeOfNanoseconds(ctimeNs),
  };
}
