import { strict as assert } from 'node:assert';

import fc from 'fast-check';

import type { PlacedStream } from '#dist/layers/formats/backup-stream.js';
import {
  alternateName,
  BackupStreamDecoder,
  contentOf,
  encodeStream,
  placeStreams,
  streamOfAlternate,
} from '#dist/layers/formats/backup-stream.js';
import type { StreamHeader } from '#dist/layers/formats/stream-header.js';
import { writeHeader } from '#dist/layers/formats/stream-header.js';

interface Stream extends StreamHeader {
  readonly data: Buffer;
}

function decode(chunks: readonly Uint8Array[]): Stream[] {
  const found: Stream[] = [];
  let header: StreamHeader | undefined;
  let data: Buffer[] = [];
  const decoder = new BackupStreamDecoder({
    header: (next) => (header = next),
    data: (bytes) => data.push(Buffer.from(bytes)),
    end: () => {
      found.push({ ...header!, data: Buffer.concat(data) });
      data = [];
    },
  });
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return found;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const readIn =
  (bytes: Buffer) =>
  (position: number, length: number): Buffer =>
    bytes.subarray(position, position + length);

const hello = encodeStream(1, Buffer.from('hello'));

describe('A backup stream', () => {
  it('with five bytes of data matches the documented bytes', () => {
    assert.equal(hello.toString('hex'), `0100000000000000${'05'.padEnd(16, '0')}0000000068656c6c6f`);
  });

  it('is parsed alike in chunks of any size', () => {
    const stream = fc.oneof(
      fc.record({
        id: fc.constantFrom(1, 2, 3, 4, 5, 7, 8),
        attributes: fc.constantFrom(0, 2),
        name: fc.constantFrom('', ':s:$DATA', ':ü漢:$DATA'),
        data: fc.uint8Array({ maxLength: 60 }),
      }),
      fc.record({
        id: fc.constant(9),
        attributes: fc.constant(8),
        name: fc.constant(''),
        data: fc.uint8Array({ maxLength: 9 }),
        offset: fc.maxSafeNat(),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(stream, { maxLength: 6 }),
        fc.array(fc.nat({ max: 600 }), { maxLength: 40 }),
        (streams, places) => {
          const written = streams.map(({ data, ...rest }) => ({ ...rest, size: data.length, data: Buffer.from(data) }));
          const bytes = Buffer.concat(written.flatMap((each) => [writeHeader(each), each.data]));
          assert.deepEqual(decode(cut(bytes, places)), written);
          assert.deepEqual(
            placeStreams(readIn(bytes), 0, bytes.length).map(({ position, ...header }) => ({
              ...header,
              data: bytes.subarray(position, position + header.size),
            })),
            written,
          );
        },
      ),
    );
  });

  it('is refused when truncated at any length', () => {
    for (let length = 1; length < hello.length; length += 1) {
      const start = hello.subarray(0, length);
      const reason = length < 20 ? /ends inside the header/ : /ends \d bytes before its data stream does/;
      assert.throws(() => decode([start]), reason);
      assert.throws(() => placeStreams(readIn(start), 0, start.length), reason);
    }
  });

  it('may start with padding, and may have no streams', () => {
    assert.deepEqual(placeStreams(readIn(Buffer.alloc(4)), 4, 4), []);
    assert.equal(placeStreams(readIn(Buffer.concat([Buffer.alloc(4), hello])), 4, 4 + hello.length)[0]?.position, 24);
  });

  it('is refused when it turns out shorter than declared', () => {
    assert.throws(() => placeStreams(readIn(hello), 0, hello.length + 20), /ends inside the header/);
  });

  it('includes colons and type in the name of an alternate stream', () => {
    assert.equal(alternateName('s'), ':s:$DATA');
    assert.equal(streamOfAlternate(':s:$DATA'), 's');
    for (const name of ['', 's', ':s', '::$DATA', ':s:$INDEX_ALLOCATION', ':a:b:$DATA']) {
      assert.throws(() => streamOfAlternate(name), /an alternate stream has the name/);
    }
  });
});

describe('The content of a file', () => {
  const data = (size: number): PlacedStream => ({ id: 1, attributes: 0, name: '', size, position: 20 });
  const block = (offset: number, size: number): PlacedStream => ({
    ...data(size),
    id: 9,
    offset,
    position: 1000 + offset,
  });

  it('is one extent when fully allocated', () => {
    assert.deepEqual(contentOf(data(5), []), {
      size: 5,
      extents: [{ offset: 0, length: 5, position: 20 }],
      isSparse: false,
    });
    assert.deepEqual(contentOf(data(0), []), { size: 0, extents: [], isSparse: false });
  });

  it('is all holes when nothing is allocated', () => {
    assert.deepEqual(contentOf(data(0), [block(0x50000, 0)]), { size: 0x50000, extents: [], isSparse: true });
  });

  it('has an extent per range, and the size of the last block', () => {
    assert.deepEqual(contentOf(data(0), [block(0, 4), block(0x10000, 4), block(0x20000, 0)]), {
      size: 0x20000,
      extents: [
        { offset: 0, length: 4, position: 1000 },
        { offset: 0x10000, length: 4, position: 1000 + 0x10000 },
      ],
      isSparse: true,
    });
  });

  it('is refused when blocks are out of order, overlap, or follow the last one', () => {
    assert.throws(
      () => contentOf(data(0), [block(8, 4), block(0, 4)]),
      /sparse block at 0 comes after one that ends at 12/,
    );
    assert.throws(() => contentOf(data(0), [block(0, 4), block(3, 4)]), /sparse block at 3/);
    assert.throws(() => contentOf(data(0), [block(8, 0), block(9, 4)]), /after the one that ends the file/);
  });
});
