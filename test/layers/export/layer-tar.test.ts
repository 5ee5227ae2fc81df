import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { LayerTar } from '#dist/layers/export/layer-tar.js';
import type { LayerLoss } from '#dist/layers/export/losses.js';
import { encodeStream } from '#dist/layers/formats/backup-stream.js';
import type { FileTimes } from '#dist/layers/formats/file-time.js';
import { fileTimeOfPax, paxTime } from '#dist/layers/formats/file-time.js';
import { encodeReparseData } from '#dist/layers/formats/reparse-data.js';

import { has } from '../../support/capabilities.js';
import type { TarEntry } from './tar-reader.js';
import { readTar } from './tar-reader.js';
import { descriptor, layOut, stream, TestFolder, TransportTree } from './transport-tree.js';

interface Exported {
  readonly tar: Buffer;
  readonly entries: TarEntry[];
  readonly losses: readonly LayerLoss[];
}

/** What ExportLayer wrote is in `root`; the folder of the layer is of no interest. */
function exported(root: string, layer = join(root, 'no layer')): Exported {
  const result = exportedBy(root, layer, true);
  const byNode = exportedBy(root, layer, false);
  assert.deepEqual(withoutAccess(byNode), withoutAccess(result));
  return result;
}

/** Reading a file changes its time of access, once. */
function withoutAccess({ entries, losses }: Exported): unknown {
  return [entries.map((entry) => ({ ...entry, records: { ...entry.records, atime: '' } })), losses];
}

/** @param useAddon - whether the addon reads the files, where it can; otherwise Node does */
function exportedBy(root: string, layer: string, useAddon: boolean): Exported {
  const tar = new LayerTar({ root, layer }, useAddon);
  const bytes = Buffer.concat([...tar.chunks()]);
  const entries = readTar(bytes);
  assert.equal(tar.entries, entries.length);
  return { tar: bytes, entries, losses: tar.losses.first };
}

/** Makes a tree with `Files`, and exports it. */
function exportOf(make: (tree: TransportTree) => void, ...deleted: string[]): Exported {
  using folder = new TestFolder();
  const tree = new TransportTree(folder.path).directory('Files').tombstones(...deleted);
  make(tree);
  return exported(tree.root);
}

const names = ({ entries }: Exported): string[] => entries.map(({ name }) => name);

const times = (seconds: string): FileTimes => {
  const time = fileTimeOfPax(seconds);
  return { creation: time, access: time, write: time, change: time };
};

const fixtures = fileURLToPath(new URL('../../../../test/fixtures/layers/', import.meta.url));

