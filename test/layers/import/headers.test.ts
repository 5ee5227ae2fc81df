// Headers that some tools take for something, and GNU tar for none.
import assert from 'node:assert/strict';

import type { Made } from '../../support/layers/tar.js';
import { blocksOf, file, folder, recordsOf, tar } from '../../support/layers/tar.js';
import { read, written } from '../../support/layers/written-layer.js';

const files = folder('Files');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const withRecords = (text: string | Buffer): Made => ({ ...file('Files/a', 'content'), extended: Buffer.from(text) });
const attributes = '25 MSWINDOWS.fileattr=32\n';

/** Extended headers with a wrong record after a right one. */
const records: Readonly<Record<string, [string | Buffer, RegExp]>> = {
  'no length': [`${attributes}abc path=x\n`, /a record has no length at byte 25/],
  'a negative length': [`${attributes}-9 a=b\n`, /a record has no length/],
  'no blank after its length': [`${attributes}7`, /a record has no length/],
  'a length of zero': [`${attributes}0 a=b\n`, /a record has a wrong length/],
  'a length of its own prefix': [`${attributes}2 a=b\n`, /a record has a wrong length/],
  'a length beyond the header': [`${attributes}99 a=b\n`, /a record has a wrong length/],
  'a length in a million digits': [`${attributes}${'1'.repeat(1_000_000)} a=b\n`, /a record has no length/],
  'no line feed at its end': [`${attributes}6 a=bc`, /a record does not end in a line feed/],
  'a length that is too small': [`${attributes}6 a=bc\n`, /a record does not end in a line feed/],
  'no equals sign': [`${attributes}6 abc\n`, /a record has no key/],
  'no key': [`${attributes}6 =bc\n`, /a record has no key/],
  'a key that is not UTF-8': [Buffer.concat([bytesOf(attributes), bytesOf('6 \xff=b\n')]), /is not UTF-8/],
  'a target that is not UTF-8': [bytesOf('14 linkpath=\xff\n'), /is not UTF-8/],
  'zeros after its records': [`${attributes}\0\0\0\0`, /a record has no length/],
  'nothing in it': ['', /an extended header without content/],
};

const sizes: Readonly<Record<string, Buffer>> = {
  'minus one in base 256': Buffer.alloc(12, 0xff),
  'minus two in base 256': Buffer.alloc(12, 0xff).fill(0xfe, 11),
  'more than 2^53 in base 256': Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0x7f)]),
  'base 256 of another kind': Buffer.from([0x81, ...Buffer.alloc(11)]),
  'digits that are not octal': bytesOf('00000000009\0'),
  'digits with letters after them': bytesOf('00000000007x'),
  'a minus sign': bytesOf('-0000000001\0'),
};

/** The header's field of the time; its checksum is right. */
function withTime(field: Buffer): Buffer {
  const block = blocksOf({ name: 'Files/a' });
  block.set(field, 136);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

describe('An archive with invalid headers', () => {
  for (const [what, [extended, reason]] of Object.entries(records)) {
    it(`is refused, naming the entry: an extended header with ${what}`, async () => {
      const { layer, failure, files: made } = await written(tar(files, withRecords(extended)));
      assert.equal(layer, undefined);
      assert.match(failure?.reason ?? '', reason);
      assert.equal(failure?.entry, 'Files/a');
      assert.match(failure.remedy, /Build the layer again/);
      assert.ok(!made.includes('Files/a'));
    });
  }

  for (const [what, size] of Object.entries(sizes)) {
    it(`is refused: a size of ${what}`, async () => {
      const { layer, failure } = await written(tar(files, { ...file('Files/a', ''), size }));
      assert.equal(layer, undefined);
      assert.match(failure?.reason ?? '', /has a size in its header that is not a number of bytes/);
      assert.match(`${failure?.entry}`, /^Files/);
      assert.match(failure?.remedy ?? '', /Build the layer again/);
    });
  }

  it('is refused: a time that is not a number', async () => {
    for (const time of [bytesOf('yesterday\0\0\0'), Buffer.from([0x81, ...Buffer.alloc(11)])]) {
      const bytes = Buffer.concat([blocksOf(files), withTime(time), Buffer.alloc(1024)]);
      await assert.rejects(read(bytes), { message: /has a time in its header that is not/, entry: 'Files/a' });
    }
  });

  it('is refused: a global header with a size', async () => {
    const global = blocksOf({ name: 'g', type: 'g', body: recordsOf({ size: '512' }) });
    const bytes = Buffer.concat([blocksOf(files), global, blocksOf(file('Files/a')), Buffer.alloc(1024)]);
    await assert.rejects(read(bytes), { message: /is for all entries/, entry: 'Files/a' });
  });

  it('is read up to the entry before, with any chunk size', async () => {
    const bytes = tar(files, file('Files/b', 'x'.repeat(1500)), withRecords('6 abc\n'));
    for (const chunkSize of [1, 7, 511, 512, 513, 100_000]) {
      const { failure } = await written(bytes, { chunkSize });
      assert.equal(failure?.entry, 'Files/a', `in pieces of ${chunkSize}`);
    }
  });
});

describe('A header', () => {
  const archiveOf = (...more: Buffer[]): Buffer => Buffer.concat([blocksOf(files), ...more, Buffer.alloc(1024)]);

  it('may have its numbers in every format that tools write', async () => {
    const right = ['00000000000\0', '          0 ', '0          \0', '\0'.repeat(12), '000000000000'].map(bytesOf);
    for (const field of [...right, Buffer.from([0x80, ...Buffer.alloc(11)])]) {
      const count = await read(archiveOf(blocksOf({ name: 'Files/a', size: field })));
      assert.equal(count, 2, JSON.stringify(field.toString('latin1')));
    }
    assert.equal(await read(archiveOf(withTime(Buffer.alloc(12, 0xff)))), 2); // a second before 1970
  });

  it('has its size from the extended header', async () => {
    const content = '6 abc\n'.padEnd(1024, 'x');
    const long = { ...file('Files/a', content, { size: '1024' }), size: 0 };
    assert.equal(await read(archiveOf(blocksOf(long), blocksOf(file('Files/b')))), 3);
    const wrong = archiveOf(blocksOf(long), blocksOf({ ...withRecords('6 abc\n'), name: 'Files/b' }));
    await assert.rejects(read(wrong), { message: /no key/, entry: 'Files/b' });
  });

  it('is not looked for in the content of files', async () => {
    assert.equal(await read(archiveOf(blocksOf(file('Files/a', blocksOf(withRecords('6 abc\n')))))), 2);
  });

  it('gives what is for all entries to each that does not say otherwise', async () => {
    const global = blocksOf({ name: 'g', type: 'g', body: recordsOf({ 'MSWINDOWS.fileattr': '33' }) });
    const own = blocksOf(file('Files/b', '', { 'MSWINDOWS.fileattr': '32' }));
    const bytes = Buffer.concat([blocksOf(files), global, blocksOf({ name: 'Files/a' }), own, Buffer.alloc(1024)]);
    const { layer } = await written(bytes);
    assert.equal(layer?.entries, 3);
  });
});
