// The threads that plan, as the one sees them that asks: each has one import at a time, and is kept for some seconds for the next.
import type { Worker } from 'node:worker_threads';

import { startThread } from '../layer-thread.js';
import type { FromPlanner, PlannerTask, ToPlanner } from './import-task.js';
import type { Pending } from './pending-work.js';

const idleMs = 5000;
/** The young generation is kept small, for the memory of an import not to follow the size of its layer. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

const idle: PlannerThread[] = [];

/** Ends those that are idle. */
export async function endIdleThreads(): Promise<void> {
  await Promise.all(idle.splice(0).map((thread) => thread.end()));
}

export class PlannerThread {
  readonly #worker: Worker;
  #settle: { resolve: (message: FromPlanner) => void; reject: (error: unknown) => void } | undefined;
  #onProgress: (entries: number) => void = () => undefined;
  /** Why it takes no more work. */
  #ended: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor() {
    this.#worker = startThread('planner-worker', import.meta.url, { resourceLimits });
    this.#worker.on('message', (message: FromPlanner) => {
      if (message.kind === 'progress') this.#onProgress(message.entries);
      else this.#settle?.resolve(message);
    });
    this.#worker.on('error', (error) => this.#hasEnded(error));
    this.#worker.on('exit', () => this.#hasEnded(new Error('its thread ended')));
  }

  /** One that is idle, or a new one. */
  static take(): PlannerThread {
    const thread = idle.pop() ?? new PlannerThread();
    clearTimeout(thread.#timer);
    thread.#worker.ref();
    return thread;
  }

  /** Rejects when the thread ends. */
  begin(task: PlannerTask, onProgress: (entries: number) => void): Promise<FromPlanner> {
    this.#onProgress = onProgress;
    return this.#ask({ kind: 'begin', task });
  }

  apply(root: string, pending: Pending): Promise<FromPlanner> {
    return this.#ask({ kind: 'apply', root, pending });
  }

  /** Gives it back. Nothing that it was asked for is under way. */
  release(): void {
    this.#onProgress = () => undefined;
    if (this.#ended !== undefined) return;
    this.#worker.unref();
    idle.push(this);
    this.#timer = setTimeout(() => void this.end(), idleMs).unref();
  }

  #ask(message: ToPlanner): Promise<FromPlanner> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (this.#ended === undefined) this.#worker.postMessage(message);
      else reject(this.#ended);
    });
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#forget();
    await this.#worker.terminate();
  }

  #hasEnded(error: Error): void {
    this.#ended ??= error;
    this.#forget();
    this.#settle?.reject(error);
  }

  #forget(): void {
    const at = idle.indexOf(this);
    if (at >= 0) idle.splice(at, 1);
  }
}
