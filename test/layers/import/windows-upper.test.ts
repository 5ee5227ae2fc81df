import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { contents, isThere, list } from '../../support/layers/layer-folder.js';
import type { Made } from '../../support/layers/tar.js';
import { file, folder, hardLink, junction } from '../../support/layers/tar.js';
import { StandInFiles } from '../../support/windows/windows-files.js';
import { WindowsLayers } from '../../support/windows/windows-layers.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../test/fixtures/layers/${name}`, import.meta.url));
const files = folder('Files');
const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';
const vm = [folder('UtilityVM'), folder('UtilityVM/Files')];
const bootFolders = ['UtilityVM/Files/EFI', 'UtilityVM/Files/EFI/Microsoft', boot].map((name) => folder(name));
const whiteout = (name: string): Made => ({ name });

async function withBase(...entries: readonly Made[]): Promise<WindowsLayers> {
  const layers = new WindowsLayers();
  const { failure } = await layers.write('base', [], [files, ...entries]);
  assert.equal(failure, undefined);
  return layers;
}

describe('A layer with parents written for Windows', () => {
  for (const name of ['basic', 'dirlink', 'junction']) {
    it(`matches what the reference passes to ImportLayer byte for byte: ${name}.tar`, async () => {
      using layers = await withBase(folder('Files/app'), file('Files/app/gone.txt', 'x'));
      let tree: Record<string, string> = {};
      layers.handedOver = (path) => (tree = contents(path));
      const { failure } = await layers.write('top', ['base'], readFileSync(fixture(`${name}.tar`)));
      assert.equal(failure, undefined);
      // The reference stopped after the link there.
      if (name !== 'basic') assert.ok(delete tree['Files/after.txt']);
      assert.deepEqual(tree, contents(fixture(`${name}.golden`)));
    });
  }

  it('has file times in the transport form, and attributes only in the first bytes of each file', async () => {
    using layers = await withBase();
    let times: readonly string[] = [];
    layers.handedOver = () => ({ times } = layers.recordOf('import-top/layer/Files/a'));
    const { written } = await layers.write('top', ['base'], [files, file('Files/a', 'x', { mtime: '1', atime: '2' })]);
    assert.deepEqual(times, ['116444736010000000', '116444736020000000', '116444736010000000', '116444736010000000']);
    assert.ok(written.includes('setInfo Files/a 0'));
    assert.ok(!written.some((call) => call.startsWith('backupWrite')));
  });

  it('creates the folders of directory links last', async () => {
    using layers = await withBase();
    const { written } = await layers.write('top', ['base'], [files, junction('Files/j', 'C:\\'), file('Files/z')]);
    assert.ok(written.indexOf('create Files/j') > written.indexOf('close Files/z'));
  });

  it('applies deletions, links and folder times in this order after ImportLayer', async () => {
    using layers = await withBase(file('Files/below', 'of the base'));
    const { applied } = await layers.write(
      'top',
      ['base'],
      [files, folder('Files/inner'), whiteout('Files/.wh.absent'), hardLink('Files/b', 'Files/below')],
    );
    assert.deepEqual(
      applied.filter((call) => /^(remove|link|setInfo|open) /.test(call)),
      [
        'open Files/absent',
        'open Files/b',
        'open Files/below',
        'open Files',
        'link Files/below Files/b',
        'open Files/inner',
        'setInfo Files/inner 16',
        'open Files',
        'setInfo Files 16',
      ],
    );
    assert.equal(statSync(layers.pathOf('top/Files/b')).ino, statSync(layers.pathOf('base/Files/below')).ino);
  });

  it('deletes what the host created in place of a deleted file', async () => {
    using layers = await withBase(file('Files/a'));
    layers.handedOver = (path) => {
      const files = new StandInFiles(layers.records);
      const root = files.openRoot(path);
      files.close(files.open(root, 'Files/a', 0x40000000, 0, 2, 0));
    };
    const { applied } = await layers.write('top', ['base'], [files, whiteout('Files/.wh.a')]);
    assert.ok(applied.includes('remove Files/a'));
    assert.equal(isThere(layers.pathOf('top/Files/a')), false);
  });

  it('links to the file itself when a nearer parent only has a filter placeholder', async () => {
    using layers = await withBase(file('Files/a', 'x'));
    await layers.write('middle', ['base'], [files, file('Files/a')]);
    const place = layers.pathOf('middle/Files/a');
    layers.records.change(place, { ...layers.records.of(place), tag: 0x80000018 });
    await layers.write('top', ['middle', 'base'], [files, hardLink('Files/b', 'Files/a')]);
    assert.equal(statSync(layers.pathOf('top/Files/b')).ino, statSync(layers.pathOf('base/Files/a')).ino);
  });

  it('starts its utility VM from that of the parent, with hard links and copies of the boot data', async () => {
    using layers = await withBase(...vm, ...bootFolders, file(`${boot}/BCD`, 'boot'), file('UtilityVM/Files/a', 'x'));
    const { layer, written } = await layers.write('top', ['base'], [files, ...vm]);
    assert.equal(layer?.hasUtilityVM, true);
    const inode = (path: string): number => statSync(layers.pathOf(path)).ino;
    assert.equal(inode('top/UtilityVM/Files/a'), inode('base/UtilityVM/Files/a'));
    assert.notEqual(inode(`top/${boot}/BCD`), inode(`base/${boot}/BCD`));
    assert.equal(readFileSync(layers.pathOf(`top/${boot}/BCD`), 'utf8'), 'boot');
    assert.deepEqual(layers.recordOf(`top/${boot}/BCD`).times, layers.recordOf(`base/${boot}/BCD`).times);
    assert.ok(written.indexOf('link UtilityVM/Files/a UtilityVM/Files/a') < written.lastIndexOf('open UtilityVM'));
  });

  it('replaces files of the utility VM without changing those of the parent', async () => {
    using layers = await withBase(...vm, ...bootFolders, file(`${boot}/BCD`, 'old'), file('UtilityVM/Files/a', 'old'));
    await layers.write(
      'top',
      ['base'],
      [files, ...vm, ...bootFolders, file(`${boot}/BCD`, 'new'), file('UtilityVM/Files/a', 'new')],
    );
    const text = (path: string): string => readFileSync(layers.pathOf(path), 'utf8');
    assert.deepEqual([text('base/UtilityVM/Files/a'), text('top/UtilityVM/Files/a')], ['old', 'new']);
    assert.deepEqual([text(`base/${boot}/BCD`), text(`top/${boot}/BCD`), text('top/bcd.bak')], ['old', 'new', 'new']);
  });

  it('replaces a folder of the utility VM by a file, with everything in it', async () => {
    using layers = await withBase(...vm, folder('UtilityVM/Files/x'), file('UtilityVM/Files/x/inner'));
    await layers.write('top', ['base'], [files, ...vm, file('UtilityVM/Files/x', 'file')]);
    assert.deepEqual(list(layers.pathOf('top/UtilityVM/Files')), ['x']);
    assert.ok(isThere(layers.pathOf('base/UtilityVM/Files/x/inner')));
  });

  it("deletes files of the parent's utility VM", async () => {
    using layers = await withBase(...vm, folder('UtilityVM/Files/x'), file('UtilityVM/Files/x/inner'));
    await layers.write('top', ['base'], [files, ...vm, whiteout('UtilityVM/Files/.wh.x')]);
    assert.deepEqual(list(layers.pathOf('top/UtilityVM/Files')), []);
    assert.ok(isThere(layers.pathOf('base/UtilityVM/Files/x/inner')));
  });

  // Under Wine it is the same code on the same stand-in, at a tenth of the speed.
  if (process.platform !== 'win32') {
    it('leaves no handle or privilege behind, whichever call fails', async () => {
      const below = [...vm, ...bootFolders, file(`${boot}/BCD`, 'boot'), file('UtilityVM/Files/a')];
      using layers = await withBase(...below, file('Files/below'));
      const entries = [
        files,
        file('Files/a', 'x'),
        junction('Files/j', 'C:\\'),
        ...vm,
        file('UtilityVM/Files/a', 'new'),
        hardLink('Files/b', 'Files/below'),
        whiteout('Files/.wh.gone'),
      ];
      for (let failAt = 1, isWhole = false; !isWhole; failAt++) {
        layers.prepare = (each) => (each.failAt = failAt);
        const outcome = await layers.write(`top${failAt}`, ['base'], entries).catch((error: unknown) => error as Error);
        assert.deepEqual(layers.openFiles, []);
        assert.equal(StandInFiles.hasPrivileges, false);
        isWhole = !(outcome instanceof Error) && outcome.layer !== undefined;
      }
    });
  }
});
