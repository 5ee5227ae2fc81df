// A thread that plans, as the one sees it that asks: it has one import at a time.
import { KeptThreads } from '../kept-threads.js';
import { startThread } from '../layer-thread.js';
import type { FromPlanner, PlannerTask, ToPlanner } from './import-task.js';
import type { Pending } from './pending-work.js';

/** The young generation is kept small, for the memory of an import not to follow the size of its layer. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

export const plannerThreads = new KeptThreads(
  () => startThread('planner-worker', import.meta.url, { resourceLimits }),
  Infinity,
);

export class PlannerThread {
  readonly #worker = plannerThreads.take();
  #settle: { resolve: (message: FromPlanner) => void; reject: (error: unknown) => void } | undefined;
  #onProgress: (entries: number) => void = () => undefined;
  /** Why it takes no more work. */
  #ended: Error | undefined;

  constructor() {
    this.#worker.on('message', (message: FromPlanner) => {
      if (message.kind === 'progress') this.#onProgress(message.entries);
      else this.#settle?.resolve(message);
    });
    this.#worker.on('error', (error) => this.#hasEnded(error));
    this.#worker.on('exit', () => this.#hasEnded(new Error('its thread ended')));
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
    if (this.#ended === undefined) plannerThreads.keep(this.#worker);
  }

  #ask(message: ToPlanner): Promise<FromPlanner> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (this.#ended === undefined) this.#worker.postMessage(message);
      else reject(this.#ended);
    });
  }

  #hasEnded(error: Error): void {
    this.#ended ??= error;
    this.#settle?.reject(error);
  }
}
