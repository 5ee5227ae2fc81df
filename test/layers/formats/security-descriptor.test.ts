import { strict as assert } from 'node:assert';

import { checkSecurityDescriptor } from '#dist/layers/formats/security-descriptor.js';

const whole = Buffer.from(
  'AQAEgDAAAABAAAAAAAAAABQAAAACABwAAQAAAAADFAD/AR8AAQEAAAAAAAUSAAAAAQIAAAAAAAUgAAAAIAIAAAEBAAAAAAAFEgAAAA==',
  'base64',
);

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(whole);
  change(bytes);
  return bytes;
}

describe('A security descriptor', () => {
  it('is accepted with all parts, and without any of them', () => {
    checkSecurityDescriptor(whole);
    assert.doesNotThrow(() => checkSecurityDescriptor(Buffer.from('0100048000000000000000000000000000000000', 'hex')));
  });

  it('is refused when it is too short, of another revision, absolute, or points outside itself', () => {
    assert.throws(() => checkSecurityDescriptor(whole.subarray(0, 19)), /19 bytes/);
    assert.throws(() => checkSecurityDescriptor(changed((bytes) => bytes.writeUInt8(2, 0))), /revision 2/);
    assert.throws(() => checkSecurityDescriptor(changed((bytes) => bytes.writeUInt16LE(4, 2))), /not self-relative/);
    assert.throws(() => checkSecurityDescriptor(changed((bytes) => bytes.writeUInt32LE(1000, 4))), /part at 1000/);
    assert.throws(() => checkSecurityDescriptor(changed((bytes) => bytes.writeUInt32LE(4, 16))), /part at 4/);
    assert.throws(() => checkSecurityDescriptor(whole.subarray(0, 0x40)), /part at 64/);
  });
});