describe('The tar of a layer', () => {
  it('has the entries that the golden folder was made from', () => {
    using folder = new TestFolder();
    const root = join(folder.path, 'tree');
    cpSync(join(fixtures, 'basic.golden'), root, { recursive: true });
    const tree = new TransportTree(root).link('Files/app/hard.txt', 'Files/app/hello.txt').tombstones('app\\gone.txt');
    const original = readGoldenTar('basic.tar');
    for (const { name, records } of original) {
      if (records['LIBARCHIVE.creationtime'] === undefined || name.includes(':')) continue;
      tree.times(name, {
        creation: fileTimeOfPax(records['LIBARCHIVE.creationtime']),
        access: fileTimeOfPax(records.atime!),
        write: fileTimeOfPax(records.mtime!),
        change: fileTimeOfPax(records.ctime!),
      });
    }
    const { entries, losses } = exported(root);
    assert.deepEqual(losses, []);
    const byName = new Map(original.map((entry) => [entry.name, entry]));
    assert.deepEqual(
      entries.map(({ name }) => name),
      [
        'Files',
        'Files/app',
        'Files/app/.wh.gone.txt',
        'Files/app/ads.txt',
        'Files/app/ads.txt:stream1',
        'Files/app/ads.txt:stream2',
        'Files/app/ea.txt',
        'Files/app/empty.bin',
        'Files/app/hard.txt',
        'Files/app/hello.txt',
        'Files/app/link',
        'Files/app/nosd.txt',
        'Files/ümlaut 漢.txt',
      ],
    );
    for (const { name, type, records, body, linkName } of entries) {
      // Of two names of one file the first has the content, whichever the original gave it to.
      if (/\.wh\.|hard|hello/.test(name)) continue;
      const { records: before, type: typeBefore, body: bodyBefore, linkName: linkBefore } = byName.get(name)!;
      const says = 'MSWINDOWS.fileattr' in before || name.includes(':') ? {} : { 'MSWINDOWS.fileattr': '0' };
      const { 'LIBARCHIVE.creationtime': creation, ...others } = before;
      const created = name.includes(':') ? {} : { 'LIBARCHIVE.creationtime': creation };
      assert.deepEqual(records, { ...others, ...created, ...says }, name);
      assert.deepEqual([type, body, linkName], [typeBefore, bodyBefore, linkBefore], name);
    }
    const hello = entries.find(({ name }) => name === 'Files/app/hello.txt')!;
    assert.deepEqual([hello.type, hello.linkName, hello.mode], ['1', 'Files/app/hard.txt', 0o644]);
    assert.equal(hello.records['MSWINDOWS.rawsd'], undefined);
    const hard = entries.find(({ name }) => name === 'Files/app/hard.txt')!;
    assert.deepEqual(hard.body, byName.get('Files/app/hello.txt')!.body);
  });

  for (const [name, link, records] of [
    ['dirlink', 'abs', { 'MSWINDOWS.fileattr': '1040' }],
    ['junction', 'junction', { 'MSWINDOWS.fileattr': '1040', 'MSWINDOWS.mountpoint': '1' }],
  ] as const) {
    it(`has the link of the golden folder ${name}, with or without its directory`, () => {
      using folder = new TestFolder();
      const root = join(folder.path, 'tree');
      cpSync(join(fixtures, `${name}.golden`), root, { recursive: true });
      const time = times('1700000000.25');
      new TransportTree(root).tombstones().times('Files', time).times(`Files/${link}`, time);
      const before = readGoldenTar(`${name}.tar`).find((entry) => entry.name === `Files/${link}`)!;
      const alone = exported(root);
      const entry = alone.entries[1]!;
      assert.deepEqual([entry.name, entry.type, entry.mode], [`Files/${link}`, '2', 0o160000]);
      assert.equal(entry.linkName, before.linkName.replaceAll('/', '\\'));
      for (const [key, value] of Object.entries(records)) assert.equal(entry.records[key], value);
      mkdirSync(join(root, 'Files', link));
      assert.deepEqual(exported(root).tar, alone.tar);
    });
  }

  it('sorts names bytewise, and puts deletions right after their folder', () => {
    const result = exportOf(
      (tree) => {
        tree.directory('Files/b').file('Files/b/x').file('Files/b.txt').file('Files/C').file('Files/a');
        tree.file('Files/\u{1F600}').file('Files/\ue000');
      },
      'b\\gone',
      'z',
      'b\\also',
    );
    assert.deepEqual(names(result), [
      'Files',
      'Files/.wh.z',
      'Files/C',
      'Files/a',
      'Files/b',
      'Files/b/.wh.gone',
      'Files/b/.wh.also',
      'Files/b/x',
      'Files/b.txt',
      'Files/\ue000',
      'Files/\u{1F600}',
    ]);
  });

  it('puts deletions in folders of the parents at its end', () => {
    const result = exportOf((tree) => tree.file('Files/a'), 'parent\\only\\x');
    assert.deepEqual(names(result), ['Files', 'Files/a', 'Files/parent/only/.wh.x']);
    assert.deepEqual(result.losses, []);
  });

  it('omits the recycle bin, in any case', () => {
    const result = exportOf((tree) => {
      tree.directory('Files/$RECYCLE.bin').file('Files/$RECYCLE.bin/x');
      tree.directory('Files/a').file('Files/a/$Recycle.Bin');
    });
    assert.deepEqual(names(result), ['Files', 'Files/a', 'Files/a/$Recycle.Bin']);
  });

  it('contains the hives unchanged, and the files of UtilityVM', () => {
    using folder = new TestFolder();
    const tree = new TransportTree(folder.path).directory('Files').directory('Hives').tombstones();
    tree.raw('Hives/System_Delta', 'regf').directory('UtilityVM').directory('UtilityVM/Files');
    tree.file('UtilityVM/Files/bcd', 0x20, [stream.data('boot')]).raw('UtilityVM/SystemTemplate.vhdx', 'disk');
    const result = exported(folder.path);
    const all = ['Files', 'Hives', 'Hives/System_Delta', 'UtilityVM', 'UtilityVM/Files', 'UtilityVM/Files/bcd'];
    assert.deepEqual(names(result), all);
    assert.deepEqual(
      result.entries.map(({ body }) => String(body)),
      ['', '', 'regf', '', '', 'boot'],
    );
    // Of a base layer the hives are made by the host.
    const base = exported(folder.path, folder.path);
    assert.deepEqual(names(base), ['Files', 'UtilityVM', 'UtilityVM/Files', 'UtilityVM/Files/bcd']);
  });

  it('omits a UtilityVM without files', () => {
    assert.deepEqual(names(exportOf((tree) => tree.directory('UtilityVM'))), ['Files']);
  });

  it('fills the holes of sparse files and streams with zeros', () => {
    const result = exportOf((tree) => {
      tree.file('Files/a', 0x220, [stream.sparse({ 0: 'be', 600_000: 'end' }, 600_010)]);
      const holes = stream.sparse({ 3: 'x' }, 8).subarray(20);
      tree.file('Files/b', 0x20, [stream.data('b'), stream.alternate('s', ''), holes]);
      tree.file('Files/c', 0x220, [stream.sparse({}, 5)]);
    });
    const body = (name: string): Buffer => result.entries.find((entry) => entry.name === name)!.body;
    const large = Buffer.alloc(600_010);
    large.write('be');
    large.write('end', 600_000);
    assert(body('Files/a').equals(large));
    assert.deepEqual(body('Files/b:s'), Buffer.from('\0\0\0x\0\0\0\0'));
    assert.deepEqual(body('Files/c'), Buffer.alloc(5));
    assert.deepEqual(
      result.losses.map(({ entry, what }) => [entry, what]),
      [
        ['Files/a', 'sparseLayout'],
        ['Files/b', 'sparseLayout'],
        ['Files/c', 'sparseLayout'],
      ],
    );
  });

  it('keeps what the reference drops: streams of directories and empty files, attributes after the data', () => {
    const result = exportOf((tree) => {
      tree.directory('Files/d', 0x10, [stream.security(), stream.alternate('zone', 'of d')]);
      tree.file('Files/empty', 0x20, [stream.alternate('zone', 'of empty')]);
      tree.file('Files/late', 0x20, [stream.data('x'), stream.attributes({ name: 'A', value: Buffer.from('xy') })]);
    });
    assert.deepEqual(names(result), [
      'Files',
      'Files/d',
      'Files/d:zone',
      'Files/empty',
      'Files/empty:zone',
      'Files/late',
    ]);
    const [, d, zone, , ofEmpty, late] = result.entries;
    assert.equal(d!.records['MSWINDOWS.rawsd'], descriptor.toString('base64'));
    assert.deepEqual([zone!.type, zone!.mode, String(zone!.body)], ['0', 0o40000, 'of d']);
    assert.equal(String(ofEmpty!.body), 'of empty');
    assert.equal(late!.records['MSWINDOWS.xattr.A'], 'eHk=');
    assert.deepEqual(result.losses, []);
  });

  it('reports everything that it cannot represent', () => {
    const point = encodeReparseData({ kind: 'mountPoint', target: 'C:\\m' });
    const result = exportOf(
      (tree) => {
        tree.file('Files/1', 0x820);
        tree.file('Files/2', 0x20, [stream.attributes({ name: 'A=B', value: Buffer.alloc(0) })]);
        tree.file('Files/3', 0x20, [stream.attributes({ name: 'A', value: Buffer.alloc(0), flags: 0x80 })]);
        tree.file(
          'Files/4',
          0x20,
          [7, 6, 10, 5].map((id) => encodeStream(id, Buffer.alloc(64))),
        );
        tree.directory('Files/5', 0x410, [encodeStream(8, withoutPrintName(point))]);
        tree.file('Files/6', 0x420, [stream.reparse({ kind: 'symlink', target: 'a' }), stream.data('data')]);
        tree.directory('Files/7').file('Files/7/.wh.x');
        tree.raw('other', '');
      },
      '6\\x',
      '5\\y',
    );
    assert.deepEqual(
      result.losses.map(({ entry, what }) => `${entry} ${what}`),
      [
        'Files/1 compression',
        'Files/2 extendedAttribute',
        'Files/3 extendedAttributeFlags',
        'Files/4 objectId',
        'Files/4 property',
        'Files/4 transaction',
        'Files/4 link',
        'Files/5 reparseData',
        'Files/6 data',
        'Files/7/.wh.x file',
        'other file',
        'Files/6/x tombstone',
        'Files/5/y tombstone',
      ],
    );
    assert.equal(result.entries.find(({ name }) => name === 'Files/5')!.linkName, 'C:\\m');
  });

  it('counts everything that it cannot represent, and lists the first thousand', () => {
    using folder = new TestFolder();
    const tree = new TransportTree(folder.path).directory('Files').tombstones();
    for (let index = 0; index < 1001; index += 1) tree.file(`Files/${index}`, 0x820);
    const tar = new LayerTar({ root: folder.path, layer: 'none' });
    assert([...tar.chunks()].length > 0);
    assert.deepEqual([tar.losses.count, tar.losses.first.length], [1001, 1000]);
  });
});

