import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import type { Made } from '../../support/layers/tar.js';
import { blocksOf, file, folder, hardLink, junction, tar } from '../../support/layers/tar.js';
import { read, written } from '../../support/layers/written-layer.js';

const small = tar(folder('Files'), file('Files/a', 'hello'), { name: 'Files/b', body: 'plain' });
// What `zstd -19` makes of an archive with `Files` and `Files/a`.
const zstd = Buffer.from(
  'KLUv/WQAEd0EAFKHGBlgrw5UuMVvJUcR+dcHTqy7JE1JLSpAKJcBU60U+puEU2gOMpZRxr9L+Rp8zT9TtEYFA7EHe++kNXoCplGI' +
    '5GgYhMHGP9t5qYotxrBd9/nc7j+/F8+XvRIVHlCWOpMa1lwCFCBwKbvQARGk2w/I30NVMJUFXCf4FKtPxQkDrgKYcq/JBpgCpDhe' +
    'HXNKAk8TYACt4QVER1cYYYvD0g==',
  'base64',
);
const positions = (bytes: Buffer): number[] => [...bytes.keys()];

describe('A truncated archive', () => {
  it('is refused at any length', async () => {
    for (const at of positions(small)) {
      await assert.rejects(read(small.subarray(0, at)), { name: 'Refusal' }, `cut off at ${at}`);
    }
    assert.equal(await read(small), 3);
  });

  it('is refused at any length: gzip', async () => {
    const packed = gzipSync(small);
    for (const at of positions(packed)) {
      const { layer, failure, outside } = await written(packed.subarray(0, at));
      assert.deepEqual([layer, outside], [undefined, []], `cut off at ${at}`);
      assert.equal(failure?.cause, undefined);
    }
    assert.equal((await written(packed)).layer?.compression, 'gzip');
  });

  it('is refused at any length: zstd', async () => {
    for (const at of positions(zstd)) {
      const { layer, failure, outside } = await written(zstd.subarray(0, at));
      assert.deepEqual([layer, outside], [undefined, []], `cut off at ${at}`);
      assert.equal(failure?.cause, undefined);
    }
    const { layer } = await written(zstd, { chunkSize: 7 });
    assert.deepEqual([layer?.compression, layer?.entries], ['zstd', 2]);
  });

  it('is refused without its end marker, after a file of zeros', async () => {
    const zeros = tar({ name: 'Files', type: '5' }, { name: 'Files/zeros', body: Buffer.alloc(4096) });
    await assert.rejects(read(zeros.subarray(0, -1024)), /cut off/);
    await assert.rejects(read(zeros.subarray(0, -512)), /cut off/);
  });

  it('is refused when data follows its end', async () => {
    const second = Buffer.concat([small, tar(folder('Hives'))]);
    await assert.rejects(read(second), { message: /after the end of the archive/, entry: 'Hives' });
    await assert.rejects(read(Buffer.concat([small, Buffer.from('more')])), /cut off|damaged/);
    for (const more of [Buffer.from('more'), Buffer.alloc(4)]) {
      const { failure } = await written(Buffer.concat([gzipSync(small), more]));
      assert.match(failure?.reason ?? '', /something after the end of the gzip|gzip is damaged/);
    }
  });

  it('is not confused with one that has padding or several gzip members', async () => {
    assert.equal(await read(Buffer.concat([small, Buffer.alloc(8192)])), 3);
    const half = small.length / 2;
    const members = Buffer.concat([gzipSync(small.subarray(0, half)), gzipSync(small.subarray(half))]);
    assert.equal((await written(members)).layer?.entries, 3);
  });

  it('is refused when it has no entries', async () => {
    const { failure } = await written(tar());
    assert.deepEqual([failure?.entry, failure?.reason], [undefined, 'has no entries']);
  });
});

