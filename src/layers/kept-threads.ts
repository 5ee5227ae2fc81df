// Threads that have ended their task and are kept for the next, for some seconds: to start one takes as long as a small layer.
// They do not keep Node running meanwhile.
import type { Worker } from 'node:worker_threads';

const longestIdleMs = 5000;

interface Idle {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

export class KeptThreads {
  readonly #start: () => Worker;
  readonly #most: number;
  readonly #idle: Idle[] = [];

  /** @param most - how many are kept at a time */
  constructor(start: () => Worker, most: number) {
    this.#start = start;
    this.#most = most;
  }

  /** One that is kept, or a new one; nobody listens to it. */
  take(): Worker {
    const idle = this.#idle.pop();
    if (idle === undefined) return this.#start();
    clearTimeout(idle.timer);
    forgetListeners(idle.worker);
    idle.worker.ref();
    return idle.worker;
  }

  /** Keeps one that runs and has nothing to do. */
  keep(worker: Worker): void {
    if (this.#idle.length >= this.#most) {
      void worker.terminate();
      return;
    }
    forgetListeners(worker);
    const end = (): void => {
      const at = this.#idle.findIndex((idle) => idle.worker === worker);
      if (at >= 0) clearTimeout(this.#idle.splice(at, 1)[0]!.timer);
      void worker.terminate();
    };
    worker.on('error', end);
    worker.on('exit', end);
    worker.unref();
    this.#idle.push({ worker, timer: setTimeout(end, longestIdleMs).unref() });
  }

  /** Ends those that are kept. */
  async end(): Promise<void> {
    const all = this.#idle.splice(0);
    for (const { timer } of all) clearTimeout(timer);
    await Promise.all(all.map(({ worker }) => worker.terminate()));
  }
}

/** Removes the listeners of its last owner. Node has others on a worker, which have to stay. */
function forgetListeners(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}
