import { strict as assert } from 'node:assert';

import { decodeExtendedAttributes, encodeExtendedAttributes } from '#dist/layers/formats/extended-attributes.js';

const hex = (text: string): string => text.replaceAll(' ', '').toLowerCase();
const one = '00000000 00 01 0200 41 00 78 79';
const two = '0C000000 00 01 0200 41 00 78 79 00000000 00 02 0100 42 43 00 31';

describe('Extended attributes', () => {
  it('match the documented bytes', () => {
    const [A, BC] = [
      { name: 'A', value: Buffer.from('xy'), flags: 0 },
      { name: 'BC', value: Buffer.from('1'), flags: 0 },
    ];
    assert.equal(encodeExtendedAttributes([A]).toString('hex'), hex(one));
    assert.equal(encodeExtendedAttributes([A, BC]).toString('hex'), hex(two));
    assert.deepEqual(decodeExtendedAttributes(Buffer.from(hex(one), 'hex')), [A]);
    assert.deepEqual(decodeExtendedAttributes(Buffer.from(hex(two), 'hex')), [A, BC]);
  });

  it('are padded to four bytes including the last one, and keep their flags', () => {
    const attribute = { name: 'LONGER', value: Buffer.from('v'), flags: 0x80 };
    const bytes = encodeExtendedAttributes([attribute]);
    assert.equal(bytes.length, 16);
    assert.deepEqual(decodeExtendedAttributes(bytes), [attribute]);
  });

  it('may omit the padding of the last one', () => {
    const bytes = encodeExtendedAttributes([{ name: 'ABC', value: Buffer.from('x') }]);
    assert.equal(decodeExtendedAttributes(bytes.subarray(0, 13))[0]?.name, 'ABC');
  });

  it('are empty when there are none', () => {
    assert.equal(encodeExtendedAttributes([]).length, 0);
    assert.deepEqual(decodeExtendedAttributes(Buffer.alloc(0)), []);
  });

  it('are refused when truncated or overlapping', () => {
    const bytes = Buffer.from(hex(two), 'hex');
    for (const length of [1, 7, 11, 13, 23]) {
      assert.throws(() => decodeExtendedAttributes(bytes.subarray(0, length)), /inside an entry|longer than its entry/);
    }
    const overlapping = Buffer.from(bytes);
    overlapping.writeUInt32LE(8, 0);
    assert.throws(() => decodeExtendedAttributes(overlapping), /longer than its entry/);
  });

  it('are refused when a name or value does not fit', () => {
    const encode = (name: string, size = 0) => encodeExtendedAttributes([{ name, value: Buffer.alloc(size) }]);
    assert.throws(() => encode(''), /has the name ""/);
    assert.throws(() => encode('a\0b'), /has the name/);
    assert.throws(() => encode('漢'), /has the name "漢"/);
    assert.throws(() => encode('a'.repeat(256)), /has the name/);
    assert.throws(() => encode('a', 65536), /65536 bytes/);
  });
});
