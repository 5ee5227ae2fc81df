// The thread that reads, as the one that writes sees it: a source of batches.
import { Worker } from 'node:worker_threads';

import type { Batch } from './read-archive.js';
import { largestPiece } from './read-archive.js';
import type { BatchMessage, FromReader, ReaderTask, ToReader } from './reader-messages.js';
import { decodeBatch, decodeFailure, slots } from './reader-messages.js';
import { resourceLimits } from './task.js';

export class ReaderThread {
  readonly #worker: Worker;
  readonly #memory = new SharedArrayBuffer(slots * largestPiece);
  readonly #batches: BatchMessage[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** @param onTaken - told of the bytes of chunks that the thread has taken */
  constructor(task: Omit<ReaderTask, 'memory'>, onTaken: (bytes: number) => void) {
    const workerData: ReaderTask = { ...task, memory: this.#memory };
    this.#worker = new Worker(new URL('./reader-worker.js', import.meta.url), { workerData, resourceLimits });
    this.#worker.on('message', (message: FromReader) => {
      if (message.kind === 'batch') this.#batches.push(message);
      else if (message.kind === 'taken') onTaken(message.bytes);
      else this.#failure ??= { error: decodeFailure(message) };
      this.#wake();
    });
    const fail = (error: unknown): void => {
      this.#failure ??= { error };
      this.#wake();
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', () => fail(new Error('the thread that reads has ended')));
  }

  /** Bytes of the source, or its end. */
  send(message: ToReader & { readonly kind: 'chunk' | 'end' }): void {
    this.#worker.postMessage(message, message.kind === 'chunk' ? [message.bytes.buffer] : []);
  }

  /** What it reads. A batch is valid up to the next one. The thread ends with it. */
  async *batches(): AsyncGenerator<Batch> {
    try {
      for (;;) {
        const next = this.#batches.shift();
        if (next !== undefined) {
          yield decodeBatch(next, this.#memory);
          if (next.digest !== undefined) return;
          const { slot, weight } = next;
          this.#worker.postMessage({ kind: 'done', slot, weight } satisfies ToReader);
        } else if (this.#failure !== undefined) throw this.#failure.error;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      await this.#worker.terminate();
    }
  }
}
