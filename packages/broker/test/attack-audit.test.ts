import assert from 'node:assert/strict';
import fs, { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditFile } from '../src/audit/audit-file.js';

describe('An audit file that cannot be written', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-broker-'));
    path = join(folder, 'audit.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps the files before it when no new one can be opened', () => {
    const file = new AuditFile(path, { bytes: 10, files: 2 });
    for (const line of ['line 1', 'line 2', 'line 3']) file.write(line);
    const { openSync } = fs;
    fs.openSync = () => {
      throw new Error('EMFILE');
    };
    syncBuiltinESMExports();
    try {
      for (let tries = 0; tries < 3; tries++) assert.throws(() => file.write('line 4'), /EMFILE/);
    } finally {
      fs.openSync = openSync;
      syncBuiltinESMExports();
    }
    assert.deepEqual(
      ['.2', '.1', ''].map((end) => readFileSync(path + end, 'utf8')),
      ['line 1\n', 'line 2\n', 'line 3\n'],
    );
    file.write('line 5');
    file.close();
    assert.equal(readFileSync(path, 'utf8'), 'line 5\n');
    assert.deepEqual(readdirSync(folder).sort(), ['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2']);
  });

  it('has no half of a line after a disk that was full', () => {
    const { writeSync } = fs;
    const file = new AuditFile(path);
    let room = 4;
    fs.writeSync = ((descriptor: number, bytes: Buffer, from: number) => {
      if (room === 0) throw new Error('ENOSPC');
      const written = writeSync(descriptor, bytes, from, Math.min(room, bytes.length - from));
      room -= written;
      return written;
    }) as typeof writeSync;
    syncBuiltinESMExports();
    try {
      assert.throws(() => file.write('a line that is lost'), /ENOSPC/);
      room = 100;
      file.write('the next');
    } finally {
      fs.writeSync = writeSync;
      syncBuiltinESMExports();
      file.close();
    }
    assert.equal(readFileSync(path, 'utf8'), 'the next\n');
  });
});
