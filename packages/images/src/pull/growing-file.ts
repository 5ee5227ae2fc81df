/**
 * A file that is read while it is written: readers follow the writer, and end when it says that all is right.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

const chunkSize = 512 * 1024;

export class GrowingFile {
  readonly #file: FileHandle;
  #length: number;
  #end: { readonly error?: Error } | undefined;
  /** Readers that have reached the end of what there is. */
  readonly #waiting = new Set<() => void>();
  /** The writer, and each reader: the last one closes the file. */
  #users = 1;

  /** @param length - what of it is known to be right */
  constructor(file: FileHandle, length = 0) {
    this.#file = file;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#length + at);
      at += bytesWritten;
    }
    this.grow(bytes.length);
  }

  /** So many bytes more are there, which nobody had to write. */
  grow(bytes: number): void {
    this.#length += bytes;
    this.#wake();
  }

  /** Nothing more comes: readers end, or fail with the error. */
  end(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = error === undefined ? {} : { error };
    this.#wake();
  }

  /** The writer is done with the file. */
  async close(): Promise<void> {
    this.end(new Error('the download was broken off'));
    await this.#left();
  }

  /** All of it from the beginning. */
  follow(): Readable {
    this.#users++;
    let at = 0;
    let wake: (() => void) | undefined;
    // A destroyed stream waits for the read that runs, before the file may be closed.
    let reading: Promise<void> = Promise.resolve();
    const next = async (stream: Readable): Promise<void> => {
      while (at >= this.#length && this.#end === undefined && !stream.destroyed) {
        await new Promise<void>((resolve) => this.#waiting.add((wake = resolve)));
      }
      if (stream.destroyed) return;
      if (this.#end?.error !== undefined) throw this.#end.error;
      const size = Math.min(chunkSize, this.#length - at);
      if (size === 0) return void stream.push(null);
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafeSlow(size), 0, size, at);
      if (bytesRead === 0) throw new Error('the file has become shorter while it was read');
      at += bytesRead;
      stream.push(buffer.subarray(0, bytesRead));
    };
    return new Readable({
      highWaterMark: chunkSize,
      read() {
        reading = next(this).catch((error: unknown) => void this.destroy(error as Error));
      },
      destroy: (error, callback) => {
        wake?.();
        void reading
          .then(() => this.#left())
          .then(
            () => callback(error),
            (cause: unknown) => callback(error ?? (cause as Error)),
          );
      },
    });
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  async #left(): Promise<void> {
    if (--this.#users === 0) await this.#file.close();
  }
}
