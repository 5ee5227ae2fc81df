import assert from 'node:assert/strict';
import { join } from 'node:path';

import fc from 'fast-check';

import { LayerTar } from '#dist/layers/export/layer-tar.js';
import type { LayerLoss } from '#dist/layers/export/losses.js';
import { alternateName, encodeStream } from '#dist/layers/formats/backup-stream.js';

import { written } from '../../support/layers/written-layer.js';
import { stream, TestFolder, TransportTree } from './transport-tree.js';

/** A reparse point of a tag that is not a link, with the bytes that the tags of others than Microsoft have. */
const foreign = (tag: number): Buffer => {
  const bytes = Buffer.alloc(24 + 8);
  bytes.writeUInt32LE(tag, 0);
  bytes.writeUInt16LE(bytes.length - 8, 4);
  return encodeStream(8, bytes);
};

const tags = { cygwinSocket: 0x00006375, link: 0xa000001d, socket: 0x80000023, unknown: 0x00001234 } as const;

interface Exported {
  readonly tar: Buffer;
  readonly losses: readonly LayerLoss[];
}

/** Exports what `make` writes, as a base layer or as one upon others. */
function exportOf(make: (tree: TransportTree) => void, tombstones?: readonly string[]): Exported {
  using folder = new TestFolder();
  const root = join(folder.path, 'layer');
  const tree = new TransportTree(root).directory('Files');
  make(tree);
  if (tombstones !== undefined) tree.tombstones(...tombstones);
  const tar = new LayerTar({ root, layer: tombstones === undefined ? root : 'another' });
  const bytes = Buffer.concat([...tar.chunks()]);
  return { tar: bytes, losses: tar.losses.first };
}

/** Imports it, upon a base layer where it deletes something. */
async function isImported({ tar }: Exported, isUpper: boolean): Promise<void> {
  using folder = new TestFolder();
  new TransportTree(join(folder.path, 'base')).directory('Files');
  const { failure } = await written(tar, { parents: isUpper ? [join(folder.path, 'base')] : [] });
  assert.equal(failure, undefined);
}

// What only the file systems of Linux can do: names that no Windows has.
const onLinux = process.platform === 'linux' ? describe : () => undefined;

onLinux('What is exported', () => {
  it('can be imported, except for reparse points that are reported with their tag', async () => {
    const result = exportOf((tree) => {
      tree.file('Files/app.sock', 0x420, [foreign(tags.cygwinSocket)]);
      tree.file('Files/link', 0x424, [foreign(tags.link)]);
      tree.directory('Files/odd', 0x410, [foreign(tags.unknown)]).file('Files/odd/below');
      tree.file('Files/socket', 0x420, [foreign(tags.socket)]).file('Files/zz');
    });
    assert.deepEqual(
      result.losses.map(({ entry, what, reason }) => [entry, what, /0x\w+/.exec(reason)?.[0]]),
      [
        ['Files/app.sock', 'reparsePoint', '0x00006375'],
        ['Files/link', 'reparsePoint', '0xA000001D'],
        ['Files/odd', 'reparsePoint', '0x00001234'],
        ['Files/socket', 'reparsePoint', '0x80000023'],
      ],
    );
    assert.match(result.losses[1]!.reason, /IO_REPARSE_TAG_LX_SYMLINK/);
    assert.ok(result.tar.includes('Files/zz') && !result.tar.includes('below'));
    await isImported(result, false);
  });

  it('can be imported, except for files with device names, which are reported', async () => {
    const result = exportOf((tree) =>
      tree.file('Files/nul').directory('Files/aux').file('Files/aux/x').file('Files/b'),
    );
    assert.deepEqual(
      result.losses.map(({ entry, what }) => [entry, what]),
      [
        ['Files/aux', 'file'],
        ['Files/nul', 'file'],
      ],
    );
    assert.match(result.losses[1]!.reason, /device of Windows/);
    await isImported(result, false);
  });

  it('can be imported, except for deletions in folders that are left out or differ in case', async () => {
    const make = (tree: TransportTree): unknown =>
      tree.file('Files/A').directory('Files/a').directory('Files/b').file('Files/c');
    const result = exportOf(make, ['a\\x', 'B\\y', 'b\\z', 'C\\y']);
    assert.deepEqual(
      result.losses.map(({ entry, what }) => [entry, what]),
      [
        ['Files/a', 'file'],
        ['Files/a/x', 'tombstone'],
        ['Files/B/y', 'tombstone'],
        ['Files/C/y', 'tombstone'],
      ],
    );
    assert.ok(result.tar.includes('Files/b/.wh.z'));
    await isImported(result, true);
  });

  it('can be imported, for generated layers', async () => {
    await fc.assert(
      fc.asyncProperty(nodes, fc.boolean(), fc.array(deletion, { maxLength: 4 }), async (made, isUpper, deleted) => {
        const result = exportOf((tree) => write(made, tree), isUpper ? deleted : undefined);
        await isImported(result, isUpper);
        const all = result.tar.toString('latin1');
        for (const { path } of places(made)) {
          const isThere = all.includes(Buffer.from(path).toString('latin1'));
          const isReported = result.losses.some(({ entry }) => path === entry || path.startsWith(`${entry}/`));
          assert.ok(isThere || isReported, path);
        }
      }),
      { numRuns: 200 },
    );
  });
});

