// The thread that reads a layer, as the stream of its chunks.
import type { Readable } from 'node:stream';
import { getHeapStatistics } from 'node:v8';
import type { Worker } from 'node:worker_threads';

import { loadAddon } from '../../backend/load.js';
import { LayerError } from '../layer-error.js';
import type { LayerExportResult, ReaderMessage, ReaderTask, ToReader } from './export-messages.js';
import { stopped } from './export-messages.js';
import { readerThreads } from './reader-threads.js';

export class LayerReader {
  readonly #worker: Worker;
  readonly #ended: Promise<LayerExportResult>;
  #hasEnded = false;
  #stopped: Promise<void> | undefined;
  #held = false;
  #uncollected = 0;

  /** @param into - what the chunks are pushed to; its `read` calls {@link resume} */
  constructor(task: ReaderTask, into: Readable) {
    const worker = readerThreads.take();
    this.#worker = worker;
    this.#ended = new Promise((resolve, reject) => {
      worker.on('message', (message: ReaderMessage) => {
        if (message.kind === 'chunk') {
          this.#count(message.bytes.length);
          if (into.push(message.bytes)) this.#take();
          else this.#held = true;
          return;
        }
        this.#hasEnded = true;
        if (message.kind === 'end') resolve(message.result);
        else reject(new LayerError(message.details));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new LayerError(stopped)));
    });
    // A reader that was stopped before its result was asked for rejects unhandled otherwise.
    this.#ended.catch(() => undefined);
    worker.postMessage(task satisfies ToReader);
  }

  /** Once the worker has ended its task. */
  async result(): Promise<LayerExportResult> {
    return this.#ended;
  }

  /** The stream wants more. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#take();
  }

  /** Ends the thread, wherever it is. One that has ended its task is kept for the next. */
  async stop(): Promise<void> {
    await (this.#stopped ??= this.#giveUp());
  }

  // Decided once: the end of the task may arrive while the thread is being terminated, and nobody may have it then.
  async #giveUp(): Promise<void> {
    if (this.#hasEnded) readerThreads.keep(this.#worker);
    else await this.#worker.terminate();
  }

  /** Chunks that have been read are garbage, and the engine notices late how large it is: as late as its own heap is large. */
  #count(length: number): void {
    this.#uncollected += length;
    if (this.#uncollected < mostUncollected || this.#uncollected < getHeapStatistics().used_heap_size) return;
    this.#uncollected = 0;
    try {
      loadAddon().hintMemory();
    } catch {
      // Without the addon it takes more memory.
    }
  }

  #take(): void {
    // From then on the thread has another task.
    if (this.#hasEnded) return;
    this.#worker.postMessage('taken' satisfies ToReader);
  }
}

const mostUncollected = 16 * 1024 * 1024;
