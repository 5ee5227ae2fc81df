import { strict as assert } from 'node:assert';

import { FormatError } from '#dist/layers/formats/format-error.js';
import { headerSize, nameOfStream, readHeader, writeHeader } from '#dist/layers/formats/stream-header.js';

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const examples = {
  'DATA of 5 bytes': {
    header: { id: 1, attributes: 0, size: 5, name: '' },
    hex: '01000000 00000000 0500000000000000 00000000',
  },
  'ALTERNATE s of 3 bytes': {
    header: { id: 4, attributes: 0, size: 3, name: ':s:$DATA' },
    hex: '04000000 00000000 0300000000000000 10000000 3A00 7300 3A00 2400 4400 4100 5400 4100',
  },
  'SPARSE_BLOCK of 4 bytes at 0x10000': {
    header: { id: 9, attributes: 8, size: 4, name: '', offset: 0x10000 },
    hex: '09000000 08000000 0C00000000000000 00000000 0000010000000000',
  },
};

describe('The header of a stream', () => {
  for (const [name, { header, hex }] of Object.entries(examples)) {
    it(`${name} matches the documented bytes`, () => {
      assert.equal(writeHeader(header).toString('hex'), bytes(hex).toString('hex'));
      assert.equal(headerSize(bytes(hex)), bytes(hex).length);
      assert.deepEqual(readHeader(bytes(hex)), header);
    });
  }

  it('is parsed at any offset', () => {
    assert.equal(readHeader(Buffer.concat([Buffer.alloc(7), bytes(examples['DATA of 5 bytes'].hex)]), 7).size, 5);
  });

  it('is refused with a negative size, an odd or unterminated name, or a block without an offset', () => {
    const refused = (hex: string, reason: RegExp): void =>
      assert.throws(
        () => [headerSize(bytes(hex)), readHeader(bytes(hex))],
        (error: unknown) => {
          assert(error instanceof FormatError);
          assert.match(error.message, reason);
          return true;
        },
      );
    refused('01000000 00000000 ffffffffffffffff 00000000', /size -1/);
    refused('04000000 00000000 0000000000000000 03000000 000000', /name of 3 bytes/);
    refused('04000000 00000000 0000000000000000 feffffff', /name of 4294967294 bytes/);
    refused('09000000 00000000 0700000000000000 00000000 0000000000000000', /sparse block has 7 bytes/);
  });

  it('has a name for messages, even with an unknown id', () => {
    assert.equal(nameOfStream(8), 'reparse');
    assert.equal(nameOfStream(77), 'stream 77');
  });
});
