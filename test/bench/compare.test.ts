import assert from 'node:assert/strict';

import type { Difference } from '../../bench/results/compare.js';
import { compareReports, comparisonText } from '../../bench/results/compare.js';
import type { Group } from '../../bench/results/figures.js';
import { figure, group, report } from './reports.js';

function differenceOf(before: readonly number[], after: readonly number[], better: Group['better']): Difference {
  const of = (rounds: readonly number[]) => report([group([figure(rounds)], { better })]);
  const [difference] = compareReports(of(before), of(after)).differences;
  return difference!;
}

describe('Comparison of two runs', () => {
  it('computes the ratio of the medians, with the spread over all rounds', () => {
    const { ratio } = differenceOf([1, 2, 4], [3, 4, 6], 'less');
    assert.deepEqual(ratio, { p50: 2, min: 0.75, max: 6 });
  });

  it('reports a difference only where the ranges do not overlap', () => {
    assert.equal(differenceOf([10, 11, 12], [12, 13, 14], 'less').judgement, 'within the spread');
    assert.equal(differenceOf([10, 11, 12], [13, 14, 15], 'less').judgement, 'worse');
    assert.equal(differenceOf([10, 11, 12], [7, 8, 9], 'less').judgement, 'better');
  });

  it('treats more as better where a figure says so', () => {
    assert.equal(differenceOf([10, 11, 12], [13, 14, 15], 'more').judgement, 'better');
    assert.equal(differenceOf([10, 11, 12], [7, 8, 9], 'more').judgement, 'worse');
  });

  it('reports no difference for single rounds', () => {
    assert.equal(differenceOf([10], [20, 21], 'less').judgement, 'one round: no spread');
  });

  it('compares ratios by the side they relate to', () => {
    const of = (rounds: readonly number[]) =>
      report([group([{ ...figure([1, 1]), ratios: [{ against: 'C++ client', rounds }] }])]);
    const { differences } = compareReports(of([2, 2.2]), of([3, 3.2]));
    assert.deepEqual(
      differences.map(({ series, judgement }) => [series, judgement]),
      [
        ['hostcompute', 'within the spread'],
        ['against C++ client', 'worse'],
      ],
    );
  });

  it('lists figures that only one run has', () => {
    const { differences, unmatched } = compareReports(
      report([group([figure([1], 'start')])]),
      report([group([figure([1], 'stop')])]),
    );
    assert.deepEqual(differences, []);
    assert.deepEqual(unmatched, ['a: Group, start, hostcompute', 'a: Group, stop, hostcompute']);
  });

  it('counts the differences, and lists what makes the runs hard to compare', () => {
    const before = report([group([figure([10, 11]), figure([5, 6], 'stop')])]);
    const after = report([group([figure([20, 21]), figure([5, 6], 'stop')])], {
      host: { kind: 'windows', description: 'a real one' },
      cycles: 200,
    });
    const text = comparisonText(before, after);
    assert.match(text, /^\(a\) Group, start: hostcompute .* 2 \(1\.82 to 2\.10\) +worse$/m);
    assert.match(text, /1 of 2 differ beyond the spread/);
    assert.match(text, /One is of a simulated host/);
    assert.match(text, /not do the same amount of work/);
    assert.doesNotMatch(text, /machines differ/);
  });
});
