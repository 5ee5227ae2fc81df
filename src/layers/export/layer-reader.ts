// The thread that reads a layer, as the stream of its chunks.
import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';

import { LayerError } from '../layer-error.js';
import { startThread } from '../layer-thread.js';
import type { LayerExportResult, ReaderMessage, ReaderTask, Taken } from './export-messages.js';
import { stopped } from './export-messages.js';

export class LayerReader {
  readonly #worker: Worker;
  readonly #ended: Promise<LayerExportResult>;
  #held = false;

  /** @param into - what the chunks are pushed to; its `read` calls {@link resume} */
  constructor(task: ReaderTask, into: Readable) {
    const worker = startThread('export-worker', import.meta.url, {
      workerData: task,
      // What it allocates is short-lived: with the default it would take 40 MB for that.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#worker = worker;
    this.#ended = new Promise((resolve, reject) => {
      worker.on('message', (message: ReaderMessage) => {
        if (message.kind === 'end') resolve(message.result);
        else if (message.kind === 'error') reject(new LayerError(message.details));
        else if (into.push(message.bytes)) this.#take();
        else this.#held = true;
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new LayerError(stopped)));
    });
    // A reader that was stopped before its result was asked for rejects unhandled otherwise.
    this.#ended.catch(() => undefined);
  }

  /** Once the worker has ended. */
  async result(): Promise<LayerExportResult> {
    return this.#ended;
  }

  /** The stream wants more. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#take();
  }

  /** Ends the thread, wherever it is. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(): void {
    this.#worker.postMessage('taken' satisfies Taken);
  }
}
