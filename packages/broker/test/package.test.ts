import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';

describe('the packages of the repository', () => {
  it('share the binding at the root', () => {
    const { resolve } = createRequire(import.meta.url);
    const root = realpathSync(new URL('../../../../package.json', import.meta.url));
    assert.equal(realpathSync(resolve('hostcompute/package.json')), root);
  });
});
