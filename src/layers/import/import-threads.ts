// The two threads of an import, as their owner sees them: one reads the archive, the other writes the layer.
import { Readable } from 'node:stream';
import type { Worker, WorkerOptions } from 'node:worker_threads';
import { MessageChannel } from 'node:worker_threads';

import { messageOf } from '../../errors/received.js';
import { LayerError } from '../layer-error.js';
import { startThread } from '../layer-thread.js';
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

/** What the owner of the threads wants. */
export interface ImportWatch {
  /** May return a promise, whose rejection ends the import too. */
  readonly onProgress: (progress: ReadProgress) => unknown;
  readonly signal: AbortSignal | undefined;
}

const withTask = (workerData: ReaderTask | WriterTask): WorkerOptions => ({
  workerData,
  transferList: [workerData.port],
  resourceLimits,
});

export class ImportThreads implements AsyncDisposable {
  readonly #reader: Worker;
  readonly #writer: Worker;
  readonly #stream: Readable | undefined;
  readonly #signal: AbortSignal | undefined;
  /** An Int32: not 0 when the import is to end. */
  readonly #abortFlag: Int32Array;
  #settle: ((message: FromWriter) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #ended: Error | undefined;
  #underWay = 0;
  #resume: (() => void) | undefined;

  /** @param source - the path of a file, or a stream, which is destroyed when the import fails */
  constructor(task: ImportTask, source: string | Readable, { onProgress, signal }: ImportWatch) {
    this.#stream = source instanceof Readable ? source : undefined;
    const path = source instanceof Readable ? undefined : source;
    this.#abortFlag = new Int32Array(task.abort);
    const memory = new SharedArrayBuffer(slots * largestPiece);
    const { port1, port2 } = new MessageChannel();
    // The reader has the longer way, so it starts first. Node starts them beside each other.
    const toRead: ReaderTask = { path, limits: task.limits, memory, port: port1 };
    this.#reader = this.#watch(startThread('reader-worker', import.meta.url, withTask(toRead)));
    const toWrite: WriterTask = { ...task, memory, port: port2 };
    this.#writer = this.#watch(startThread('writer-worker', import.meta.url, withTask(toWrite)));
    this.#reader.on('message', ({ taken }: SourceTaken) => {
      this.#underWay -= taken;
      this.#resume?.();
    });
    this.#writer.on('message', (message: FromWriter) => {
      if (message.kind === 'progress') this.#report(message.progress, onProgress);
      else this.#settle?.(message);
    });
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    if (signal?.aborted === true) this.#abort();
  }

  /** Until all is written. */
  async written(): Promise<WrittenLayer> {
    const stream = this.#stream;
    const answer = this.#answer();
    if (stream !== undefined) this.#send(stream).catch((error: unknown) => this.#end(error));
    try {
      const message = await answer;
      if (message.kind !== 'written') throw new Error(`unexpected message: ${message.kind}`);
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

  /** Ends both threads, wherever they are. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    await Promise.all([this.#reader.terminate(), this.#writer.terminate()]);
  }

  /** Ends the work: the writer at its next entry, the reader wherever it is. */
  readonly #abort = (): void => {
    Atomics.store(this.#abortFlag, 0, 1);
    void this.#reader.terminate();
  };

  #watch(worker: Worker): Worker {
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(new Error('its thread ended')));
    return worker;
  }

  /** A callback that throws, or whose promise rejects, ends the import, which rejects with the same. */
  #report(progress: ReadProgress, onProgress: (progress: ReadProgress) => unknown): void {
    if (this.#isEnded()) return;
    const stop = (error: unknown): void => {
      this.#fail(error as Error);
      this.#abort();
    };
    try {
      Promise.resolve(onProgress(progress)).catch(stop);
    } catch (error) {
      stop(error);
    }
  }

  #isEnded(): boolean {
    return this.#ended !== undefined;
  }

  #postToReader(bytes: Uint8Array | undefined): void {
    this.#reader.postMessage({ bytes } satisfies SourcePiece, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]);
  }

  #answer(): Promise<FromWriter> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#settle = (message) => {
        if (message.kind === 'failed') reject(new LayerError(message.failure));
        else resolve(message);
      };
      if (this.#ended) reject(this.#ended);
    });
  }

  /** What a thread or the stream failed with. */
  #end(cause: unknown): void {
    this.#fail(new LayerError({ reason: `could not be read: ${messageOf(cause)}`, remedy: 'See the cause.', cause }));
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    this.#reject?.(this.#ended);
    this.#resume?.();
  }

  async #send(stream: Readable): Promise<void> {
    for await (const chunk of stream) {
      if (this.#ended) return;
      if (!(chunk instanceof Uint8Array)) throw new TypeError('the stream gives no bytes');
      this.#underWay += chunk.length;
      // A copy of its own: what a chunk is a part of may be large, and is not ours to give away.
      this.#postToReader(new Uint8Array(chunk));
      while (this.#underWay > mostUnderWay && !this.#isEnded()) {
        await new Promise<void>((resolve) => (this.#resume = resolve));
      }
    }
    this.#postToReader(undefined);
  }
}
