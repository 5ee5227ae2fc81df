import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import type { LayerExportResult } from 'hostcompute';
import { exportLayer, importLayer } from 'hostcompute';
import { LayerTar } from '#dist/layers/export/layer-tar.js';

import { useWindowsHost } from '../../support/windows/windows-host.js';
import { readTar } from './tar-reader.js';
import { stream, TestFolder, TransportTree } from './transport-tree.js';

const large = 'content '.repeat(40_000);
const isWine = process.platform === 'win32';

/** The tar of a base layer: under Wine of what backups have there. */
function baseTar(): Buffer {
  using folder = new TestFolder();
  const tree = new TransportTree(join(folder.path, 'base'));
  const only = (...streams: Buffer[]): Buffer[] => (isWine ? [] : streams);
  tree.directory('Files', 0x10, only(stream.security())).directory('Files/app', 0x10, only(stream.alternate('z', 'x')));
  tree.file('Files/app/a', 0x20, [...only(stream.security()), stream.data('a')]).link('Files/app/b', 'Files/app/a');
  tree.file('Files/empty', 0x20, only(stream.alternate('zone', 'of an empty file')));
  tree.file('Files/large', 0x20, [
    stream.data(large),
    ...only(stream.alternate('s', large), stream.alternate('t', 't')),
  ]);
  if (!isWine) tree.file('Files/link', 0x420, [stream.reparse({ kind: 'symlink', target: '..\\a' })]);
  if (!isWine) tree.file('Files/junction.$wcidirs$', 0x410, [stream.reparse({ kind: 'mountPoint', target: 'C:\\' })]);
  tree
    .directory('UtilityVM')
    .directory('UtilityVM/Files')
    .file('UtilityVM/Files/a', 0x20, [stream.data('vm')]);
  // Under Wine a file has no time of creation of its own, and that of its last change is now.
  const time = 133444736002500000n;
  for (const path of ['Files', 'Files/app', 'Files/app/a', 'Files/app/b', 'Files/empty', 'Files/large', 'Files/link'])
    tree.times(path, { creation: time, access: time + 10n, write: time, change: time + 20n });
  return Buffer.concat([...new LayerTar({ root: tree.root, layer: tree.root }).chunks()]);
}

describe('exportLayer() for a Windows host', () => {
  const host = useWindowsHost();

  async function exported(id: string, ...parents: string[]): Promise<[Buffer, LayerExportResult]> {
    const { stream: tar, result } = exportLayer({ store: host.store, id, parents });
    return [await buffer(tar), await result];
  }

  const contentOf = (tar: Buffer): unknown =>
    readTar(tar).map(({ name, type, linkName, mtime, body }) => [name, type, linkName, mtime, body.toString()]);

  it('returns the base layer that was imported', async () => {
    const tar = baseTar();
    await importLayer(Readable.from([tar]), { store: host.store, id: 'base', parents: [] });
    const [again, { notExported }] = await exported('base');
    assert.deepEqual(contentOf(again), contentOf(tar));
    assert.deepEqual(notExported, []);
    if (!isWine) assert(again.equals(tar));
  });

  it('reads hives and the utility VM through backup calls, and the rest in the transport form', async () => {
    const { store } = host;
    mkdirSync(store.pathOf('top'));
    store.export = (_id, folder) => {
      const tree = new TransportTree(folder).directory('Files').tombstones('gone');
      tree.file('Files/a', 0x20, [stream.data('a')]);
      for (const path of ['Hives', 'UtilityVM', 'UtilityVM/Files']) mkdirSync(join(folder, path));
      writeFileSync(join(folder, 'Hives/System_Delta'), 'hive');
      writeFileSync(join(folder, 'UtilityVM/Files/b'), 'vm');
      return Promise.resolve();
    };
    const [tar, { notExported }] = await exported('top', 'base');
    assert.deepEqual(
      readTar(tar).map(({ name, body }) => [name, body.toString()]),
      [
        ['Files', ''],
        ['Files/.wh.gone', ''],
        ['Files/a', 'a'],
        ['Hives', ''],
        ['Hives/System_Delta', 'hive'],
        ['UtilityVM', ''],
        ['UtilityVM/Files', ''],
        ['UtilityVM/Files/b', 'vm'],
      ],
    );
    assert.deepEqual(notExported, []);
  });

  // Under Wine, as on Windows, ordinary means cannot make such a file.
  (isWine ? () => undefined : it)('leaves out a file with the name of a device, and reports it', async () => {
    const tar = baseTar();
    await importLayer(Readable.from([tar]), { store: host.store, id: 'base', parents: [] });
    new TransportTree(host.store.pathOf('base')).file('Files/nul', 0x20, [stream.data('x')]);
    const [again, { notExported }] = await exported('base');
    assert.deepEqual(
      notExported.map(({ entry, what }) => [entry, what]),
      [['Files/nul', 'file']],
    );
    assert(again.equals(tar));
  });

  it('rejects with the name of a file that cannot be read', async () => {
    const { store } = host;
    await importLayer(Readable.from([baseTar()]), { store, id: 'base', parents: [] });
    await host.failAt(5);
    await assert.rejects(exported('base'), {
      code: 'ERR_HC_LAYER',
      message: /^"Files" cannot be read: .*volume is full/,
    });
    assert.deepEqual(store.calls.slice(-2), ['activate', 'deactivate']);
  });
});
