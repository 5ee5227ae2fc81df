import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

import type { TarHeader } from '#dist/layers/export/tar-header.js';
import { writeHeader, writeWhiteout } from '#dist/layers/export/tar-header.js';
import { encodeTimes } from '#dist/layers/formats/pax-keys.js';

interface HeaderCase extends Omit<TarHeader, 'times'> {
  readonly label: string;
  readonly write: string;
  readonly access?: string;
  readonly change?: string;
}

const folder = new URL('../../../../test/fixtures/layers/headers/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const { headers, whiteouts } = read('headers.json') as {
  headers: HeaderCase[];
  whiteouts: { label: string; name: string }[];
};
// Written by archive/tar of Go: see main.go beside it.
const golden = read('headers.golden.json') as Record<'headers' | 'whiteouts', Record<string, string>>;

function compare(ours: Buffer, theirs: string | undefined): void {
  assert(theirs !== undefined, 'the golden file is older than the cases');
  assert.equal(ours.length % 512, 0);
  const expected = Buffer.from(theirs, 'hex');
  const whole = Buffer.concat([expected, Buffer.alloc(ours.length - expected.length)]);
  assert.equal(ours.toString('latin1'), whole.toString('latin1'));
}

/** Into what is not empty, and where there is too little room. */
function written(write: (bytes: Uint8Array, at: number) => number): Buffer {
  const bytes = Buffer.alloc(1 << 20, 'x');
  const length = write(bytes, 1000);
  for (const room of [0, 100, length - 513, length - 1]) {
    assert.equal(write(Buffer.alloc(1000 + Math.max(0, room)), 1000), length);
  }
  return bytes.subarray(1000, 1000 + length);
}

describe('A header of a layer tar has the bytes that Go writes for', () => {
  for (const { label, write, access, change, records, ...header } of headers) {
    it(label, () => {
      const times =
        access === undefined || change === undefined
          ? {}
          : encodeTimes({ creation: 0n, write: 0n, access: BigInt(access), change: BigInt(change) });
      const whole = { ...header, times: { write: BigInt(write) }, records: { ...records, ...times } };
      compare(
        written((bytes, at) => writeHeader(bytes, at, whole)),
        golden.headers[label],
      );
    });
  }
});

describe('A whiteout of a layer tar has the bytes that Go writes for a name of', () => {
  for (const { label, name } of whiteouts) {
    it(label, () =>
      compare(
        written((bytes, at) => writeWhiteout(bytes, at, name)),
        golden.whiteouts[label],
      ),
    );
  }
});
