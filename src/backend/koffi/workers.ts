/**
 * The calls that are inside the host at one time, and the queue of those that are not yet. They run on the threads of
 * libuv, of which a process has few, and which its file system and its look-ups of names need as well: one is left to them.
 *
 * @module
 */
import { reportUncaught } from '../../uncaught.js';

export interface Work {
  readonly id: number;
  /** Whether it still runs when its host has been closed: closing does, calling does not. */
  readonly runsAtEnd: boolean;
  /** Settles when it has left the host. A rejection is a defect. */
  run(): Promise<void>;
}

/** How many threads libuv has, by the rules of its own. */
function poolSize(): number {
  const given = process.env.UV_THREADPOOL_SIZE;
  if (given === undefined) return 4;
  const asked = Number.parseInt(given, 10);
  return Number.isNaN(asked) || asked < 1 ? 1 : Math.min(asked, 1024);
}

export class Workers {
  readonly limit: number;
  inside = 0;
  // In order, by id: cancelling does not search.
  readonly #queued = new Map<number, Work>();
  // Kept from one work to the next: a new one would pass over all that has left the map.
  #order = this.#queued.values();
  readonly #quiet: () => void;

  /** `quiet` is called when nothing is inside the host any more. */
  constructor(most: number, quiet: () => void) {
    this.limit = Math.max(1, Math.min(most, poolSize() - 1));
    this.#quiet = quiet;
  }

  submit(work: Work): void {
    this.#queued.set(work.id, work);
    this.#next();
  }

  #next(): void {
    if (this.inside >= this.limit) return;
    const work = this.#take();
    if (work === undefined) return;
    this.inside++;
    void work
      .run()
      .catch(reportUncaught)
      .then(() => {
        this.inside--;
        this.#next();
        if (this.inside === 0) this.#quiet();
      });
  }

  #take(): Work | undefined {
    let next = this.#order.next();
    if (next.done) {
      this.#order = this.#queued.values();
      next = this.#order.next();
    }
    if (next.done) return undefined;
    this.#queued.delete(next.value.id);
    return next.value;
  }

  /** The work, if it has not been taken yet; now it never is. */
  cancel(id: number): Work | undefined {
    const work = this.#queued.get(id);
    this.#queued.delete(id);
    return work;
  }

  /** What was in the queue, and does not run at the end. */
  dropQueued(): Work[] {
    const dropped = [...this.#queued.values()].filter(({ runsAtEnd }) => !runsAtEnd);
    for (const { id } of dropped) this.#queued.delete(id);
    return dropped;
  }
}
