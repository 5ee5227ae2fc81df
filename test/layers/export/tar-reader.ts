// A small reader of layer tars, as strict as the tests need it: what it does not know is an error.
import { strict as assert } from 'node:assert';

export interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly mtime: number;
  readonly linkName: string;
  readonly records: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const blockSize = 512;

export function readTar(tar: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  let records: Record<string, string> = {};
  let at = 0;
  while (tar[at] !== 0) {
    const header = tar.subarray(at, at + blockSize);
    checkHeader(header);
    const type = text(header, 156, 1);
    const size = type === '0' || type === 'x' ? Number(records.size ?? octal(header, 124, 12)) : 0;
    const body = tar.subarray(at + blockSize, at + blockSize + size);
    assert.equal(body.length, size, 'the tar ends inside an entry');
    at += blockSize + Math.ceil(size / blockSize) * blockSize;
    if (type === 'x') {
      records = readRecords(body);
      continue;
    }
    const prefix = text(header, 345, 155);
    const { path, linkpath, ...rest } = records;
    entries.push({
      name: path ?? (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100),
      type,
      mode: octal(header, 100, 8),
      mtime: octal(header, 136, 12),
      linkName: linkpath ?? text(header, 157, 100),
      records: rest,
      body: Buffer.from(body),
    });
    records = {};
  }
  assert.equal(tar.length - at, 2 * blockSize, 'a tar ends with two blocks');
  assert(tar.subarray(at).every((byte) => byte === 0));
  return entries;
}

function readRecords(body: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < body.length;) {
    const length = Number(body.toString('latin1', at, body.indexOf(' ', at)));
    const record = body.toString('utf8', at, at + length);
    const match = /^\d+ ([^=]+)=([^]*)\n$/.exec(record);
    assert(match !== null, `the record ${JSON.stringify(record)}`);
    records[match[1]!] = match[2]!;
    at += length;
  }
  return records;
}

function checkHeader(header: Buffer): void {
  assert.equal(header.toString('latin1', 257, 265), 'ustar\x0000');
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  assert.equal(octal(header, 148, 8), sum, 'the checksum');
}

function text(header: Buffer, at: number, length: number): string {
  const end = header.indexOf(0, at);
  return header.toString('latin1', at, end === -1 ? at + length : Math.min(end, at + length));
}

function octal(header: Buffer, at: number, length: number): number {
  return parseInt(text(header, at, length).trim(), 8);
}
