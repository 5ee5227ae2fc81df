// The threads that read layers: one that has nothing to do is kept for the next export for a while.
import type { Worker } from 'node:worker_threads';

import { startThread } from '../layer-thread.js';

const longestIdle = 5_000;

let idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | undefined;

/** The thread that is kept, or a new one. */
export function takeThread(): Worker {
  if (idle !== undefined) {
    const { worker, timer } = idle;
    idle = undefined;
    clearTimeout(timer);
    forget(worker);
    worker.ref();
    return worker;
  }
  return startThread('export-worker', import.meta.url, {
    // What it allocates is short-lived: with the default it would take 40 MB for that.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
}

/** Keeps a thread that has ended its task, unless there is one already. It does not keep Node running. */
export function keepThread(worker: Worker): void {
  if (idle !== undefined) {
    void worker.terminate();
    return;
  }
  forget(worker);
  const end = (): void => {
    if (idle?.worker === worker) idle = undefined;
    void worker.terminate();
  };
  worker.on('error', end);
  worker.on('exit', end);
  worker.unref();
  idle = { worker, timer: setTimeout(end, longestIdle).unref() };
}

/** Ends the thread that is kept. */
export async function endIdleThread(): Promise<void> {
  if (idle === undefined) return;
  const { worker, timer } = idle;
  idle = undefined;
  clearTimeout(timer);
  await worker.terminate();
}

/** Removes the listeners of one owner. Node has others on a worker, which have to stay. */
function forget(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}
