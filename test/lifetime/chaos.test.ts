import assert from 'node:assert/strict';

import { Chaos } from '../soak/chaos.js';
import { useSimulator } from '../support/host.js';

describe('Chaos', () => {
  const bench = useSimulator();

  // What the first create loads would let thousands of steps pass by.
  beforeEach(async () => (await bench.create()).close());

  // The suite fails when anything is left in the host or in the ledger.
  for (const seed of [1, 2, 3, 4]) {
    it(`leaves nothing behind: 2,500 steps from seed ${seed}`, async () => {
      const { errors } = await new Chaos(bench.simulator, seed).run(2500);
      const met = Object.values(errors).reduce((sum, each) => sum + each, 0);
      assert.ok(met > 200, JSON.stringify(errors)); // it did meet its faults
    });
  }
});
