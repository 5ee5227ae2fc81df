import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { importLayer, LayerStore } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { contents, list } from '../../support/layers/layer-folder.js';
import type { Made } from '../../support/layers/tar.js';
import { file, folder, hardLink, junction, tar } from '../../support/layers/tar.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../test/fixtures/layers/${name}`, import.meta.url));
const files = folder('Files');
const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';
const machine = ['UtilityVM', 'UtilityVM/Files', 'UtilityVM/Files/EFI', 'UtilityVM/Files/EFI/Microsoft', boot];

describe('importLayer() on the simulated host', () => {
  const context = useSimulator();
  let place: string;
  let store: LayerStore;

  beforeEach(async () => {
    place = mkdtempSync(join(tmpdir(), 'hostcompute-import-'));
    store = await LayerStore.open(place, { host: context.simulator.host });
  });

  afterEach(() => rmSync(place, { recursive: true }));

  const load = (id: string, parents: string[], ...entries: Made[]) =>
    importLayer(Readable.from([tar(...entries)]), { store, id, parents });

  it('creates layers on which a scratch layer can be mounted', async () => {
    await load('base', [], files, file('Files/a', 'x'), folder('Files/d'), file('Files/d/gone'), file('Files/d/keep'));
    await importLayer(fixture('basic.tar'), { store, id: 'middle', parents: ['base'] });
    const changes = [
      folder('Files/d'),
      file('Files/d/.wh.gone'),
      hardLink('Files/[', 'Files/a'),
      junction('Files/j', 'C:\\x'),
    ];
    await load('top', ['middle', 'base'], files, ...changes);

    const parents = ['top', 'middle', 'base'];
    await store.createScratch('scratch', parents);
    await using mounted = await store.mount('scratch', parents);
    assert.match(mounted.volume, /Volume\{/);

    const golden = contents(fixture('basic.golden'));
    const middle = contents(store.pathOf('middle'));
    for (const [path, bytes] of Object.entries(golden)) assert.equal(middle[path], bytes, path);
    assert.equal(middle['Files/app/hard.txt'], golden['Files/app/hello.txt']);
    const top = list(store.pathOf('top'));
    assert.ok(!top.includes('Files/d/gone') && top.includes('Files/d/keep') && top.includes('Files/j/'));
    assert.equal(statSync(join(place, 'top/Files/[')).ino, statSync(join(place, 'base/Files/a')).ino);
    assert.match(readFileSync(join(place, 'top/FileTimes'), 'utf8'), /"Files\/d"/);
  });

  it('does not change the boot data of the parent, which the host edits in place', async () => {
    await load('base', [], files, ...machine.map((name) => folder(name)), file(`${boot}/BCD`, 'boot'));
    const before = contents(store.pathOf('base'))[`${boot}/BCD`];
    await load('top', ['base'], files, folder('UtilityVM'), folder('UtilityVM/Files'));
    assert.equal(contents(store.pathOf('base'))[`${boot}/BCD`], before);
    assert.notEqual(contents(store.pathOf('top'))[`${boot}/BCD`], before);
  });

  it("removes a layer that the host refuses, and includes the host's message", async () => {
    await load('base', [], files);
    const config = ['Files/Windows', 'Files/Windows/System32', 'Files/Windows/System32/config'].map((name) =>
      folder(name),
    );
    await assert.rejects(load('other', [], files, ...config), {
      code: 'ERR_HC_LAYER',
      reason: /refused by the host in ProcessBaseImage/,
    });
    assert.ok(!(await store.exists('other')));
    assert.deepEqual(
      list(place).filter((path) => !path.startsWith('base/')),
      [],
    );
  });
});
