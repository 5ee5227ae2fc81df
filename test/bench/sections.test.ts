import assert from 'node:assert/strict';

import { sections } from '../../bench/sections/index.js';

describe('sections of the benchmarks', () => {
  it('each have a letter of their own', () => {
    const ids = sections.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
  });
});
