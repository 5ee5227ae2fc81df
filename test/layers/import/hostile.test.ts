import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import type { LayerError } from 'hostcompute';
import { importLayer } from 'hostcompute';

import { FolderStore } from '../../support/layers/layer-folder.js';
import type { Made } from '../../support/layers/tar.js';
import { file, folder, hardLink, junction, tar } from '../../support/layers/tar.js';
import { read, written } from '../../support/layers/written-layer.js';

const files = folder('Files');
const backslash = /backslash/;
const outside = /is not of a Windows layer/;
const character = /has the character/;
const device = /is a device of Windows/;
const trailing = /Windows drops the dot or space/;
const twice = /comes twice/;
const byCase = /in case only/;
const colon = /colon/;

/** Archives that are refused: what they try, the entries, which of them is named, and why. */
const cases: readonly (readonly [string, readonly Made[], string, RegExp])[] = [
  ['a path out of the layer', [file('../evil')], '../evil', /leads out of its folder/],
  [
    'a path that leaves the layer and returns',
    [files, file('Files/../../layer/Files/a')],
    'Files/../../layer/Files/a',
    /leads out/,
  ],
  ['".." that stays inside', [files, folder('Files/a'), file('Files/a/../b')], 'Files/a/../b', /leads out/],
  ['an absolute path', [file('/etc/passwd')], '/etc/passwd', /absolute/],
  ['an absolute path with more slashes', [file('//server/share/a')], '//server/share/a', /absolute/],
  ['a path of NT', [file('/??/C:/a')], '/??/C:/a', /absolute/],
  ['a drive', [file('C:/Windows/a')], 'C:/Windows/a', colon],
  ['a drive without a slash', [file('C:a')], 'C:a', colon],
  ['a drive with a backslash', [file('C:\\a')], 'C:\\a', backslash],
  ['a share', [file('\\\\server\\share\\a')], '\\\\server\\share\\a', backslash],
  ['a device path', [file('\\\\.\\PhysicalDrive0')], '\\\\.\\PhysicalDrive0', backslash],
  ['a backslash inside', [files, file('Files/..\\..\\a')], 'Files/..\\..\\a', backslash],
  ['a device', [files, file('Files/NUL')], 'Files/NUL', device],
  ['a device with an ending', [files, file('Files/com1.txt')], 'Files/com1.txt', device],
  ['a device as a folder', [files, folder('Files/aux')], 'Files/aux', device],
  ['a device with a small digit', [files, file('Files/LPT\u00b9')], 'Files/LPT\u00b9', device],
  ['a console', [files, file('Files/CONOUT$')], 'Files/CONOUT$', device],
  ['a dot at the end', [files, file('Files/a.')], 'Files/a.', trailing],
  ['a space at the end', [files, file('Files/a ')], 'Files/a ', trailing],
  ['dots at the end of a folder', [files, folder('Files/a...')], 'Files/a...', trailing],
  ['a wildcard', [files, file('Files/a*')], 'Files/a*', character],
  ['a pipe', [files, file('Files/a|b')], 'Files/a|b', character],
  ['a line feed', [files, file('Files/a\nb')], 'Files/a\nb', character],
  ['a NUL', [files, { ...file('Files/x'), pax: { path: 'Files/a\0b' } }], 'Files/a\0b', character],
  ['a name that is not UTF-8', [files, file('Files/\ufffd')], 'Files/\ufffd', /not UTF-8/],
  ['a part that is too long', [files, file(`Files/${'a'.repeat(256)}`)], `Files/${'a'.repeat(256)}`, /more than 255/],
  ['a path that is too long', [files, file(`${'a/'.repeat(16384)}b`)], `${'a/'.repeat(16384)}b`, /more than 32767/],
  ['a duplicate name', [files, file('Files/a'), file('Files/a')], 'Files/a', twice],
  ['a duplicate name in another notation', [files, file('Files/a'), file('./Files//a')], './Files//a', twice],
  ['a file and a directory', [files, file('Files/a'), folder('Files/a')], 'Files/a', twice],
  ['names that differ in case', [files, file('Files/a'), file('Files/A')], 'Files/A', byCase],
  ['names that differ in case beyond ASCII', [files, file('Files/é'), file('Files/É')], 'Files/É', byCase],
  ['a folder in another case', [files, folder('Files/a'), file('Files/A/b')], 'Files/A/b', /spells its folder/],
  ['the top-level folder in another case', [folder('FILES')], 'FILES', /spells "Files" otherwise/],
  ['a file without its folder', [files, file('Files/a/b')], 'Files/a/b', /before an entry for its folder/],
  ['a file below a file', [files, file('Files/a'), file('Files/a/b')], 'Files/a/b', /not a directory/],
  [
    'a file below a junction',
    [files, junction('Files/j', 'C:\\Windows'), file('Files/j/evil')],
    'Files/j/evil',
    /below the reparse point/,
  ],
  [
    'a folder below a junction',
    [files, junction('Files/j', '/'), folder('Files/j/evil')],
    'Files/j/evil',
    /below the reparse point/,
  ],
  [
    'a file below a link to a directory',
    [files, { ...junction('Files/j', '..\\..'), pax: { 'MSWINDOWS.fileattr': '1040' } }, file('Files/j/a')],
    'Files/j/a',
    /below the reparse point/,
  ],
  [
    'a file below a link to a file',
    [files, { ...file('Files/l'), type: '2', link: '/etc' }, file('Files/l/passwd')],
    'Files/l/passwd',
    /not a directory/,
  ],
  ['a junction in place of Files', [junction('Files', 'C:\\')], 'Files', /must be a directory/],
  ['a hard link out of the layer', [files, hardLink('Files/a', '../../../etc/passwd')], 'Files/a', /leads out/],
  ['a hard link to an absolute path', [files, hardLink('Files/a', '/etc/passwd')], 'Files/a', /absolute/],
  ['a hard link to nothing', [files, hardLink('Files/a', '')], 'Files/a', /has no name/],
  ['a hard link to a missing file', [files, hardLink('Files/a', 'Files/b')], 'Files/a', /neither in this layer/],
  ['a hard link to a directory', [files, folder('Files/d'), hardLink('Files/a', 'Files/d')], 'Files/a', /not a file/],
  ['a hard link to itself', [files, hardLink('Files/a', 'Files/a')], 'Files/a', /to itself/],
  [
    'hard links in a circle',
    [files, hardLink('Files/a', 'Files/b'), hardLink('Files/b', 'Files/a')],
    'Files/a',
    /to itself/,
  ],
  [
    'a hard link among the hives',
    [files, folder('Hives'), file('Hives/a'), hardLink('Hives/b', 'Hives/a')],
    'Hives/b',
    /below Files/,
  ],
  [
    'a hard link through a junction',
    [files, junction('Files/j', 'C:\\'), hardLink('Files/a', 'Files/j/x')],
    'Files/a',
    /neither in this layer/,
  ],
  ['a link without a target', [files, { ...junction('Files/j', '') }], 'Files/j', /without a target/],
  [
    'the side file of a directory',
    [files, folder('Files/d'), file('Files/d.$wcidirs$')],
    'Files/d.$wcidirs$',
    /metadata of directories/,
  ],
  ['the side file in another case', [files, file('Files/d.$WCIDIRS$')], 'Files/d.$WCIDIRS$', /metadata of directories/],
  ['the list of deletions', [files, file('tombstones.txt')], 'tombstones.txt', outside],
  ['the table of times', [files, file('FileTimes')], 'FileTimes', outside],
  ['a disk of the host', [files, file('blank.vhdx')], 'blank.vhdx', outside],
  [
    'the content of a file as a stream',
    [files, file('Files/a'), file('Files/a::$DATA')],
    'Files/a::$DATA',
    /as if it were an alternate stream/,
  ],
  [
    'the index of a directory',
    [files, file('Files/d:$I30:$INDEX_ALLOCATION')],
    'Files/d:$I30:$INDEX_ALLOCATION',
    /more than one colon/,
  ],
  ['a stream with a slash', [files, file('Files/a'), file('Files/a:b/../c')], 'Files/a:b/../c', colon],
  [
    'a stream without its file',
    [files, file('Files/a:s')],
    'Files/a:s',
    /not an alternate stream of the entry before it/,
  ],
  [
    'a stream after another file',
    [files, file('Files/a'), file('Files/b'), file('Files/a:s')],
    'Files/a:s',
    /not an alternate stream of the entry/,
  ],
  [
    'a stream that is a directory',
    [files, file('Files/a'), { ...file('Files/a:s'), type: '5' }],
    'Files/a:s',
    /and a directory/,
  ],
  ['a duplicate stream', [files, file('Files/a'), file('Files/a:s'), file('Files/a:S')], 'Files/a:S', twice],
  ['a whiteout in a base layer', [files, file('Files/.wh.a')], 'Files/.wh.a', /in a base layer/],
  ['a whiteout of nothing', [files, file('Files/.wh.')], 'Files/.wh.', /drops the dot|names nothing/],
  ['a whiteout of the folder above', [files, file('Files/.wh...')], 'Files/.wh...', /drops the dot|names nothing/],
  ['an opaque whiteout', [files, file('Files/.wh..wh..opq')], 'Files/.wh..wh..opq', /opaque/],
  ['a device node', [files, { name: 'Files/null', type: '3' }], 'Files/null', /character device/],
  ['a pipe node', [files, { name: 'Files/pipe', type: '6' }], 'Files/pipe', /fifo/],
  ['an unknown type', [files, { name: 'Files/x', type: 'Z' }], 'Files/x', /of a type/],
  ['a file with the name of a directory', [files, file('Files/a/')], 'Files/a/', /name of a directory/],
  [
    'a directory with content',
    [files, { ...folder('Files/d'), size: 512 }, file('Files/b')],
    'Files/d',
    /bytes of content/,
  ],
  [
    'a hard link with content',
    [files, file('Files/a'), { ...hardLink('Files/b', 'Files/a'), body: 'x' }],
    'Files/b',
    /bytes of content/,
  ],
  [
    'a file with the attributes of a directory',
    [files, file('Files/a', '', { 'MSWINDOWS.fileattr': '16' })],
    'Files/a',
    /contradict/,
  ],
  [
    'a file with those of a reparse point',
    [files, file('Files/a', '', { 'MSWINDOWS.fileattr': '1024' })],
    'Files/a',
    /contradict/,
  ],
  ['a directory without its attribute', [folder('Files', { 'MSWINDOWS.fileattr': '32' })], 'Files', /contradict/],
  ['attributes that are not a number', [folder('Files', { 'MSWINDOWS.fileattr': '4294967296' })], 'Files', /metadata/],
  ['a security descriptor that is not Base64', [folder('Files', { 'MSWINDOWS.rawsd': '!' })], 'Files', /metadata/],
  [
    'a security descriptor with a part beyond it',
    [
      folder('Files', {
        'MSWINDOWS.rawsd': Buffer.from('010004800002000000000000000000000000000000000000', 'hex').toString('base64'),
      }),
    ],
    'Files',
    /metadata/,
  ],
  [
    'a large security descriptor',
    [folder('Files', { 'MSWINDOWS.rawsd': largeDescriptor() })],
    'Files',
    /bytes of metadata/,
  ],
  [
    'an attribute that is too large',
    [folder('Files', { 'MSWINDOWS.xattr.A': Buffer.alloc(70000).toString('base64') })],
    'Files',
    /metadata/,
  ],
  ['a time before all times', [folder('Files', { atime: '-99999999999' })], 'Files', /metadata/],
  ['an invalid time', [folder('Files', { ctime: 'now' })], 'Files', /metadata/],
  ['a sparse file of GNU tar', [files, file('Files/a', '', { 'GNU.sparse.major': '1' })], 'Files/a', /sparse/],
  ['something beside the files of the utility VM', [folder('UtilityVM'), file('UtilityVM/x')], 'UtilityVM/x', /beside/],
  ['a negative size', [files, file('Files/a', '', { size: '-1' })], 'Files/a', /not a number of bytes/],
];

