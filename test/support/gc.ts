import { setImmediate as turn } from 'node:timers/promises';

import { eventually } from './eventually.js';

/** Collects until `done`, giving finalizers their turns between. */
export async function collectUntil(done: () => boolean): Promise<void> {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('start Node with --expose-gc');
  await eventually(() => {
    collect();
    return turn();
  }, done);
}