// What only the file systems and tools of Linux can do.
const onLinux = process.platform === 'linux' ? describe : () => undefined;

onLinux('The tar of a layer, on Linux,', () => {
  const isListed = 'is listed by another reader';
  const itHasTar = has('GNU tar', isListed) ? it : () => undefined;
  itHasTar(isListed, () => {
    using folder = new TestFolder();
    const target = '..\\a';
    const tree = new TransportTree(join(folder.path, 'tree'))
      .directory('Files')
      .file('Files/a.txt', 0x20, [stream.data('hello')])
      .link('Files/b.txt', 'Files/a.txt')
      .file('Files/empty')
      .file('Files/link', 0x420, [stream.reparse({ kind: 'symlink', target })])
      .tombstones('gone');
    for (const path of ['Files', 'Files/a.txt', 'Files/b.txt', 'Files/empty', 'Files/link']) {
      tree.times(path, times('1700000000.25'));
    }
    const file = join(folder.path, 'layer.tar');
    writeFileSync(file, exported(tree.root).tar);
    const options = { encoding: 'utf8', env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' } } as const;
    const listing = execFileSync('tar', ['--warning=no-unknown-keyword', '-tvf', file], options);
    assert.deepEqual(listing.trimEnd().split('\n'), [
      'd--------- 0/0               0 2023-11-14 22:13 Files',
      '---------- 0/0               0 1970-01-01 00:00 Files/.wh.gone',
      '---------- 0/0               5 2023-11-14 22:13 Files/a.txt',
      'hrw-r--r-- 0/0               0 2023-11-14 22:13 Files/b.txt link to Files/a.txt',
      '---------- 0/0               0 2023-11-14 22:13 Files/empty',
      'l--------- 0/0               0 2023-11-14 22:13 Files/link -> ..\\\\a',
    ]);
  });

  it('reports a name that is not valid Unicode', () => {
    using folder = new TestFolder();
    const tree = new TransportTree(folder.path).directory('Files').tombstones();
    writeFileSync(Buffer.concat([Buffer.from(join(tree.root, 'Files/a')), Buffer.from([0xff])]), 'x');
    tree.file('Files/\uFFFD');
    const result = exported(tree.root);
    assert.deepEqual(names(result), ['Files']);
    assert.match(result.losses[0]!.reason, /not valid Unicode/);
    assert.match(result.losses[1]!.reason, /not UTF-8/); // as which an import would read the other one
  });

  it('refuses symbolic links, and names that Windows does not allow', () => {
    const refused = (name: string, make: (path: string) => void, message: RegExp): void => {
      assert.throws(() => exportOf((tree) => make(join(tree.root, 'Files', name))), {
        entry: `Files/${name}`,
        message,
      });
    };
    refused('a', (path) => symlinkSync('/etc/passwd', path), /neither a file nor a directory/);
    refused('a\\b', (path) => writeFileSync(path, ''), /no file of Windows/);
    refused('a:b', (path) => writeFileSync(path, ''), /no file of Windows/);
  });
});

describe('The times in the tar of a layer', () => {
  const four = { creation: 1n, access: 2n, write: 116444736000000003n, change: 0x7fffffffffffffffn };

  it('come from the times table of the tree, or else of the layer, over the whole range', () => {
    using folder = new TestFolder();
    const tree = new TransportTree(join(folder.path, 'tree')).directory('Files').file('Files/a').tombstones();
    const layer = new TransportTree(join(folder.path, 'layer')).times('Files/a', four);
    const of = ({ entries }: Exported): unknown => {
      const { records } = entries[1]!;
      const { atime, mtime, ctime, 'LIBARCHIVE.creationtime': created } = records;
      return [created, atime, mtime, ctime];
    };
    const expected = [four.creation, four.access, four.write, four.change].map(paxTime);
    assert.deepEqual(of(exported(tree.root, layer.root)), expected);
    tree.times('Files/a', { ...four, creation: 5n });
    assert.deepEqual(of(exported(tree.root, layer.root)), [paxTime(5n), ...expected.slice(1)]);
  });

  it('are refused in a table that is a folder, a pipe, or larger than a text can be', () => {
    const makers: Record<string, (path: string) => void> = {
      folder: (path) => mkdirSync(path),
      large: (path) => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 32);
      },
    };
    if (process.platform !== 'win32') makers.pipe = (path) => execFileSync('mkfifo', [path]);
    for (const make of Object.values(makers)) {
      using folder = new TestFolder();
      const tree = new TransportTree(folder.path).directory('Files').tombstones();
      make(join(tree.root, 'FileTimes'));
      assert.throws(() => exported(tree.root), {
        name: 'LayerError',
        entry: 'FileTimes',
        reason: /not a file|bytes|EISDIR/,
      });
    }
  });

  it('come from the files without a table, and from a hive for the top-level folders', () => {
    using folder = new TestFolder();
    const tree = new TransportTree(folder.path).directory('Files').file('Files/a').directory('Hives').tombstones();
    tree.raw('Hives/Sam_Delta', '').raw('Hives/System_Delta', '');
    const set = (path: string, access: number, write: number): void => utimesSync(join(tree.root, path), access, write);
    set('Files/a', 1, 2);
    set('Hives/Sam_Delta', 3, 4);
    set('Hives/System_Delta', 5, 6);
    const seen = exported(tree.root).entries.map(({ name, mtime, records: { atime } }) => [name, mtime, atime]);
    // Wine notes that the file was read.
    const access = process.platform === 'win32' ? seen[1]![2] : '1';
    assert.deepEqual(seen, [
      ['Files', 6, '6'],
      ['Files/a', 2, access],
      ['Hives', 6, '6'],
      ['Hives/Sam_Delta', 4, '4'],
      ['Hives/System_Delta', 6, '6'],
    ]);
  });
});