function largeDescriptor(): string {
  const bytes = Buffer.alloc(70000);
  bytes.writeUInt8(1);
  bytes.writeUInt16LE(0x8000, 2);
  return bytes.toString('base64');
}

describe('A hostile archive', () => {
  for (const [what, entries, entry, reason] of cases) {
    it(`is refused, naming the entry: ${what}`, async () => {
      const { layer, failure, outside: beside } = await written(tar(...entries));
      assert.equal(layer, undefined);
      assert.equal(failure?.entry, entry);
      assert.match(failure.reason, reason);
      assert.notEqual(failure.remedy, '');
      assert.deepEqual(beside, []);
    });
  }

  it('leaves nothing behind, and no host call is made', async () => {
    using store = new FolderStore();
    for (const parents of [[], ['base']]) {
      if (parents.length > 0) await importLayer(Readable.from([tar(files)]), { store, id: 'base', parents: [] });
      const before = store.listAll();
      store.calls.length = 0;
      const source = Readable.from([tar(files, file('Files/a'.repeat(1), 'content'), file('../evil'))]);
      await assert.rejects(importLayer(source, { store, id: 'evil', parents }), {
        code: 'ERR_HC_LAYER',
        entry: '../evil',
        reason: 'leads out of its folder by ".."',
      } satisfies Partial<LayerError>);
      assert.deepEqual(store.calls, []);
      assert.deepEqual(store.listAll(), before);
    }
  });
});