interface Node {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'directoryLink' | 'hardLink' | 'foreign' | 'foreignDirectory';
  readonly streams: readonly string[];
  readonly target: string;
  readonly tag: number;
  readonly into: number;
}

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'é',
    'É',
    'nul',
    'NUL.txt',
    'com1',
    'aux.',
    'x.',
    'y ',
    'q?',
    'a|b',
    'a*',
    '.wh.x',
    '.wh..wh..opq',
  ),
  fc.stringMatching(/^[a-zA-Zäß漢 .,'"<>|?*\u0001-]{1,8}$/u).filter((each) => !/^\.{1,2}$/.test(each)),
);
const deletion = fc
  .array(fc.oneof(name, fc.constantFrom('.wh..opq', '.wh.', 'gone')), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('\\'));
const nodes = fc.uniqueArray(
  fc.record<Node>({
    name,
    kind: fc.constantFrom('file', 'directory', 'link', 'directoryLink', 'hardLink', 'foreign', 'foreignDirectory'),
    streams: fc.array(fc.constantFrom('s', 'S2', '$DATA', 'a*', 'x?', ' ', 'é', '\ud800', '\u0001'), { maxLength: 3 }),
    target: fc.constantFrom('..\\a', 'C:\\x', 'a/b', '\\\\server\\share', 'x\ud800', '\u0001'),
    tag: fc.constantFrom(...Object.values(tags)),
    into: fc.nat(),
  }),
  { selector: (node) => node.name, maxLength: 12 },
);

/** Where each of them is: in one of the folders before it. */
function places(made: readonly Node[]): { node: Node; path: string }[] {
  const folders = ['Files'];
  return made.map((node) => {
    const path = `${folders[node.into % folders.length]!}/${node.name}`;
    if (node.kind === 'directory' || node.kind === 'foreignDirectory') folders.push(path);
    return { node, path };
  });
}

function write(made: readonly Node[], tree: TransportTree): void {
  const files: string[] = [];
  for (const { node, path } of places(made)) {
    const { kind, target, tag, into } = node;
    const alternates = [...new Set(node.streams)].map((each) => encodeStream(4, Buffer.from('x'), alternateName(each)));
    const link = stream.reparse({
      kind: kind === 'directoryLink' && into % 2 === 0 ? 'mountPoint' : 'symlink',
      target,
    });
    if (kind === 'hardLink' && files.length > 0) tree.link(path, files[into % files.length]!);
    else if (kind === 'directory') tree.directory(path, 0x10, alternates);
    else if (kind === 'directoryLink') tree.directory(path, 0x410, [link]);
    else if (kind === 'link') tree.file(path, 0x420, [link, ...alternates]);
    else if (kind === 'foreign') tree.file(path, 0x420, [foreign(tag)]);
    else if (kind === 'foreignDirectory') tree.directory(path, 0x410, [foreign(tag)]);
    else tree.file(path, 0x20, [stream.security(), stream.data('x'), ...alternates]);
    if (kind === 'file') files.push(path);
  }
}
