// Headers that some tools take for something, and GNU tar for none.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { importLayer } from 'hostcompute';
import { loadAddon } from '#dist/backend/load.js';
import { Plan, StepError } from '#dist/layers/import/plan.js';

import { FolderStore } from '../../support/layers/layer-folder.js';
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

const forAll = (records: Readonly<Record<string, string>>): Buffer =>
  blocksOf({ name: 'g', type: 'g', body: recordsOf(records) });

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
    using store = new FolderStore();
    const own = blocksOf(file('Files/b', '', { 'MSWINDOWS.fileattr': '32' }));
    const source = archiveOf(forAll({ 'MSWINDOWS.fileattr': '33' }), blocksOf({ name: 'Files/a' }), own);
    await importLayer(Readable.from([source]), { store, id: 'new', parents: [] });
    const attributesOf = (path: string): number => readFileSync(join(store.pathOf('new'), path)).readUInt32LE();
    assert.deepEqual(['Files/a', 'Files/b'].map(attributesOf), [33, 32]);
  });

  it('for all entries may have any number of records that nothing is read from', async () => {
    const records = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 'x']));
    const names = Array.from({ length: 1000 }, (_, index) => ({ name: `Files/${index}` }));
    assert.equal(await read(archiveOf(forAll(records), ...names.map(blocksOf))), 1001);
  });

  it('for all entries is refused with what is of one file', async () => {
    for (const key of ['MSWINDOWS.xattr.A', 'MSWINDOWS.mountpoint', 'GNU.sparse.major']) {
      await assert.rejects(read(archiveOf(forAll({ [key]: '1' }))), { message: /that is for all entries/ });
    }
  });

  it('that is extended is refused where no entry comes after it', async () => {
    const alone = [
      blocksOf({ name: 'x', type: 'x', body: recordsOf({ comment: 'x' }) }),
      blocksOf({ name: 'x', type: 'x', body: 'wrong' }),
      blocksOf({ name: 'x', type: 'x' }),
      blocksOf({ name: 'x', type: 'L', body: 'name' }),
      blocksOf({ name: 'x', type: 'K', body: 'name' }),
      Buffer.concat([Buffer.alloc(512), forAll({ comment: 'x' })]),
    ];
    for (const header of alone) {
      await assert.rejects(read(archiveOf(header)), { message: /extended header without an entry/, entry: 'Files' });
    }
  });

  it('may be large, of each of many alternate streams', async () => {
    const extended = recordsOf({ comment: 'x'.repeat(2 ** 19) });
    const streams = Array.from({ length: 40 }, (_, index) => ({ name: `Files/a:${index}`, body: 'x', extended }));
    const { layer } = await written(archiveOf(blocksOf(file('Files/a')), ...streams.map(blocksOf)), {
      chunkSize: 2 ** 18,
    });
    assert.equal(layer?.entries, 42);
  });
});

describe('A step of a plan that fails', () => {
  it('says what has failed', () => {
    const { Unpack, UnpackPlanner } = loadAddon();
    const unpack = new Unpack(() => undefined);
    const plan = new Plan(new UnpackPlanner(unpack.id()));
    plan.openRoot(0, join(tmpdir(), 'hostcompute-not', 'there'));
    assert.throws(() => plan.flush(), StepError);
    unpack.close();
  });
});