describe('A tree in an invalid transport form is refused, naming the file:', () => {
  const wrong: Record<string, [(tree: TransportTree) => void, string, RegExp]> = {
    'a folder without its side file': [
      (tree) => mkdirSync(join(tree.root, 'Files/d')),
      'Files/d',
      /has no file Files\/d\.\$wcidirs\$ beside it/,
    ],
    'a file without attributes': [(tree) => tree.raw('Files/a', 'abc'), 'Files/a', /3 bytes, less than its attributes/],
    'a truncated file': [
      (tree) => tree.file('Files/a', 0x20, [stream.data('hello').subarray(0, 22)]),
      'Files/a',
      /3 bytes before its data stream/,
    ],
    'a file with the attribute of a directory': [
      (tree) => tree.file('Files/a', 0x10),
      'Files/a',
      /a file with the attr/,
    ],
    'a directory without it': [(tree) => tree.directory('Files/d', 0x20), 'Files/d', /a directory with the attr/],
    'an attribute of a reparse point alone': [(tree) => tree.file('Files/a', 0x420), 'Files/a', /say alike/],
    'reparse data alone': [
      (tree) => tree.file('Files/a', 0x20, [stream.reparse({ kind: 'symlink', target: 'x' })]),
      'Files/a',
      /say alike/,
    ],
    'a foreign reparse point': [
      (tree) => tree.file('Files/a', 0x420, [encodeStream(8, Buffer.from('1800008000000000', 'hex'))]),
      'Files/a',
      /IO_REPARSE_TAG_WCI/,
    ],
    'a child of a link': [
      (tree) =>
        tree.directory('Files/d', 0x410, [stream.reparse({ kind: 'mountPoint', target: 'C:\\' })]).file('Files/d/x'),
      'Files/d/x',
      /below a reparse point/,
    ],
    'two streams of data': [
      (tree) => tree.file('Files/a', 0x20, [stream.data('a'), stream.data('b')]),
      'Files/a',
      /two/,
    ],
    'an unknown stream': [
      (tree) => tree.file('Files/a', 0x20, [encodeStream(11, Buffer.alloc(1))]),
      'Files/a',
      /ghosted/,
    ],
    'a descriptor beyond all measure': [
      (tree) => tree.file('Files/a', 0x20, [stream.security(Buffer.alloc(70_000))]),
      'Files/a',
      /70000 bytes of security/,
    ],
  };
  for (const [name, [make, entry, message]] of Object.entries(wrong)) {
    it(name, () => {
      using folder = new TestFolder();
      const { root } = new TransportTree(folder.path).directory('Files').tombstones();
      make(new TransportTree(root));
      for (const useAddon of [true, false]) {
        const expected = { name: 'LayerError', code: 'ERR_HC_LAYER', entry, message };
        assert.throws(() => exportedBy(root, join(root, 'no layer'), useAddon), expected);
      }
    });
  }

  it('without Files', () => {
    using folder = new TestFolder();
    new TransportTree(folder.path).tombstones();
    assert.throws(() => exported(folder.path), { code: 'ERR_HC_LAYER', message: /no folder Files/ });
  });

  it('without tombstones.txt, or with a path outside the layer', () => {
    using folder = new TestFolder();
    const tree = new TransportTree(folder.path).directory('Files');
    assert.throws(() => exported(folder.path), { entry: 'tombstones.txt', message: /ENOENT/ });
    tree.tombstones('..\\x');
    assert.throws(() => exported(folder.path), { entry: 'tombstones.txt', message: /the path \.\.\\x/ });
  });
});

