import assert from 'node:assert/strict';

import type { Batch } from '#dist/layers/import/archive/batch.js';
import { largestPiece } from '#dist/layers/import/archive/batch.js';
import {
  decodeBatch,
  decodeFailure,
  encodeBatch,
  encodeFailure,
  slots,
} from '#dist/layers/import/archive/reader-messages.js';
import { Refusal } from '#dist/layers/import/refusal.js';

const entry = (records: Readonly<Record<string, string>>) =>
  ({ name: 'Files/a', type: 'file', size: 3, linkname: '', mtime: 1, records }) as const;

describe('Messages from the reader thread to the writer thread', () => {
  const memory = new SharedArrayBuffer(slots * largestPiece);
  const piece = Buffer.from('0123456789').subarray(2);
  const rest = { read: 7, compression: 'gzip' } as const;
  const sent = (batch: Batch, slot: number) => structuredClone(encodeBatch(batch, memory, slot));

  it('round-trip a batch in any slot', () => {
    const batch = { ...rest, bytes: piece, items: [entry({ atime: '1' }), piece.subarray(1, 4)], digest: 'sha256:00' };
    for (const slot of [0, slots - 1]) assert.deepEqual(decodeBatch(sent(batch, slot), memory), batch);
  });

  it('carry content outside the batch, such as the rest of the previous one', () => {
    const before = Buffer.from('before');
    for (const other of [before, Buffer.from(piece.buffer, piece.byteOffset - 1, 3)]) {
      assert.deepEqual(decodeBatch(sent({ ...rest, bytes: piece, items: [other] }, 0), memory).items, [other]);
    }
  });

  it('weigh as much as their records', () => {
    assert.equal(sent({ ...rest, bytes: piece, items: [] }, 0).weight, piece.length);
    const items = [entry({ a: '12' }), entry({ b: '345' })];
    assert.equal(sent({ ...rest, bytes: piece, items }, 0).weight, piece.length + 5);
  });

  it('carry a refusal, or an error with its code', () => {
    const told = (error: unknown) => {
      const message = structuredClone(encodeFailure(error));
      assert.equal(message.kind, 'failed');
      return decodeFailure(message);
    };
    const refusal = new Refusal('is wrong', 'Mend it.', null);
    assert.deepEqual(told(refusal), refusal);
    const error = told(Object.assign(new Error('there is none'), { code: 'ENOENT' }));
    assert.deepEqual([(error as Error).message, (error as NodeJS.ErrnoException).code], ['there is none', 'ENOENT']);
  });
});
