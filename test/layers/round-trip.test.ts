import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { LayerExportResult } from 'hostcompute';
import { exportLayer, importLayer, LayerStore } from 'hostcompute';
import { LayerTar } from '#dist/layers/export/layer-tar.js';

import { useSimulator } from '../support/host.js';
import { stream, TestFolder, TransportTree } from './export/transport-tree.js';

const golden = fileURLToPath(new URL('../../../test/fixtures/layers/basic.tar', import.meta.url));
const config = 'Files/Windows/System32/config';

/** A base layer with a bit of everything. */
function baseTar(): Buffer {
  using folder = new TestFolder();
  const root = join(folder.path, 'base');
  const tree = new TransportTree(root).directory('Files', 0x10, [stream.security()]).directory('Files/Windows');
  tree.directory('Files/Windows/System32').directory(config);
  for (const hive of ['DEFAULT', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM']) tree.file(`${config}/${hive}`);
  tree.directory('Files/app', 0x10, [stream.alternate('zone', 'of a directory')]);
  tree.file('Files/app/gone.txt', 0x20, [stream.data('x')]).link('Files/app/second.txt', 'Files/app/gone.txt');
  tree.file('Files/link', 0x420, [stream.reparse({ kind: 'symlink', target: '..\\a' })]);
  tree.file('Files/sparse', 0x220, [stream.sparse({ 100_000: 'x' }, 100_001)]);
  return Buffer.concat([...new LayerTar({ root, layer: root }).chunks()]);
}

describe('A layer that is exported, imported and exported again', () => {
  const bench = useSimulator();

  async function exported(store: LayerStore, id: string, ...parents: string[]): Promise<[Buffer, LayerExportResult]> {
    const { stream: tar, result } = exportLayer({ store, id, parents });
    return [await buffer(tar), await result];
  }

  it('is an identical tar, as a base layer', async () => {
    using folder = new TestFolder();
    const store = await LayerStore.open(folder.path, { host: bench.simulator.host });
    const tar = baseTar();
    await importLayer(Readable.from([tar]), { store, id: 'base', parents: [] });
    const [first, result] = await exported(store, 'base');
    assert(first.equals(tar));
    await importLayer(Readable.from([first]), {
      store,
      id: 'again',
      parents: [],
      verify: { diffId: result.diffId, digest: result.digest, size: result.size },
    });
    assert((await exported(store, 'again'))[0].equals(tar));
  });

  it('is an identical tar, as a layer with a parent and its deletions', async () => {
    using folder = new TestFolder();
    const store = await LayerStore.open(folder.path, { host: bench.simulator.host });
    await importLayer(Readable.from([baseTar()]), { store, id: 'base', parents: [] });
    await importLayer(golden, { store, id: 'top', parents: ['base'] });
    const [first, { notExported }] = await exported(store, 'top', 'base');
    assert.deepEqual(notExported, []);
    assert(first.includes('Files/app/.wh.gone.txt'));
    await importLayer(Readable.from([first]), { store, id: 'again', parents: ['base'] });
    assert((await exported(store, 'again', 'base'))[0].equals(first));
  });
});
