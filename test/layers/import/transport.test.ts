import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { importLayer } from 'hostcompute';

import { contents, FolderStore, list } from '../../support/layers/layer-folder.js';
import { file, folder, tar } from '../../support/layers/tar.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../test/fixtures/layers/${name}`, import.meta.url));

/** What the host is handed for a tar that goes upon an empty base layer: the folder for ImportLayer, when it is called. */
async function handedOver(source: string | Buffer): Promise<Record<string, string>> {
  using store = new FolderStore();
  await importLayer(Readable.from([tar(folder('Files'))]), { store, id: 'base', parents: [] });
  const tree: Record<string, string>[] = [];
  store.step = () => {
    const [temporary] = list(store.folder).filter((path) => /^import-\w+\/$/.test(path));
    tree.push(contents(join(store.folder, temporary!, 'layer')));
  };
  const from = typeof source === 'string' ? source : Readable.from([source]);
  await importLayer(from, { store, id: 'top', parents: ['base'] });
  return tree[0]!;
}

describe('The folder that importLayer() passes to ImportLayer', () => {
  it('matches the reference byte for byte: basic.tar', async () => {
    const { FileTimes, ...tree } = await handedOver(fixture('basic.tar'));
    assert.ok(FileTimes);
    assert.deepEqual(tree, contents(fixture('basic.golden')));
  });

  // The reference stopped after the link there, and did not write the file that comes next.
  for (const name of ['dirlink', 'junction']) {
    it(`matches the reference byte for byte: ${name}.tar`, async () => {
      const { FileTimes, 'Files/after.txt': after, ...tree } = await handedOver(fixture(`${name}.tar`));
      assert.ok(FileTimes && after);
      assert.deepEqual(tree, contents(fixture(`${name}.golden`)));
    });
  }

  it('has attributes only for a directory without metadata, and content as well for a file', async () => {
    const tree = await handedOver(tar({ name: 'Files', type: '5' }, { ...file('Files/a', 'hello') }));
    assert.equal(tree['Files.$wcidirs$'], '10000000');
    assert.equal(tree['Files/a'], '20000000' + '0100000000000000050000000000000000000000' + '68656c6c6f');
  });

  it('contains a registry hive unchanged', async () => {
    const hive = Buffer.alloc(8192);
    hive.write('regf');
    let sum = 0;
    for (let at = 0; at < 0x1fc; at += 4) sum ^= hive.readUInt32LE(at);
    hive.writeUInt32LE(sum >>> 0, 0x1fc);
    const tree = await handedOver(tar(folder('Files'), folder('Hives'), file('Hives/System_Delta', hive)));
    assert.equal(tree['Hives/System_Delta'], hive.toString('hex'));
    assert.equal(tree['Hives.$wcidirs$'], '10000000');
  });

  it('has the times of all files in a table, with the write time for missing ones', async () => {
    const tree = await handedOver(
      tar(
        { name: 'Files', type: '5', mtime: 0 },
        file('Files/a', '', { mtime: '1.25', atime: '2', ctime: '-0.1', 'LIBARCHIVE.creationtime': '3.0000001' }),
      ),
    );
    const epoch = 116444736000000000n;
    assert.deepEqual(Buffer.from(tree.FileTimes!, 'hex').toString().split('\n'), [
      `${epoch} ${epoch} ${epoch} ${epoch} "Files"`,
      `${epoch + 30000001n} ${epoch + 20000000n} ${epoch + 12500000n} ${epoch - 1000000n} "Files/a"`,
      '',
    ]);
  });

  it('does not depend on the chunk size', async () => {
    const bytes = readFileSync(fixture('basic.tar'));
    const whole = await handedOver(bytes);
    using store = new FolderStore();
    await importLayer(Readable.from([tar(folder('Files'))]), { store, id: 'base', parents: [] });
    const pieces = function* (): Generator<Buffer> {
      for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997);
    };
    await importLayer(Readable.from(pieces()), { store, id: 'top', parents: ['base'] });
    const { 'Files/app/hard.txt': linked, ...tree } = contents(store.pathOf('top'));
    assert.equal(linked, tree['Files/app/hello.txt']);
    assert.deepEqual(tree, whole);
  });
});
