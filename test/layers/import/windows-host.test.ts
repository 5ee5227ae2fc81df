import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';

import type { ImportedLayer, LayerError } from 'hostcompute';
import { importLayer } from 'hostcompute';

import { inodeOf, list } from '../../support/layers/layer-folder.js';
import type { Made } from '../../support/layers/tar.js';
import { file, folder, hardLink, junction, tar } from '../../support/layers/tar.js';
import { StandInFiles } from '../../support/windows/windows-files.js';
import { useWindowsHost } from '../../support/windows/windows-host.js';

const files = folder('Files');
const vm = [folder('UtilityVM'), folder('UtilityVM/Files'), file('UtilityVM/Files/a', 'of the VM')];

describe('importLayer() for a Windows host', () => {
  const host = useWindowsHost();

  function load(id: string, parents: string[], ...entries: Made[]): Promise<ImportedLayer> {
    return importLayer(Readable.from([tar(...entries)]), { store: host.store, id, parents });
  }

  it('writes a base layer in its final form, and calls processBaseImage', async () => {
    const { store } = host;
    const { hasUtilityVM } = await load('base', [], files, file('Files/a', 'hello'), ...vm);
    assert.equal(hasUtilityVM, true);
    assert.deepEqual(store.calls, ['processBaseImage base', 'processUtilityImage base/UtilityVM']);
    const expected = ['Files/', 'Files/a', 'UtilityVM/', 'UtilityVM/Files/', 'UtilityVM/Files/a'];
    assert.deepEqual(list(store.pathOf('base')), expected);
    assert.equal(readFileSync(store.pathOf('base/Files/a'), 'utf8'), 'hello');
  });

  it('passes a layer with a parent in the transport form, and its utility VM in place', async () => {
    const { store } = host;
    await load('base', [], files, file('Files/below', 'x'), ...vm);
    const seen: string[][] = [];
    store.calls.length = 0;
    store.step = () => {
      seen.push(list(store.folder).filter((path) => !path.startsWith('base/')));
    };
    await load('top', ['base'], files, file('Files/a'), ...vm.slice(0, 2), hardLink('Files/b', 'Files/below'));
    assert.deepEqual(store.calls, ['import top on base', 'processUtilityImage top/UtilityVM']);
    const [temporary] = seen[0]!.filter((path) => /^import-\w+\/$/.test(path));
    const transport = ['', 'Files.$wcidirs$', 'Files/', 'Files/a'].map((path) => `${temporary}layer/${path}`);
    const vmFiles = ['top/', 'top/UtilityVM/', 'top/UtilityVM/Files/', 'top/UtilityVM/Files/a'];
    assert.deepEqual(seen[0], [temporary, ...transport, ...vmFiles]);
    assert.equal(inodeOf(store.pathOf('top/Files/b')), inodeOf(store.pathOf('base/Files/below')));
    assert.equal(inodeOf(store.pathOf('top/UtilityVM/Files/a')), inodeOf(store.pathOf('base/UtilityVM/Files/a')));
  });

  for (const [name, call] of [
    ['ImportLayer', 'import top on base'],
    ['ProcessUtilityImage', 'processUtilityImage top/UtilityVM'],
  ] as const) {
    it(`destroys the layer and leaves nothing behind when ${name} fails`, async () => {
      const { store } = host;
      await load('base', [], files, ...vm);
      const before = store.listAll();
      store.calls.length = 0;
      store.step = (made) => {
        if (made === call) throw new Error('no');
      };
      await assert.rejects(load('top', ['base'], files, ...vm.slice(0, 2)), { code: 'ERR_HC_LAYER' });
      assert.equal(store.calls.at(-1), 'destroy top');
      assert.deepEqual(store.listAll(), before);
    });
  }

  it('destroys the layer and makes no other host call when a file call fails', async () => {
    const { store } = host;
    await load('base', [], files, ...vm);
    const before = store.listAll();
    store.calls.length = 0;
    await host.failAt(13);
    const entries = [files, ...vm.slice(0, 2), junction('Files/j', 'C:\\')];
    await assert.rejects(load('top', ['base'], ...entries), (error: LayerError) => {
      assert.match(error.message, /^"UtilityVM" could not be imported: .* the volume is full .* Free some space/);
      return true;
    });
    assert.deepEqual(store.calls, ['destroy top']);
    assert.deepEqual(store.listAll(), before);
  });

  // Under Wine test/native/files/files.cc looks at the token of the process.
  if (process.platform !== 'win32') {
    it('holds the backup privileges only while the host works on the layer', async () => {
      const { store } = host;
      const seen: boolean[] = [];
      store.step = () => {
        seen.push(StandInFiles.hasPrivileges);
      };
      await load('base', [], files);
      assert.deepEqual([...seen, StandInFiles.hasPrivileges], [true, false]);
    });
  }

  it('leaves nothing of a failed base layer behind', async () => {
    const { store } = host;
    await host.failAt(8);
    await assert.rejects(load('base', [], files, file('Files/a')), { code: 'ERR_HC_LAYER', entry: 'Files/a' });
    assert.deepEqual([store.calls, store.listAll()], [['destroy base'], []]);
  });
});
