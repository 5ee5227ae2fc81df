// The thread of an import, as its owner sees it.
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';

import { LayerError } from '../layer-error.js';
import type { Pending } from './pending-work.js';
import type { FromWorker, ImportTask, ReadProgress, ToWorker, WrittenLayer } from './task.js';
import { resourceLimits } from './task.js';

/** So much of a stream is under way to the thread, at most. */
const mostUnderWay = 4 * 2 ** 20;

export class ImportThread {
  readonly #worker: Worker;
  readonly #abort: Int32Array;
  #settle: ((message: FromWorker | Error) => void) | undefined;
  #ended: Error | undefined;
  #underWay = 0;
  #resume: (() => void) | undefined;
  readonly #onProgress: (progress: ReadProgress) => void;

  constructor(task: ImportTask, onProgress: (progress: ReadProgress) => void) {
    this.#abort = new Int32Array(task.abort);
    this.#onProgress = onProgress;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task, resourceLimits });
    this.#worker.on('message', (message: FromWorker) => this.#hear(message));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('its thread ended')));
  }

  /** Until all is written. `source` is sent to the thread; it is destroyed when the import fails. */
  async written(source: Readable | undefined): Promise<WrittenLayer> {
    const answer = this.#answer();
    if (source !== undefined) this.#send(source).catch((error: unknown) => this.#end(error as Error));
    try {
      const message = await answer;
      if (message.kind !== 'written') throw new Error(`the thread said ${message.kind}`);
      return message.layer;
    } catch (error) {
      source?.destroy();
      throw error;
    }
  }

  /** Deletes and links in a layer that is there. */
  async apply(root: string, pending: Pending): Promise<void> {
    const answer = this.#answer();
    this.#tell({ kind: 'apply', root, pending });
    await answer;
  }

  /** Ends the work at the next entry, or the next bytes. */
  abort(): void {
    Atomics.store(this.#abort, 0, 1);
    // For a thread that waits for a stream.
    this.#tell({ kind: 'end' });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #isEnded(): boolean {
    return this.#ended !== undefined;
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #answer(): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      this.#settle = (message) => {
        if (message instanceof Error) reject(message);
        else if (message.kind === 'failed') reject(new LayerError(message.failure));
        else resolve(message);
      };
      if (this.#ended) this.#settle(this.#ended);
    });
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'progress') this.#onProgress(message.progress);
    else if (message.kind === 'taken') {
      this.#underWay -= message.bytes;
      this.#resume?.();
    } else this.#settle?.(message);
  }

  #end(error: Error): void {
    this.#ended ??= new LayerError({
      reason: `could not be read: ${error.message}`,
      remedy: 'See the cause.',
      cause: error,
    });
    this.#settle?.(this.#ended);
    this.#resume?.();
  }

  async #send(source: Readable): Promise<void> {
    for await (const chunk of source) {
      if (this.#ended) return;
      if (!(chunk instanceof Uint8Array)) throw new TypeError('the stream gives no bytes');
      this.#underWay += chunk.length;
      // A copy of its own: what a chunk is a part of may be large, and is not ours to give away.
      const bytes = new Uint8Array(chunk);
      this.#worker.postMessage({ kind: 'chunk', bytes } satisfies ToWorker, [bytes.buffer]);
      while (this.#underWay > mostUnderWay && !this.#isEnded()) {
        await new Promise<void>((resolve) => (this.#resume = resolve));
      }
    }
    this.#tell({ kind: 'end' });
  }
}
