// The entries of a tar, by tar-stream, which reads the blocks and the extended headers. What is checked beyond that: that the
// archive has an end and nothing after it, that its headers decode, and that only files have content.
import type { Header } from 'tar-stream';
import { extract } from 'tar-stream';

import { fetchAgain, rebuild, Refusal } from '../refusal.js';
import type { HeaderProblem } from './header-check.js';
import { HeaderCheck } from './header-check.js';

/** An entry of a tar. `mtime` is in seconds since 1970; `records` are those of its extended header. */
export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link';
  readonly size: number;
  readonly linkname: string;
  readonly mtime: number;
  readonly records: Readonly<Record<string, string>>;
}

/** The callbacks of a {@link TarReader}. What they throw ends the reading. */
export interface TarListener {
  /** An entry; its content follows. */
  entry(entry: TarEntry): void;
  data(bytes: Buffer): void;
}

const blockSize = 512;
const endSize = 2 * blockSize;
const noRecords: Readonly<Record<string, string>> = {};
type Decoded = Omit<Header, 'type' | 'linkname' | 'pax'> & {
  byteOffset: number;
  type: string | null;
  linkname: string | null;
  pax: Record<string, string> | null;
};

export class TarReader {
  readonly #listener: TarListener;
  readonly #extract = extract();
  readonly #headers = new HeaderCheck();
  #failure: Error | undefined;
  #resume: (() => void) | undefined;
  /** Where the bytes that were pushed last begin, and all of them so far. */
  #chunk: Buffer = Buffer.alloc(0);
  #chunkStart = 0;
  #pushed = 0;
  #lastNonZero = -1;
  /** Where the last entry ends with its padding: the next header, or the end of the archive, is there. */
  #entryEnd = 0;
  #isEndSeen = false;
  /** Whether nothing more comes of the reader: it has finished, or failed. */
  #isOver = false;

  constructor(listener: TarListener) {
    this.#listener = listener;
    const wake = (): void => this.#resume?.();
    this.#extract.on('entry', (header, stream, next) => {
      try {
        const entry = this.#begin(header as Decoded);
        this.#listener.entry(entry);
        if (entry.size === 0) {
          queueMicrotask(() => next());
          return;
        }
      } catch (error) {
        this.#fail(error);
        return;
      }
      stream.on('data', (bytes) => {
        try {
          if (this.#failure === undefined) this.#listener.data(bytes as Buffer);
        } catch (error) {
          this.#fail(error);
        }
      });
      stream.on('end', () => next());
      stream.on('error', () => undefined);
    });
    this.#extract.on('drain', wake);
    this.#extract.on('finish', () => {
      this.#isOver = true;
      wake();
    });
    this.#extract.on('error', (error) => {
      this.#failure ??= translated(error, this.#entryEnd === 0, this.#headers.problem);
    });
    this.#extract.on('close', () => {
      this.#isOver = true;
      wake();
    });
  }

  /** Takes the next bytes, which may not change any more. */
  async push(chunk: Buffer): Promise<void> {
    this.#chunk = chunk;
    this.#chunkStart = this.#pushed;
    this.#pushed += chunk.length;
    this.#lookForEnd();
    this.#headers.take(chunk);
    let at = chunk.length;
    while (at > 0 && chunk[at - 1] === 0) at--;
    if (at > 0) this.#lastNonZero = this.#chunkStart + at - 1;
    if (!this.#extract.write(chunk)) await this.#settled();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** No more comes. */
  async end(): Promise<void> {
    this.#extract.end(undefined);
    await this.#settled();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#lastNonZero >= this.#entryEnd || this.#pushed - this.#entryEnd < endSize) {
      throw new Refusal('ends without the mark of its end: it was cut off', fetchAgain);
    }
  }

  /** Stops reading. */
  destroy(): void {
    this.#extract.destroy();
  }

  #settled(): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error as Error;
    this.#extract.destroy();
  }

  #begin(header: Decoded): TarEntry {
    this.#lookForEnd();
    const { name, size, byteOffset } = header;
    const records = header.pax ?? noRecords;
    if (this.#isEndSeen) throw new Refusal('comes after the end of the archive', rebuild, name);
    const { problem } = this.#headers;
    if (problem !== undefined && problem.at < byteOffset) throw new Refusal(problem.reason, rebuild, name);
    this.#entryEnd = byteOffset + Math.ceil(size / blockSize) * blockSize;
    const type = typeOf(header, records);
    const mtime = Math.floor(header.mtime.getTime() / 1000);
    return {
      name,
      type,
      size,
      linkname: header.linkname ?? '',
      mtime: Number.isSafeInteger(mtime) ? mtime : 0,
      records,
    };
  }

  /** A header begins with a name, the end of an archive with a zero. */
  #lookForEnd(): void {
    if (this.#entryEnd < this.#chunkStart || this.#entryEnd >= this.#pushed) return;
    if (this.#chunk[this.#entryEnd - this.#chunkStart] === 0) this.#isEndSeen = true;
  }
}

function typeOf(header: Decoded, records: Readonly<Record<string, string>>): TarEntry['type'] {
  const { type, name, size } = header;
  for (const key in records) {
    if (!key.startsWith('GNU.sparse.')) continue;
    throw new Refusal('is a sparse file in a form of GNU tar', 'Build the layer without --sparse.', name);
  }
  switch (type) {
    case 'file':
      if (name.endsWith('/')) throw new Refusal('is a file with the name of a directory', rebuild, name);
      return type;
    case 'directory':
    case 'symlink':
    case 'link':
      if (size > 0) throw new Refusal(`is a ${type} with ${size} bytes of content`, rebuild, name);
      return type;
    case 'character-device':
    case 'block-device':
    case 'fifo':
      throw new Refusal(
        `is a ${type.replace('-', ' ')}, which layers of Windows do not have: this looks like a layer of a Linux image`,
        'Pull the image for the platform windows/amd64, and import its layers.',
        name,
      );
    default:
      throw new Refusal(`is of a type that layers do not have (${type})`, rebuild, name);
  }
}

/** @param isFirst - whether nothing of the archive made sense so far */
function translated({ message, cause }: Error, isFirst: boolean, problem: HeaderProblem | undefined): Error {
  // Of tar-stream: the size of an entry is wrong.
  if (message === 'Invalid header' && problem !== undefined) {
    return new Refusal(`${isFirst ? 'begins with' : 'is followed by'} an entry that ${problem.reason}`, rebuild);
  }
  if (message === 'Unexpected end of data') return new Refusal('ends inside the archive: it was cut off', fetchAgain);
  if (message === 'Header exceeds max size') {
    return new Refusal('is followed by an extended header of more than 4 MiB', rebuild);
  }
  if (message.startsWith('Invalid')) {
    return new Refusal(isFirst ? 'is not a tar archive, or is damaged' : 'is followed by a damaged header', fetchAgain);
  }
  return new Error(message, { cause });
}
