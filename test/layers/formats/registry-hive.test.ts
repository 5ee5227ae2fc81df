import { strict as assert } from 'node:assert';

import { checkHive, hiveHeaderSize } from '#dist/layers/formats/registry-hive.js';

function hive(change: (bytes: Buffer) => void = () => undefined): Buffer {
  const bytes = Buffer.alloc(8192);
  bytes.write('regf');
  change(bytes);
  let sum = 0;
  for (let at = 0; at < 0x1fc; at += 4) sum ^= bytes.readUInt32LE(at);
  bytes.writeInt32LE(sum === 0 ? 1 : sum === -1 ? -2 : sum, 0x1fc);
  return bytes;
}

const check = (bytes: Buffer, size = bytes.length) => checkHive(bytes.subarray(0, hiveHeaderSize), size);

describe('A registry hive', () => {
  it('is valid with its signature, its checksum and whole blocks', () => {
    assert.deepEqual(check(hive()), {});
  });

  it('uses 1 for a checksum of 0, and 0xfffffffe for one of 0xffffffff', () => {
    const sound = (word: number): void => {
      const bytes = hive((each) => each.writeUInt32LE((word ^ each.readUInt32LE(0)) >>> 0, 16));
      assert.equal(bytes.readUInt32LE(0x1fc), word === 0 ? 1 : 0xfffffffe);
      assert.deepEqual(check(bytes), {});
    };
    sound(0);
    sound(0xffffffff);
  });

  it('is damaged when it is empty, of another format, truncated, or modified', () => {
    assert.match(check(Buffer.alloc(0)).damage ?? '', /is empty/);
    assert.match(check(Buffer.from('not a hive')).damage ?? '', /"regf"/);
    assert.match(check(hive(), 8191).damage ?? '', /8191 bytes/);
    assert.match(check(Buffer.from('regf'), 4096).damage ?? '', /4096 bytes/);
    const changed = hive();
    changed.writeUInt8(1, 100);
    assert.match(check(changed).damage ?? '', /checksum/);
  });

  it('is reported when it was saved while loaded', () => {
    assert.match(check(hive((bytes) => bytes.writeUInt32LE(7, 4))).warning ?? '', /while it was loaded/);
  });
});
