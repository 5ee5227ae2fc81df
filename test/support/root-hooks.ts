// Around each file of tests. Those that run side by side are ended by mocha, so it does not show by itself whether they would.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';

import { eventually } from './eventually.js';

/** How many there are of what keeps Node running. */
function holding(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

let before: Record<string, number> = {};

export const mochaHooks = {
  // Mocha's timer of a hook counts in both: it starts when the function has returned its promise.
  async beforeAll(): Promise<void> {
    await turn();
    before = holding();
  },

  async afterAll(): Promise<void> {
    await turn();
    const more = (): [string, number][] =>
      Object.entries(holding()).filter(([name, count]) => name !== 'Immediate' && count > (before[name] ?? 0));
    await eventually(turn, () => more().length === 0);
    assert.deepEqual(more(), [], 'keeps Node running after the tests');
  },
};
