import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { file, folder, tar } from '../../support/layers/tar.js';
import { written } from '../../support/layers/written-layer.js';

const report = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../../test/fixtures/layers/reports/${name}`, import.meta.url)));
const bytes = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(2000)]);
const filled = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(2000, '\x91')]);

/** What is given as a layer, what it is called, and what helps. */
const kinds: readonly (readonly [string, Buffer, RegExp, RegExp])[] = [
  ['xz', report('xz.tar.xz'), /^is compressed by xz/, /gzip or zstd/],
  ['bzip2', report('bzip2.tar.bz2'), /^is compressed by bzip2/, /gzip or zstd/],
  ['lzma', filled('\x5d\0\0\x80\0'), /^is compressed by lzma/, /gzip or zstd/],
  ['lzip', filled('LZIP\x01'), /^is compressed by lzip/, /gzip or zstd/],
  ['lz4', filled('\x04"M\x18'), /^is compressed by lz4/, /gzip or zstd/],
  ['snappy', filled('\xff\x06\0\0sNaPpY'), /^is compressed by snappy/, /gzip or zstd/],
  ['zip', filled('PK\x03\x04'), /^is a zip archive/, /tar of a layer/],
  ['7z', filled('7z\xbc\xaf\x27\x1c'), /^is a 7z archive/, /tar of a layer/],
  ['rar', filled('Rar!\x1a\x07\x01'), /^is a rar archive/, /tar of a layer/],
  ['cab', filled('MSCF\0\0'), /^is a cabinet/, /tar of a layer/],
  ['wim', bytes('MSWIM\0\0\0'), /^is a Windows image \(\.wim\)/, /tar of a layer/],
  ['vhdx', bytes('vhdxfile'), /^is a virtual disk \(\.vhdx\)/, /tar of a layer/],
  ['vhd', bytes('conectix'), /^is a virtual disk \(\.vhd\)/, /tar of a layer/],
  ['SQLite', bytes('SQLite format 3\0'), /^is a SQLite database/, /tar of a layer/],
  ['HTML', Buffer.from('\r\n<!DOCTYPE html><title>502</title>'), /^is a page of HTML/, /digest/],
  ['XML', Buffer.from('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), /XML .*NoSuchKey|XML/, /digest/],
  ['a manifest', Buffer.from('{"schemaVersion":2,"layers":[]}'), /JSON of a manifest/, /`layers` of the manifest/],
  ['JSON', Buffer.from('{ "errors": [{ "code": "UNAUTHORIZED" }] }'), /^is JSON .*UNAUTHORIZED/, /digest/],
  ['text', Buffer.from('404 page not found\n'), /^is text that begins with "404 page not found"/, /digest/],
  ['Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /pointer of Git LFS/, /git lfs pull/],
  ['nothing', Buffer.alloc(0), /^is empty/, /again/],
  ['gzip twice', gzipSync(gzipSync(tar(folder('Files')))), /twice: by gzip, and below that by gzip/, /once/],
  ['xz in gzip', gzipSync(report('xz.tar.xz')), /^is compressed by xz/, /gzip or zstd/],
  ['an OCI layout', report('oci-layout-as-layer.tar'), /whole image in the OCI layout/, /`layers`/],
  ['a docker save archive', report('docker-save-as-layer.tar'), /whole image that docker save/, /`Layers`/],
  [
    'a docker save archive with digests',
    tar(folder('a'.repeat(64)), file('x')),
    /whole image that docker save/,
    /`Layers`/,
  ],
  [
    'a container file system',
    tar(folder('Windows'), folder('Windows/System32')),
    /files of a container/,
    /layers of its image/,
  ],
  ['a Linux layer', tar(folder('etc'), file('etc/passwd')), /Linux image/, /windows\/amd64/],
  ['another tar', tar(folder('package'), file('package/package.json')), /^is not of a Windows layer/, /Windows image/],
  ['another tar of a folder', tar(folder('package')), /^is not of a Windows layer/, /Windows image/],
];

describe('A file that is not a layer', () => {
  for (const [what, archive, reason, remedy] of kinds) {
    it(`is refused, naming its type, with any chunk size: ${what}`, async () => {
      for (const chunkSize of [1, 7, 4096]) {
        const { failure, files, outside } = await written(archive, { chunkSize });
        assert.match(failure?.reason ?? '', reason);
        assert.match(failure?.remedy ?? '', remedy);
        assert.doesNotMatch(failure?.reason ?? '', what === 'a Linux layer' ? /cut off/ : /cut off|Linux image/);
        assert.deepEqual([files, outside], [[], []]);
      }
    });
  }

  it('is not assumed for a zstd layer that starts with a skippable frame', async () => {
    const { layer } = await written(report('zstd-skip-first.tar.zst'));
    assert.deepEqual([layer?.compression, layer?.entries], ['zstd', 3]);
    assert.equal((await written(report('base.tar'))).layer?.entries, 5);
  });
});