describe('A decompression bomb', () => {
  const bomb = (bytes: number): Buffer => tar(files, file('Files/zeros', Buffer.alloc(bytes)));

  it('is refused by its number of entries', async () => {
    const { failure } = await written(tar(files, file('Files/a'), file('Files/b')), { limits: { entries: 2 } });
    assert.equal(failure?.entry, 'Files/b');
    assert.match(failure.reason, /one more than the 2 entries/);
    assert.match(failure.remedy, /limits\.entries/);
  });

  it('is refused by the size of an entry, before its content is read', async () => {
    const { failure } = await written(tar(files, { ...file('Files/a'), size: 2 ** 33 - 1 }), {
      limits: { entryBytes: 1e9 },
    });
    assert.equal(failure?.entry, 'Files/a');
    assert.match(failure.reason, /8589934591 bytes, more than the 1000000000/);
  });

  it('is refused by its total size', async () => {
    const { failure } = await written(bomb(100_000), { limits: { bytes: 50_000 } });
    assert.match(failure?.reason ?? '', /beyond the 50000 bytes/);
  });

  it('is refused by its compression ratio', async () => {
    const { failure, files: made } = await written(gzipSync(bomb(80 * 2 ** 20)));
    assert.equal(failure?.entry, 'Files/zeros');
    assert.match(failure.reason, /more than 200 times/);
    assert.ok(made.includes('Files/zeros'));
  });

  it('is refused by an extended header of more than 4 MiB', async () => {
    const { failure } = await written(tar(files, file('Files/a', '', { comment: 'x'.repeat(4 * 2 ** 20) })));
    assert.match(failure?.reason ?? '', /extended header of more than 4 MiB/);
  });
});

describe('An archive of 100,000 entries', () => {
  let many: Buffer;
  before(() => {
    const names = Array.from({ length: 99_999 }, (_, index) => ({ name: `Files/file-${index}` }));
    many = tar(files, ...names);
  });

  it('is read, and names are compared up to the end', async () => {
    assert.equal(await read(many), 100_000);
    const more = tar({ name: 'Files/FILE-99998' });
    await assert.rejects(read(Buffer.concat([many.subarray(0, -1024), more])), byCase);
  });

  it('is refused when the limit is lower', async () => {
    await assert.rejects(read(many, { entries: 99_999 }), /one more than the 99999 entries/);
  });
});
