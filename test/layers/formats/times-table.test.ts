import { strict as assert } from 'node:assert';

import { decodeTimesLine, encodeTimesLine } from '#dist/layers/formats/times-table.js';

describe('A line of the times table', () => {
  const times = { creation: 0n, access: 1n, write: 133444736002500000n, change: 0x7fffffffffffffffn };

  it('holds all four times exactly, with any path', () => {
    const line = encodeTimesLine('Files/ü "漢"\n', times);
    assert.equal(line, '0 1 133444736002500000 9223372036854775807 "Files/ü \\"漢\\"\\n"\n');
    assert.deepEqual(decodeTimesLine(line.slice(0, -1)), { path: 'Files/ü "漢"\n', times });
  });

  it('is refused in any other form', () => {
    for (const line of ['', '1 2 3 "a"', '1 2 3 -4 "a"', '1 2 3 4 a', '1 2 3 4 "a\\"']) {
      assert.throws(() => decodeTimesLine(line), /FileTimes has the/);
    }
  });
});
