// The two threads of an import, as their owner sees them: one reads the archive, the other writes the layer.
import { Readable } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';

import { LayerError } from '../layer-error.js';
import { largestPiece } from './archive/batch.js';
import type { Pending } from './pending-work.js';
import { slots } from './archive/reader-messages.js';
import type {
  FromWriter,
  ImportTask,
  ReaderTask,
  ReadProgress,
  SourcePiece,
  SourceTaken,
  ToWriter,
  WriterTask,
  WrittenLayer,
} from './import-task.js';
import { resourceLimits } from './import-task.js';

/** So much of a stream is under way to the thread, at most. */
const mostUnderWay = 4 * 2 ** 20;

export class ImportThreads {
  readonly #reader: Worker;
  readonly #writer: Worker;
  readonly #stream: Readable | undefined;
  readonly #abort: Int32Array;
  #settle: ((message: FromWriter | Error) => void) | undefined;
  #ended: Error | undefined;
  #underWay = 0;
  #resume: (() => void) | undefined;

  /** @param source - the path of a file, or a stream, which is destroyed when the import fails */
  constructor(task: ImportTask, source: string | Readable, onProgress: (progress: ReadProgress) => void) {
    this.#stream = source instanceof Readable ? source : undefined;
    const path = source instanceof Readable ? undefined : source;
    this.#abort = new Int32Array(task.abort);
    const memory = new SharedArrayBuffer(slots * largestPiece);
    const { port1, port2 } = new MessageChannel();
    // The reader has the longer way, so it starts first. Node starts them beside each other.
    const toRead: ReaderTask = { path, limits: task.limits, memory, port: port1 };
    this.#reader = this.#start(new URL('./reader-worker.js', import.meta.url), toRead);
    const toWrite: WriterTask = { ...task, memory, port: port2 };
    this.#writer = this.#start(new URL('./writer-worker.js', import.meta.url), toWrite);
    this.#reader.on('message', ({ taken }: SourceTaken) => {
      this.#underWay -= taken;
      this.#resume?.();
    });
    this.#writer.on('message', (message: FromWriter) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else this.#settle?.(message);
    });
  }

  /** Until all is written. */
  async written(): Promise<WrittenLayer> {
    const stream = this.#stream;
    const answer = this.#answer();
    if (stream !== undefined) this.#send(stream).catch((error: unknown) => this.#end(error as Error));
    try {
      const message = await answer;
      if (message.kind !== 'written') throw new Error(`the thread said ${message.kind}`);
      return message.layer;
    } catch (error) {
      stream?.destroy();
      throw error;
    }
  }

  /** Deletes and links in a layer that is there. */
  async apply(root: string, pending: Pending): Promise<void> {
    const answer = this.#answer();
    this.#writer.postMessage({ root, pending } satisfies ToWriter);
    await answer;
  }

  /** Ends the work at the next entry, or the next bytes. */
  abort(): void {
    Atomics.store(this.#abort, 0, 1);
    // For a reader that waits for a stream.
    this.#tellReader(undefined);
  }

  async close(): Promise<void> {
    await Promise.all([this.#reader.terminate(), this.#writer.terminate()]);
  }

  #start(url: URL, workerData: ReaderTask | WriterTask): Worker {
    const worker = new Worker(url, { workerData, transferList: [workerData.port], resourceLimits });
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(new Error('its thread ended')));
    return worker;
  }

  #isEnded(): boolean {
    return this.#ended !== undefined;
  }

  #tellReader(bytes: Uint8Array<ArrayBuffer> | undefined): void {
    this.#reader.postMessage({ bytes } satisfies SourcePiece, bytes === undefined ? [] : [bytes.buffer]);
  }

  #answer(): Promise<FromWriter> {
    return new Promise((resolve, reject) => {
      this.#settle = (message) => {
        if (message instanceof Error) reject(message);
        else if (message.kind === 'failed') reject(new LayerError(message.failure));
        else resolve(message);
      };
      if (this.#ended) this.#settle(this.#ended);
    });
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

  async #send(stream: Readable): Promise<void> {
    for await (const chunk of stream) {
      if (this.#ended) return;
      if (!(chunk instanceof Uint8Array)) throw new TypeError('the stream gives no bytes');
      this.#underWay += chunk.length;
      // A copy of its own: what a chunk is a part of may be large, and is not ours to give away.
      this.#tellReader(new Uint8Array(chunk));
      while (this.#underWay > mostUnderWay && !this.#isEnded()) {
        await new Promise<void>((resolve) => (this.#resume = resolve));
      }
    }
    this.#tellReader(undefined);
  }
}