describe('A tar that is extracted and exported again', () => {
  it('is identical, for generated trees', () => {
    fc.assert(
      fc.property(trees, (nodes) => {
        using folder = new TestFolder();
        const [first, second] = [join(folder.path, '1'), join(folder.path, '2')];
        write(nodes, first);
        const { tar, entries } = exported(first);
        assert(exportedBy(first, join(first, 'no layer'), false).tar.equals(tar));
        layOut(entries, second);
        const again = exported(second);
        assert.deepEqual(again.entries, entries);
        assert(again.tar.equals(tar));
      }),
      { numRuns: 60 },
    );
  });
});

interface Node {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'directoryLink' | 'hardLink' | 'deleted';
  readonly data: Uint8Array;
  readonly hasDescriptor: boolean;
  readonly values: readonly string[];
  readonly target: string;
  readonly times: FileTimes;
  readonly into: number;
}

const time = fc.bigInt({ min: 0n, max: 0x7fffffffffffffffn });
const trees = fc.uniqueArray(
  fc.record<Node>({
    name: fc.oneof(
      fc.stringMatching(/^[a-zA-Z0-9äé漢 ._-]{1,12}$/).filter((name) => !/^\.{1,2}$|^\.wh\./.test(name)),
      fc.stringMatching(/^[a-z]{90,120}$/),
    ),
    kind: fc.constantFrom('file', 'directory', 'link', 'directoryLink', 'hardLink', 'deleted'),
    data: fc.uint8Array({ maxLength: 1500 }),
    hasDescriptor: fc.boolean(),
    values: fc.array(fc.stringMatching(/^[a-z ]{0,9}$/), { maxLength: 2 }),
    target: fc.constantFrom('..\\a', 'C:\\x', 'a/b', '\\\\?\\Volume{1}\\', '\\\\server\\share', 'C:\\漢'.repeat(40)),
    times: fc.record({ creation: time, access: time, write: time, change: time }),
    into: fc.nat(),
  }),
  { selector: ({ name }) => name.toLowerCase(), maxLength: 15 },
);

