import assert from 'node:assert/strict';

import { NumberMap } from '#dist/number-map.js';
import fc from 'fast-check';

// Few numbers, and few places for many of them: those of 16 and 32 are the same.
const key = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }).map((place) => place * 16),
  fc.integer({ min: 1, max: 5 }).map((place) => 2 ** 31 * place + place),
);
const step = fc.oneof(
  fc.record({ what: fc.constant('set' as const), key }),
  fc.record({ what: fc.constant('delete' as const), key }),
  fc.record({ what: fc.constant('clear' as const), key, weight: fc.constant(1) }),
);

describe('NumberMap', () => {
  it('has the entries of a Map after any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new NumberMap<object>();
        const model = new Map<number, object>();
        for (const { what, key } of steps) {
          const value = { key };
          if (what === 'set') map.set(key, value);
          if (what === 'set') model.set(key, value);
          if (what === 'delete') assert.equal(map.delete(key), model.get(key));
          if (what === 'delete') model.delete(key);
          if (what === 'clear' && key === 1) map.clear();
          if (what === 'clear' && key === 1) model.clear();
          assert.equal(map.size, model.size);
          assert.equal(map.get(key), model.get(key));
        }
        const expected = [...model].sort(([a], [b]) => a - b);
        assert.deepEqual(map.entries(), expected);
        assert.deepEqual(
          map.values(),
          expected.map(([, value]) => value),
        );
        for (const [key, value] of model) assert.equal(map.get(key), value);
      }),
      { numRuns: 500 },
    );
  });

  it('grows to a hundred thousand entries, and loses none while they go', () => {
    const map = new NumberMap<number>();
    for (let i = 1; i <= 100_000; i++) map.set(i * 3, i);
    for (let i = 1; i <= 100_000; i += 2) assert.equal(map.delete(i * 3), i);
    assert.equal(map.size, 50_000);
    for (let i = 1; i <= 100_000; i++) assert.equal(map.get(i * 3), i % 2 === 0 ? i : undefined);
    for (let i = 2; i <= 100_000; i += 2) map.delete(i * 3);
    assert.deepEqual([map.size, map.entries()], [0, []]);
  });
});
