import assert from 'node:assert/strict';

import { compared, sampled, series, verdict } from '../../bench/results/figures.js';
import { number, spread, tableOf } from '../../bench/results/text.js';
import { figure, group } from './reports.js';

describe('Benchmark figures', () => {
  it('have a median and a tail per round, and the distribution of all samples', () => {
    const { rounds, tails, distribution } = sampled('hostcompute', [
      [1, 2, 3],
      [10, 20, 30],
    ]);
    assert.deepEqual(rounds, [2, 20]);
    assert.deepEqual(tails, [3, 30]);
    assert.equal(distribution?.count, 6);
  });

  it('are compared with each other side, round by round', () => {
    const { ratios } = compared('start', [series('ours', [2, 9]), series('one', [1, 3]), series('two', [4, 9])], {
      most: 2,
    });
    assert.deepEqual(ratios, [
      { against: 'one', rounds: [2, 3], target: { most: 2 } },
      { against: 'two', rounds: [0.5, 1] },
    ]);
  });

  it('meet a target in every round, in the median, or not at all', () => {
    assert.equal(verdict({ most: 10 }, [8, 9, 10]), 'met');
    assert.equal(verdict({ most: 10 }, [8, 9, 11]), 'met in the median, not in every round');
    assert.equal(verdict({ most: 10 }, [8, 11, 11]), 'missed');
    assert.equal(verdict({ least: 0.9 }, [0.9, 1]), 'met');
    assert.equal(verdict({ least: 0.9 }, [0.8, 0.89]), 'missed');
  });

  it('are formatted with three digits and the range of their rounds', () => {
    assert.deepEqual([1234.5, 12.34, 1.234, 7, NaN].map(number), ['1,235', '12.3', '1.23', '7', '-']);
    assert.equal(spread([2, 1, 3]), '2 (1 to 3)');
    assert.equal(spread([2]), '2');
  });

  it('produce a table with a column per side, tail, ratio and target', () => {
    const start = compared('start', [sampled('ours', [[2, 4]]), sampled('theirs', [[1, 2]])], { most: 1.3 });
    const stop = { ...figure([5], 'stop'), target: { least: 6 } };
    assert.deepEqual(tableOf(group([start, stop])), [
      ['µs', 'ours, p50', 'p99', 'theirs, p50', 'p99', 'hostcompute', 'against theirs', 'target'],
      ['start', '2', '4', '1', '2', '', '2', 'at most 1.30: missed'],
      ['stop', '', '', '', '', '5', '', 'at least 6: missed'],
    ]);
  });
});