function write(nodes: readonly Node[], root: string): void {
  const tree = new TransportTree(root).directory('Files');
  const folders = ['Files'];
  const files: string[] = [];
  const deleted: string[] = [];
  for (const { name, kind, data, hasDescriptor, values, target, times: own, into } of nodes) {
    const path = `${folders[into % folders.length]!}/${name}`;
    const metadata = hasDescriptor ? [stream.security()] : [];
    const alternates = values.map((value, index) => stream.alternate(`s${index}`, value));
    const attributes = values.map((value, index) => ({ name: `A${index}`, value: Buffer.from(value) }));
    const late = attributes.length === 0 ? [] : [stream.attributes(...attributes)];
    const link = [stream.reparse({ kind: kind === 'link' || into % 2 === 0 ? 'symlink' : 'mountPoint', target })];
    if (kind === 'deleted') deleted.push(path.slice('Files/'.length).replaceAll('/', '\\'));
    else if (kind === 'hardLink' && files.length > 0) tree.link(path, files[into % files.length]!);
    else if (kind === 'directory') tree.directory(path, 0x10, [...metadata, ...alternates, ...late]);
    else if (kind === 'directoryLink') tree.directory(path, 0x410, [...metadata, ...link]);
    else if (kind === 'link') tree.file(path, 0x420, [...late, ...link, ...alternates]);
    else tree.file(path, 0x20, [...metadata, ...(data.length > 0 ? [stream.data(data)] : []), ...alternates, ...late]);
    if (kind === 'directory') folders.push(path);
    if (kind === 'file') files.push(path);
    if (kind !== 'deleted') tree.times(path, own);
  }
  tree.tombstones(...deleted).times('Files', times('1700000000.5'));
}

function readGoldenTar(name: string): TarEntry[] {
  const tar = readFileSync(join(fixtures, name));
  // Python fills its archives up to 20 blocks.
  const end = tar.lastIndexOf(Buffer.from('ustar')) - 257;
  const size = parseInt(tar.toString('latin1', end + 124, end + 135), 8);
  const entries = readTar(tar.subarray(0, end + 512 + Math.ceil(size / 512) * 512 + 1024));
  return entries.map((entry) => ({ ...entry, name: entry.name.replace(/\/$/, '') }));
}

function withoutPrintName(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16LE(0, 14);
  return changed;
}
