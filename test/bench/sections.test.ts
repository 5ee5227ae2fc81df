import assert from 'node:assert/strict';

import { sections } from '../../bench/sections/index.js';

describe('Benchmark sections', () => {
  it('have distinct letters', () => {
    const ids = sections.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
  });
});
