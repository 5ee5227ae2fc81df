import { strict as assert } from 'node:assert';

import fc from 'fast-check';

import {
  fileTimeOfNanoseconds,
  fileTimeOfPax,
  fileTimeOfSeconds,
  paxTime,
  secondsOf,
} from '#dist/layers/formats/file-time.js';

const epoch = 116444736000000000n;

describe('A file time', () => {
  const examples: [bigint, string][] = [
    [epoch, '0'],
    [epoch + 17000000002500000n, '1700000000.25'],
    [epoch + 1n, '0.0000001'],
    [epoch - 1_000_000n, '-0.1'],
    [epoch - 15_000_000n, '-1.5'],
    [0n, '-11644473600'],
    [1n, '-11644473599.9999999'],
    [24211015631452242n, '-9223372036.8547758'],
    [208678456368547758n, '9223372036.8547758'],
    [0x7fffffffffffffffn, '910692730085.4775807'],
  ];
  for (const [fileTime, text] of examples) {
    it(`${fileTime} is ${text} seconds`, () => {
      assert.equal(paxTime(fileTime), text);
      assert.equal(fileTimeOfPax(text), fileTime);
    });
  }

  it('round-trips through its text over the whole range', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 0x7fffffffffffffffn }), (each) => fileTimeOfPax(paxTime(each)) === each),
    );
  });

  it('is parsed like the reference: padded to nine decimals, and truncated towards 1970', () => {
    assert.equal(fileTimeOfPax('5.'), epoch + 50_000_000n);
    assert.equal(fileTimeOfPax('+5.5'), epoch + 55_000_000n);
    assert.equal(fileTimeOfPax('0.1234567891234'), epoch + 1_234_567n);
    assert.equal(fileTimeOfPax('-0.00000019'), epoch - 1n);
    assert.equal(fileTimeOfPax('-0.5'), epoch - 5_000_000n);
  });

  it('is refused when its text is not a number, or before 1601', () => {
    for (const text of ['', '.5', 'now', '1e9', '1.-5', ' 1', '1700000000.25s', '9'.repeat(16)]) {
      assert.throws(() => fileTimeOfPax(text), /not decimal seconds/, text);
    }
    assert.throws(() => fileTimeOfPax('-11644473601'), /before 1601/);
  });

  it('is converted from nanoseconds and from seconds', () => {
    assert.equal(fileTimeOfNanoseconds(1_700_000_000_250_000_099n), epoch + 17000000002500000n);
    assert.equal(fileTimeOfNanoseconds(-199n), epoch - 1n);
    assert.equal(fileTimeOfSeconds(-1n), epoch - 10_000_000n);
  });

  it('is truncated to whole seconds towards the past', () => {
    assert.deepEqual(secondsOf(epoch + 17000000002500000n), { seconds: 1700000000, isExact: false });
    assert.deepEqual(secondsOf(epoch + 20_000_000n), { seconds: 2, isExact: true });
    assert.deepEqual(secondsOf(epoch - 1n), { seconds: -1, isExact: false });
    assert.deepEqual(secondsOf(0n), { seconds: -11644473600, isExact: true });
  });
});