describe('An archive with one modified byte', () => {
  it('is either refused or read, at any offset', async () => {
    for (const at of positions(small)) {
      const damaged = Buffer.from(small);
      damaged[at]! ^= 0x55;
      const outcome = await read(damaged).catch((error: unknown) => error);
      if (outcome instanceof Error) assert.match(outcome.name, /^(?:Refusal|FormatError)$/, `changed at ${at}`);
      else assert.equal(outcome, 3, `changed at ${at}`);
    }
  });

  it('is refused at any offset when its digest is given', async () => {
    const diffId = `sha256:${createHash('sha256').update(small).digest('hex')}`;
    for (let at = 0; at < small.length; at += 61) {
      const damaged = Buffer.from(small);
      damaged[at]! ^= 0x55;
      assert.equal((await written(damaged, { verify: { diffId } })).layer, undefined, `changed at ${at}`);
    }
  });

  it('is refused at any offset of gzip data, except for bytes that gzip does not check', async () => {
    const packed = gzipSync(small);
    const unchecked = [4, 5, 6, 7, 8, 9]; // time, level and system of the one who made it
    for (const at of positions(packed).filter((each) => !unchecked.includes(each))) {
      const damaged = Buffer.from(packed);
      damaged[at]! ^= 0x55;
      const { layer, outside } = await written(damaged);
      assert.deepEqual([layer, outside], [undefined, []], `changed at ${at}`);
    }
  });
});

describe('Generated archives', () => {
  const part = fc.constantFrom(
    'Files',
    'files',
    'a',
    'A',
    'é',
    '..',
    '.',
    '',
    '.wh.a',
    '.wh..wh..opq',
    'NUL',
    'a.',
    'a:s',
    ':',
    'C:',
    'UtilityVM',
    'Hives',
  );
  const name = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    fc.array(part, { maxLength: 3 }).map((parts) => ['Files', ...parts].join('/')),
    fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
  );
  const entry: fc.Arbitrary<Made> = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(name, fc.string()).map(([path, body]) => file(path, body)) },
    { weight: 3, arbitrary: name.map((path) => folder(path)) },
    fc.tuple(name, name).map(([path, target]) => hardLink(path, target)),
    fc.tuple(name, name).map(([path, target]) => junction(path, target)),
    fc
      .tuple(name, fc.constantFrom('0', '1', '2', '3', '5', '7', 'L', 'K', 'g', 'S'))
      .map(([path, type]) => ({ name: path, type })),
    fc.record({ name, size: fc.nat(2000), body: fc.string() }),
    fc
      .tuple(name, fc.constantFrom('MSWINDOWS.fileattr', 'MSWINDOWS.rawsd', 'atime', 'size', 'path'), fc.string())
      .map(([path, key, value]) => file(path, '', { [key]: value })),
  );

  it('write nothing outside the layer, and fail with a reason', async () => {
    const archive = fc.tuple(fc.array(entry, { maxLength: 12 }), fc.boolean(), fc.nat(4000), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(archive, async ([entries, isDamaged, at, byte]) => {
        const bytes = tar(folder('Files'), folder('Files/a'), ...entries);
        if (isDamaged) bytes[at % bytes.length] = byte;
        const { layer, failure, files, outside } = await written(bytes, { chunkSize: 1 + at });
        assert.deepEqual(outside, []);
        assert.notEqual(layer === undefined, failure === undefined);
        assert.equal(failure?.cause, undefined, `it failed by ${String(failure?.cause)}`);
        if (layer !== undefined) assert.ok(files.includes('Files/a/'));
      }),
      { numRuns: 400 },
    );
  });

  it('are read or refused, even as blocks of arbitrary bytes', async () => {
    const blocks = fc.array(fc.oneof(entry.map(blocksOf), fc.uint8Array({ maxLength: 600 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(blocks, async (pieces) => {
        const outcome = await read(Buffer.concat(pieces)).catch((error: unknown) => error);
        if (outcome instanceof Error) assert.match(outcome.name, /^(?:Refusal|FormatError)$/, outcome.stack);
      }),
      { numRuns: 400 },
    );
  });
});
