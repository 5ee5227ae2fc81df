import { strict as assert } from 'node:assert';

import { decodeReparseData, encodeReparseData, nameOfTag } from '#dist/layers/formats/reparse-data.js';

const hex = (text: string): string => text.replaceAll(' ', '').toLowerCase();

const examples = [
  {
    point: { kind: 'symlink', target: '..\\a' } as const,
    bytes: '0C0000A0 2000 0000 0000 0800 0A00 0800 01000000 2E002E005C0061000000 2E002E005C0061000000',
  },
  {
    point: { kind: 'symlink', target: 'C:\\x' } as const,
    bytes: '0C0000A0 2800 0000 0000 1000 1200 0800 00000000 5C003F003F005C0043003A005C0078000000 43003A005C0078000000',
  },
  {
    point: { kind: 'mountPoint', target: 'C:\\m' } as const,
    bytes: '030000A0 2400 0000 0000 1000 1200 0800 5C003F003F005C0043003A005C006D000000 43003A005C006D000000',
  },
];

function substitute(target: string): string {
  const bytes = encodeReparseData({ kind: 'symlink', target });
  return bytes.toString('utf16le', 20, 20 + bytes.readUInt16LE(10));
}

/** A mount point with these names, of which the print name comes first, as some tools have it. */
function mountPoint(substituteName: string, printName: string): Buffer {
  const bytes = encodeReparseData({ kind: 'mountPoint', target: 'x' });
  const names = Buffer.from(`${printName}\0${substituteName}\0`, 'utf16le');
  const header = Buffer.from(bytes.subarray(0, 16));
  header.writeUInt16LE(8 + names.length, 4);
  header.writeUInt16LE(2 * printName.length + 2, 8);
  header.writeUInt16LE(2 * substituteName.length, 10);
  header.writeUInt16LE(0, 12);
  header.writeUInt16LE(2 * printName.length, 14);
  return Buffer.concat([header, names]);
}

describe('Reparse data', () => {
  for (const { point, bytes } of examples) {
    it(`of a ${point.kind} to ${point.target} matches the documented bytes`, () => {
      assert.equal(encodeReparseData(point).toString('hex'), hex(bytes));
      assert.deepEqual(decodeReparseData(Buffer.from(hex(bytes), 'hex')), point);
    });
  }

  it('has the substitute name that the form of the target requires', () => {
    assert.equal(substitute('\\\\?\\Volume{1}\\a'), '\\??\\Volume{1}\\a');
    assert.equal(substitute('\\\\server\\share'), '\\??\\UNC\\server\\share');
    assert.equal(substitute('c:/a/b'), '\\??\\c:\\a\\b');
    assert.equal(substitute('\\rooted'), '\\rooted');
    const flags = (target: string): number => encodeReparseData({ kind: 'symlink', target }).readUInt32LE(16);
    assert.deepEqual(['\\rooted', 'a', 'C:\\', '\\\\s\\x'].map(flags), [1, 1, 0, 0]);
  });

  it('uses the substitute name as the target when there is no print name', () => {
    assert.equal(decodeReparseData(mountPoint('\\??\\C:\\m', '')).target, 'C:\\m');
    assert.equal(decodeReparseData(mountPoint('\\??\\UNC\\server\\share', '')).target, '\\\\server\\share');
    assert.equal(decodeReparseData(mountPoint('\\??\\Volume{1}\\', '')).target, '\\\\?\\Volume{1}\\');
    assert.equal(decodeReparseData(mountPoint('\\??\\C:\\m', 'D:\\shown')).target, 'D:\\shown');
    assert.throws(() => decodeReparseData(mountPoint('', '')), /no target/);
  });

  it('of another kind is refused, naming its tag', () => {
    const foreign = Buffer.from('1b00008000000000', 'hex');
    assert.throws(() => decodeReparseData(foreign), /IO_REPARSE_TAG_APPEXECLINK \(0x8000001B\)/);
    assert.equal(nameOfTag(0x9000701a), 'IO_REPARSE_TAG_CLOUD (0x9000701A)');
    assert.equal(nameOfTag(0x12345678), '0x12345678');
  });

  it('is refused when truncated or pointing outside itself', () => {
    const whole = encodeReparseData({ kind: 'symlink', target: 'a' });
    for (let length = 0; length < whole.length; length += 1) {
      assert.throws(() => decodeReparseData(whole.subarray(0, length)), /reparse data has \d+ bytes/);
    }
    const beyond = Buffer.from(whole);
    beyond.writeUInt16LE(100, 12);
    assert.throws(() => decodeReparseData(beyond), /beyond its end/);
  });

  it('is refused when the target does not fit', () => {
    assert.throws(() => encodeReparseData({ kind: 'symlink', target: 'a'.repeat(5000) }), /5000 UTF-16 units/);
  });
});
