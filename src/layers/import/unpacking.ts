// The part of an import that reads the archive and writes its files, as the caller's thread sees it: this one reads, another plans, and
// those of the addon write.
import { Readable } from 'node:stream';

import { loadAddon } from '../../backend/load.js';
import type { NativeUnpack } from '../../backend/native-unpack.js';
import { messageOf } from '../../errors/received.js';
import { LayerError } from '../layer-error.js';
import type { ReadFacts } from './archive/read-archive.js';
import { readArchive } from './archive/read-archive.js';
import { chunksOfFile, chunksOfStream } from './archive/source.js';
import { asFailure } from './import-failure.js';
import type { FromPlanner, ImportTask, LayerVerification, ReadProgress, WrittenLayer } from './import-task.js';
import type { Pending } from './pending-work.js';
import { PlannerThread } from './planner-thread.js';

/** What the caller wants. */
export interface ImportWatch {
  readonly verify: LayerVerification;
  /** May return a promise, whose rejection ends the import too. */
  readonly onProgress: (progress: ReadProgress) => unknown;
  readonly signal: AbortSignal | undefined;
}

export class Unpacking implements Disposable {
  readonly #task: ImportTask;
  readonly #source: string | Readable;
  readonly #watch: ImportWatch;
  readonly #native: NativeUnpack;
  readonly #thread: PlannerThread;
  readonly #counts = { bytes: 0, unpackedBytes: 0 };
  /** Whether nothing more is to be read. */
  #isOver = false;
  #room: () => void = () => undefined;
  /** What the source has failed with, and what the caller's callback has thrown. */
  #sourceError: unknown;
  #thrown: { readonly error: unknown } | undefined;

  /** @param source - the path of a file, or a stream, which is destroyed when the import fails */
  constructor(task: ImportTask, source: string | Readable, watch: ImportWatch) {
    this.#task = task;
    this.#source = source;
    this.#watch = watch;
    this.#native = new (loadAddon().Unpack)(() => this.#room());
    this.#thread = new PlannerThread();
    watch.signal?.addEventListener('abort', this.#abort);
    if (watch.signal?.aborted === true) this.#abort();
  }

  /** Until all is written. */
  async written(): Promise<WrittenLayer> {
    const task = { ...this.#task, unpack: this.#native.id() };
    const answer = this.#answerOf(this.#thread.begin(task, (entries) => this.#report(entries)));
    const read = this.#read();
    try {
      const message = await answer;
      if (message.kind === 'cut') throw this.#sourceFailure(message.current);
      const facts = await read;
      if (message.kind !== 'written' || facts === undefined) throw new Error(`unexpected message: ${message.kind}`);
      const { entries, hasUtilityVM, pending } = message;
      return { entries, hasUtilityVM, pending, ...this.#counts, ...facts };
    } catch (error) {
      this.#isOver = true;
      this.#room();
      if (this.#source instanceof Readable) this.#source.destroy();
      else await read;
      throw this.#thrown === undefined ? error : this.#thrown.error;
    }
  }

  /** Deletes and links in a layer that is there. */
  async apply(root: string, pending: Pending): Promise<void> {
    await this.#answerOf(this.#thread.apply(root, pending));
  }

  [Symbol.dispose](): void {
    this.#watch.signal?.removeEventListener('abort', this.#abort);
    this.#native.close();
    this.#thread.release();
  }

  readonly #abort = (): void => this.#native.abort();

  /** The message, or what it says or the end of the thread says has failed. */
  async #answerOf(asked: Promise<FromPlanner>): Promise<FromPlanner> {
    const message = await asked.catch((cause: unknown) => {
      throw new LayerError({ reason: `could not be read: ${messageOf(cause)}`, remedy: 'See the cause.', cause });
    });
    if (message.kind === 'failed') throw new LayerError(message.failure);
    return message;
  }

  /** Never rejects: a failure counts when all that came before it was right. */
  async #read(): Promise<ReadFacts | undefined> {
    const { limits } = this.#task;
    const chunks = this.#source instanceof Readable ? chunksOfStream(this.#source) : chunksOfFile(this.#source);
    try {
      const push = (bytes: Buffer): Promise<void> | boolean => this.#push(bytes);
      const facts = await readArchive(chunks, { push }, limits, this.#watch.verify, this.#counts);
      if (!this.#isOver) this.#native.end(false);
      return facts;
    } catch (error) {
      this.#sourceError = error;
      if (!this.#isOver) this.#native.end(true);
      return undefined;
    }
  }

  #push(bytes: Buffer): Promise<void> | boolean {
    if (this.#isOver) return true;
    if (this.#native.push(bytes)) return false;
    return new Promise((resolve) => (this.#room = resolve));
  }

  #sourceFailure(current: string | undefined): LayerError {
    const error = this.#sourceError;
    return error instanceof LayerError ? error : new LayerError(asFailure(error, current));
  }

  /** A callback that throws, or whose promise rejects, ends the import, which rejects with the same. */
  #report(entries: number): void {
    const stop = (error: unknown): void => {
      this.#thrown ??= { error };
      this.#abort();
    };
    try {
      Promise.resolve(this.#watch.onProgress({ entries, ...this.#counts })).catch(stop);
    } catch (error) {
      stop(error);
    }
  }
}
