/**
 * Work that several callers want at once is done once. Who cancels leaves it; when all have left, it is cancelled.
 *
 * @module
 */
import { heardByMany, unlessAborted } from '../limits.js';

interface Job<R> {
  readonly done: Promise<void>;
  readonly stop: AbortController;
  readonly members: Set<(report: R) => void>;
  last: R | undefined;
}

export type Work<R> = (signal: AbortSignal, report: (report: R) => void) => Promise<void>;

export class SharedWork<R> {
  readonly #jobs = new Map<string, Job<R>>();

  has(key: string): boolean {
    return this.#jobs.has(key);
  }

  /** Joins the work that runs, or starts it. */
  async join(key: string, signal: AbortSignal, onReport: (report: R) => void, work: Work<R>): Promise<void> {
    signal.throwIfAborted();
    for (;;) {
      const running = this.#jobs.get(key);
      if (running?.stop.signal.aborted !== true) break;
      // All have left it, and it is ending.
      await unlessAborted(
        running.done.catch(() => undefined),
        signal,
      );
    }
    const job = this.#jobs.get(key) ?? this.#start(key, work);
    // A caller of its own even when one function is given twice.
    const member = (report: R): void => onReport(report);
    job.members.add(member);
    if (job.last !== undefined) onReport(job.last);
    try {
      await unlessAborted(job.done, signal);
    } catch (error) {
      job.members.delete(member);
      if (signal.aborted && job.members.size === 0) {
        job.stop.abort(signal.reason);
        // Nothing runs any more when the last caller is told.
        await job.done.catch(() => undefined);
      }
      throw error;
    }
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0) {
      await Promise.allSettled([...this.#jobs.values()].map(({ done }) => done));
    }
  }

  #start(key: string, work: Work<R>): Job<R> {
    const stop = new AbortController();
    heardByMany(stop.signal);
    const members = new Set<(report: R) => void>();
    const report = (value: R): void => {
      job.last = value;
      for (const member of members) member(value);
    };
    const job: Job<R> = {
      done: Promise.resolve()
        .then(() => work(stop.signal, report))
        .finally(() => this.#jobs.delete(key)),
      stop,
      members,
      last: undefined,
    };
    job.done.catch(() => undefined);
    this.#jobs.set(key, job);
    return job;
  }
}
