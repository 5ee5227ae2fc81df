import assert from 'node:assert/strict';

import { binsPerDecade, distributionOf, median, summarise, table } from '../../bench/support/statistics.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index);

describe('Benchmark statistics', () => {
  it('compute percentiles that are samples', () => {
    assert.deepEqual(summarise(upTo(1000)), { count: 1000, min: 1, p50: 500, p90: 900, p99: 990, max: 1000 });
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([7]), 7);
    assert.ok(Number.isNaN(median([])));
  });

  it('assign each sample to one bin of a logarithmic scale', () => {
    const { count, first, counts } = distributionOf([1, 1, 10, 99]);
    assert.equal(count, 4);
    assert.equal(first, 0);
    assert.equal(counts[0], 2);
    assert.equal(counts[binsPerDecade], 1);
    assert.equal(counts.length, 2 * binsPerDecade);
    assert.equal(
      counts.reduce((sum, each) => sum + each),
      4,
    );
  });

  it('keep the quantiles of a distribution in ascending order', () => {
    const { quantiles } = distributionOf(upTo(1000));
    assert.deepEqual(quantiles[0], [0, 1]);
    assert.deepEqual(
      quantiles.find(([share]) => share === 0.999),
      [0.999, 999],
    );
    assert.deepEqual(quantiles.at(-1), [1, 1000]);
  });

  it('have a bin for zero, and none for no samples', () => {
    assert.deepEqual(distributionOf([0]).counts, [1]);
    assert.deepEqual(distributionOf([]), { count: 0, quantiles: [], first: 0, counts: [] });
  });

  it('align tables', () => {
    assert.equal(
      table([
        ['', 'ms'],
        ['one', '1'],
        ['second', '12'],
      ]),
      '        ms\none      1\nsecond  12',
    );
  });
});
