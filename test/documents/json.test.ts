import assert from 'node:assert/strict';

import { parseJson, printJson } from '#dist/documents/json.js';
import fc from 'fast-check';

const largest = 2n ** 64n - 1n;

describe('parseJson()', () => {
  for (const [text, value] of [
    ['18446744073709551615', largest],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 9007199254740992n],
    ['[1,18446744073709551615 , 2]', [1, largest, 2]],
    ['{"a":18446744073709551615,"18446744073709551615":1}', { a: largest, '18446744073709551615': 1 }],
    ['{"a" : "18446744073709551615"}', { a: '18446744073709551615' }],
    ['"n18446744073709551615"', 'n18446744073709551615'],
    ['["\\"","\\\\",18446744073709551615]', ['"', '\\', largest]],
    ['{"\\"":[18446744073709551615,"\\":1"]}', { '"': [largest, '":1'] }],
    ['[18446744073709551615,"\\u006e1"]', [largest, 'n1']],
    ['18446744073709551615.5', 18446744073709551615.5],
    ['1.18446744073709551615', 1.1844674407370955],
    ['1e0018446744073709551', Infinity],
    ['18446744073709551615e1', 184467440737095516150],
  ] as const) {
    it(`parses ${text}`, () => assert.deepEqual(parseJson(text), value));
  }

  for (const text of [
    '',
    '{',
    '018446744073709551615',
    '--18446744073709551615',
    '18446744073709551615"',
    '"\n1234567890123456"',
    '1844674407370955161518446744073709551615n',
  ])
    it(`throws for ${JSON.stringify(text)}`, () => assert.throws(() => parseJson(text), SyntaxError));
});

describe('printJson()', () => {
  it('writes 2^64-1 as a number', () => {
    assert.equal(printJson({ a: largest, b: [-1n], c: '1' }), '{"a":18446744073709551615,"b":[-1],"c":"1"}');
  });

  it('writes bigints as numbers even when BigInt.prototype.toJSON is defined', () => {
    const { prototype } = BigInt as unknown as { prototype: { toJSON?: () => string } };
    prototype.toJSON = () => 'text';
    try {
      assert.equal(printJson([largest]), '[18446744073709551615]');
    } finally {
      delete prototype.toJSON;
    }
  });

  it('round-trips arbitrary values', () => {
    const number = fc.bigInt({ min: -(2n ** 63n), max: largest }).map((value) => {
      const double = Number(value);
      return Number.isSafeInteger(double) ? double : value;
    });
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.startsWith('\0'));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        number,
        text,
        fc.boolean(),
        fc.array(tie('tree')),
        fc.dictionary(text, tie('tree'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(fc.property(tree, (value) => assert.deepEqual(parseJson(printJson(value)!), value)));
  });
});
