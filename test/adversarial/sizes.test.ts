import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeExtendedAttributes } from '#dist/layers/formats/extended-attributes.js';
import { decodeReparseData } from '#dist/layers/formats/reparse-data.js';
import { readHeader } from '#dist/layers/formats/stream-header.js';
import { readRecording } from '#dist/recorder/reader.js';

import { read } from '../support/layers/written-layer.js';

const mebibyte = 2 ** 20;

/** A header of a tar that claims so many bytes to follow. */
function tarHeader(type: string, size: string): Buffer {
  const header = Buffer.alloc(512);
  header.write('Files/a', 0);
  header.write('0000644\0', 100);
  header.write(size, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

async function refuses(work: () => unknown): Promise<void> {
  const { rss, external } = process.memoryUsage();
  await assert.rejects(async () => {
    await work();
  }, Error);
  const after = process.memoryUsage();
  assert.ok(after.external - external < 16 * mebibyte, `external memory has grown by ${after.external - external}`);
  assert.ok(after.rss - rss < 64 * mebibyte, `memory has grown by ${after.rss - rss}`);
}

describe('A declared size allocates no memory before its bytes arrive:', () => {
  const octal = '77777777777\0'; // 8 GiB
  for (const [what, type] of [
    ['an extended header of a tar', 'x'],
    ['a global extended header', 'g'],
    ['a long name of GNU', 'L'],
    ['a long link of GNU', 'K'],
    ['an entry of a tar', '0'],
  ] as const) {
    it(`8 GiB in ${what}`, () =>
      refuses(async () => {
        await read(Buffer.concat([tarHeader(type, octal), Buffer.alloc(1024, 'a')]));
      }));
  }

  it('an 8 GiB PAX record', () =>
    refuses(async () => {
      const record = Buffer.alloc(512);
      record.write('8589934592 path=a\n');
      await read(Buffer.concat([tarHeader('x', '00000001000\0'), record, tarHeader('0', '00000000000\0')]));
    }));

  const all = Buffer.alloc(64, 0xff);
  it('a backup stream', () => refuses(() => readHeader(all)));
  it('an extended attribute', () => refuses(() => decodeExtendedAttributes(all)));
  it('reparse data', () => refuses(() => decodeReparseData(all)));

  it('a 1 GiB recording', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sizes-'));
    const file = join(folder, 'recording.jsonl');
    try {
      writeFileSync(file, '{}\n');
      truncateSync(file, 2 ** 30);
      await refuses(() => readRecording(file));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
