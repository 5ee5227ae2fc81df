// validation small|large SAMPLES: a line per sample, nanoseconds of one document: small ones are timed in batches, since one
// of them takes little more than the clock.
import assert from 'node:assert/strict';

import { validateDocument } from 'hostcompute/documents';

import { largeUtilityVm, smallContainer } from '../support/documents-to-validate.js';

const [size, samples] = [process.argv[2], Number(process.argv[3])];
const [document, batch] = size === 'large' ? [largeUtilityVm, 1] : [smallContainer, 50];

function sample(): number {
  let issues = 0;
  const begun = performance.now();
  for (let i = 0; i < batch; i++) issues += validateDocument(document, { known: { id: 'web' } }).length;
  const nanoseconds = (performance.now() - begun) * 1e6;
  assert.equal(issues, 0);
  return Math.round(nanoseconds / batch);
}

for (const warm = performance.now(); performance.now() - warm < 1000;) sample();
console.log(Array.from({ length: samples }, sample).join('\n'));
