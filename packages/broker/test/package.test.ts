import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

describe('the packages of the repository', () => {
  it('have the binding at the root', () => {
    // By what is in it: Wine does not see that one folder is a link to the other.
    const found = createRequire(import.meta.url).resolve('hostcompute/package.json');
    const root = new URL('../../../../package.json', import.meta.url);
    assert.equal(readFileSync(found, 'utf8'), readFileSync(root, 'utf8'));
  });
});
