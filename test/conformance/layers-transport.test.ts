import assert from 'node:assert/strict';
import { link, mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { useSimulator } from '../support/host.js';
import type { Tree } from '../support/layers/layers.js';
import {
  appTree,
  baseTree,
  hive,
  sideFile,
  stream,
  transportFile,
  useLayers,
  writeTree,
} from '../support/layers/layers.js';

const bom = '\uFEFF';

describe('The transport form of layers', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  const complaint = async (): Promise<string> => (await bench.simulator.state()).LayerError;

  const filesOf = async (folder: string): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .sort();

  async function exported(id: string, parents: readonly string[]): Promise<string> {
    const folder = join(layers.folder, `out-${id}`);
    await mkdir(folder);
    await layers.store.export(id, folder, parents);
    return folder;
  }

  const tombstones = async (folder: string): Promise<string[]> => {
    const [first, ...lines] = (await readFile(join(folder, 'tombstones.txt'), 'utf8')).split('\n');
    assert.equal(first, `${bom}Version 1.0`);
    assert.equal(lines.pop(), '');
    return lines;
  };

  describe('ProcessBaseImage', () => {
    it('adds the files of a base layer, which can then be a parent', async () => {
      await layers.base('base');
      const names = await readdir(layers.store.pathOf('base'));
      for (const name of ['Hives', 'blank-base.vhdx', 'blank.vhdx', 'layout']) assert.ok(names.includes(name), name);
      const hives = ['DefaultUser_Base', 'Sam_Base', 'Security_Base', 'Software_Base', 'System_Base'];
      assert.deepEqual((await readdir(join(layers.store.pathOf('base'), 'Hives'))).sort(), hives);
      assert.equal(await readFile(join(layers.store.pathOf('base'), 'layout'), 'utf8'), 'vhd-with-hives\n');
    });

    it('fails for a layer that is already processed', async () => {
      await layers.base('base');
      const again = layers.store.processBaseImage(layers.store.pathOf('base'));
      await assert.rejects(again, { code: 'ERROR_ALREADY_EXISTS', operation: 'ProcessBaseImage' });
    });

    it('requires all five registry hives when their folder exists', async () => {
      const config: Tree = {
        ...baseTree,
        'Files/Windows': null,
        'Files/Windows/System32': null,
        'Files/Windows/System32/config': null,
        'Files/Windows/System32/config/DEFAULT': transportFile(hive),
        'Files/Windows/System32/config/SAM': transportFile(hive),
        'Files/Windows/System32/config/SECURITY': transportFile(hive),
        'Files/Windows/System32/config/SOFTWARE': transportFile(hive),
      };
      await assert.rejects(layers.base('base', config), { code: 'ERROR_FILE_NOT_FOUND' });
      assert.match(await complaint(), /config.SYSTEM must exist/);
      await layers.base('whole', { ...config, 'Files/Windows/System32/config/SYSTEM': transportFile('') });
    });

    it('accepts a folder of plain Windows files with their hives', async () => {
      const { store } = layers;
      const config = join(store.pathOf('base'), 'Files', 'Windows', 'System32', 'config');
      await mkdir(config, { recursive: true });
      const process = (): Promise<void> => store.processBaseImage(store.pathOf('base'));
      await assert.rejects(process(), { code: 'ERROR_FILE_NOT_FOUND' });
      for (const name of ['DEFAULT', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM'])
        await writeFile(join(config, name), hive);
      await process();
      await store.import('app', await layers.transport({ Files: null }), ['base']);
      await rmdir(join(store.pathOf('app'), 'Files', 'Windows'));
      assert.deepEqual(await tombstones(await exported('app', ['base'])), ['\\Windows']);
    });

    it('refuses a folder without Files', async () => {
      await assert.rejects(layers.base('linux', { bin: null }), { code: 'ERROR_PATH_NOT_FOUND' });
      assert.match(await complaint(), /ProcessBaseImage "linux": The folder Files must exist in a layer of Windows/);
    });
  });

  describe('ProcessUtilityImage', () => {
    it('edits the boot configuration in place, and creates the disks of the utility VM', async () => {
      const { store } = layers;
      await layers.base('base');
      const utility = join(store.pathOf('base'), 'UtilityVM');
      const boot = join(utility, 'Files', 'EFI', 'Microsoft', 'Boot');
      await mkdir(boot, { recursive: true });
      const before = transportFile(hive);
      await writeFile(join(boot, 'BCD'), before);
      await link(join(boot, 'BCD'), join(layers.folder, 'shared'));
      await store.processUtilityImage(utility);
      assert.deepEqual(await readdir(utility), ['Files', 'SystemTemplate.vhdx', 'SystemTemplateBase.vhdx']);
      assert.notDeepEqual(await readFile(join(boot, 'BCD')), before);
      assert.deepEqual(await readFile(join(layers.folder, 'shared')), await readFile(join(boot, 'BCD')));
    });

    it('requires Files', async () => {
      await layers.base('base');
      const utility = layers.store.processUtilityImage(join(layers.store.pathOf('base'), 'UtilityVM'));
      await assert.rejects(utility, { code: 'ERROR_PATH_NOT_FOUND', operation: 'ProcessUtilityImage' });
    });
  });

  describe('ImportLayer', () => {
    const importing = async (tree: Tree): Promise<void> =>
      layers.store.import('app', await layers.transport(tree), ['base']);

    beforeEach(() => layers.base('base'));

    it('accepts a valid layer, and does not change the source folder', async () => {
      const source = await layers.transport(appTree);
      const before = await filesOf(source);
      await layers.store.import('app', source, ['base']);
      assert.deepEqual(await filesOf(source), before);
      const file = join(layers.store.pathOf('app'), 'Files', 'app', 'new.txt');
      assert.deepEqual(await readFile(file), transportFile('new'));
    });

    it('accepts a layer without Hives', async () => {
      await importing({ Files: null, 'Files/one.txt': transportFile('1') });
      await layers.store.createScratch('scratch', ['app', 'base']);
      assert.deepEqual(await filesOf(join(layers.store.pathOf('app'), 'Files')), [
        'app.$wcidirs$',
        'license.txt',
        'one.txt',
      ]);
    });

    it('accepts all streams of a file', async () => {
      const file = transportFile('data', 0x20, stream(4, 'more', ':more:$DATA'));
      const reparse = Buffer.from([0x20, 4, 0, 0]);
      await importing({
        Files: null,
        'Files/streams.txt': file,
        'Files/link.txt': Buffer.concat([reparse, stream(3, 'sd'), stream(2, 'ea'), stream(8, 'link')]),
        'Files/sparse.bin': transportFile('', 0x220, stream(9, Buffer.alloc(8))),
      });
      const files = await filesOf(join(layers.store.pathOf('app'), 'Files'));
      assert.deepEqual(files, ['app.$wcidirs$', 'license.txt', 'link.txt', 'sparse.bin', 'streams.txt']);
    });

    const wrong: readonly [what: string, tree: Tree, said: RegExp][] = [
      ['no Files', { Other: null }, /The folder Files must exist/],
      ['a file without attributes', { 'Files/a.txt': Buffer.from([1, 2]) }, /Files.a\.txt has no attributes/],
      ['an empty file', { 'Files/a.txt': Buffer.alloc(0) }, /Files.a\.txt has no attributes/],
      ['a header cut off', { 'Files/a.txt': transportFile('x').subarray(0, 20) }, /ends inside the header of a stream/],
      ['a stream cut off', { 'Files/a.txt': transportFile('xyz').subarray(0, -1) }, /ends inside a stream/],
      ['a stream of no kind', { 'Files/a.txt': transportFile('', 0x20, stream(99, '')) }, /of an unknown kind/],
      ['data twice', { 'Files/a.txt': transportFile('a', 0x20, stream(1, 'b')) }, /has a stream twice/],
      ['a stream without its name', { 'Files/a.txt': transportFile('', 0x20, stream(4, 'x')) }, /with a wrong name/],
      [
        'a name where none is allowed',
        { 'Files/a.txt': transportFile('', 0x20, stream(2, 'x', ':a')) },
        /a wrong name/,
      ],
      [
        'a file with the attribute of a folder',
        { 'Files/a.txt': transportFile('a', 0x10) },
        /the attribute of a folder/,
      ],
      [
        'a file with the attribute of a link',
        { 'Files/a.txt': transportFile('', 0x420) },
        /reparse point without the data/,
      ],
      ['a side file without its folder', { 'Files/a.$wcidirs$': sideFile }, /a side file without its folder/],
      [
        'a folder with the attributes of a file',
        { 'Files/a.$wcidirs$': Buffer.alloc(4) },
        /without the attribute of one/,
      ],
      ['a folder with data', { 'Files/a.$wcidirs$': transportFile('x', 0x10) }, /is a folder with data/],
      [
        'an invalid registry hive',
        { Hives: null, 'Hives/Sam_Delta': Buffer.from('none') },
        /Sam_Delta must be a registry hive/,
      ],
      ['wrong tombstones', { 'tombstones.txt': Buffer.from('\\a') }, /tombstones\.txt does not begin with its version/],
    ];
    for (const [what, tree, said] of wrong) {
      it(`refuses ${what}, names the path, and writes nothing`, async () => {
        const files = 'Other' in tree ? tree : { Files: null, ...tree };
        const code =
          what === 'no Files'
            ? 'ERROR_PATH_NOT_FOUND'
            : what === 'an invalid registry hive'
              ? 'ERROR_NOT_REGISTRY_FILE'
              : 'ERROR_INVALID_DATA';
        await assert.rejects(importing(files), { code, operation: 'ImportLayer' });
        assert.match(await complaint(), said);
        assert.equal(await layers.store.exists('app'), false);
      });
    }

    it('refuses a tombstone outside the layer, and deletes nothing', async () => {
      const victim = join(layers.folder, 'victim');
      await mkdir(victim);
      const absolute = victim.replaceAll('/', '\\');
      for (const line of [
        `\\${absolute}`,
        '\\..\\..\\victim',
        '\\app\\..\\..\\..\\victim',
        '\\a:\\b',
        '\\',
        '\\.',
        '\\a\\',
        '',
      ]) {
        const tree = { Files: null, 'tombstones.txt': Buffer.from(`${bom}Version 1.0\n${line}\n`) };
        await assert.rejects(importing(tree), { code: 'ERROR_INVALID_DATA' }, line);
        assert.match(await complaint(), /tombstones\.txt must have a path on each line/);
      }
      assert.ok((await stat(victim)).isDirectory());
    });

    it('refuses a folder without a side file', async () => {
      const source = await layers.transport({ Files: null });
      await mkdir(join(source, 'Files', 'a'));
      await assert.rejects(layers.store.import('app', source, ['base']), { code: 'ERROR_INVALID_DATA' });
      assert.match(await complaint(), /Files.a is a folder without a side file/);
    });

    it('refuses an unprocessed parent, a missing folder, and an existing layer', async () => {
      const { store } = layers;
      const source = await layers.transport(appTree);
      await store.create('empty');
      await assert.rejects(store.import('app', source, ['empty']), { code: 'HCS_E_INVALID_LAYER' });
      await assert.rejects(store.import('app', source, []), { code: 'E_INVALIDARG' });
      await assert.rejects(store.import('app', join(source, 'none'), ['base']), { code: 'ERROR_PATH_NOT_FOUND' });
      await store.import('app', source, ['base']);
      await assert.rejects(store.import('app', source, ['base']), { code: 'ERROR_ALREADY_EXISTS' });
    });
  });

  describe('ExportLayer', () => {
    const deltas = ['DefaultUser', 'Sam', 'Security', 'Software', 'System'].map((name) => `Hives/${name}_Delta`);

    it('writes exactly what was imported', async () => {
      await layers.chain();
      const folder = await exported('app', ['base']);
      assert.deepEqual(await filesOf(folder), [
        'Files.$wcidirs$',
        'Files/app.$wcidirs$',
        'Files/app/new.txt',
        'Hives.$wcidirs$',
        ...deltas,
        'tombstones.txt',
      ]);
      assert.deepEqual(await readFile(join(folder, 'Files', 'app', 'new.txt')), transportFile('new'));
      assert.deepEqual(await readFile(join(folder, 'Hives', 'System_Delta')), hive);
      assert.deepEqual(await tombstones(folder), []);
    });

    it('exports deletions, which an import applies again', async () => {
      await layers.chain();
      const app = join(layers.store.pathOf('app'), 'Files');
      await rm(join(app, 'app', 'old.txt'));
      await rm(join(app, 'license.txt'));
      const folder = await exported('app', ['base']);
      assert.deepEqual(await tombstones(folder), ['\\app\\old.txt', '\\license.txt']);
      await layers.store.import('again', folder, ['base']);
      assert.deepEqual(await tombstones(await exported('again', ['base'])), ['\\app\\old.txt', '\\license.txt']);
    });

    // hcsshim removes what a layer deletes by its name alone, and knows of no side files in a layer.
    it('exports a deleted folder by its name alone', async () => {
      await layers.base('base');
      await layers.store.import('app', await layers.transport({ Files: null }), ['base']);
      await rmdir(join(layers.store.pathOf('app'), 'Files', 'app'));
      const folder = await exported('app', ['base']);
      assert.deepEqual(await tombstones(folder), ['\\app']);
      await layers.store.import('again', folder, ['base']);
      assert.deepEqual(await tombstones(await exported('again', ['base'])), ['\\app']);
    });

    it('exports five empty hives for a layer without Hives', async () => {
      await layers.base('base');
      await layers.store.import('app', await layers.transport({ Files: null }), ['base']);
      const folder = await exported('app', ['base']);
      assert.deepEqual(await filesOf(folder), ['Files.$wcidirs$', 'Hives.$wcidirs$', ...deltas, 'tombstones.txt']);
    });

    it('exports deletions relative to all parents, without those that a parent has deleted', async () => {
      await layers.chain();
      await rm(join(layers.store.pathOf('app'), 'Files', 'app', 'old.txt'));
      const tree: Tree = { Files: null, 'Files/app': null, 'Files/app/top.txt': transportFile('top') };
      await layers.store.import('top', await layers.transport(tree), ['app', 'base']);
      assert.deepEqual(await tombstones(await exported('top', ['app', 'base'])), []);
      const files = join(layers.store.pathOf('top'), 'Files', 'app');
      assert.deepEqual((await readdir(files)).sort(), ['kept.txt', 'new.txt', 'top.txt']);
      await rm(join(files, 'kept.txt'));
      await rm(join(layers.folder, 'out-top'), { recursive: true });
      assert.deepEqual(await tombstones(await exported('top', ['app', 'base'])), ['\\app\\kept.txt']);
    });

    it('preserves hard links', async () => {
      await layers.chain();
      const app = join(layers.store.pathOf('app'), 'Files', 'app');
      await link(join(app, 'new.txt'), join(app, 'other.txt'));
      const folder = await exported('app', ['base']);
      const [one, other] = await Promise.all(
        ['new.txt', 'other.txt'].map((name) => stat(join(folder, 'Files', 'app', name), { bigint: true })),
      );
      assert.equal(one!.ino, other!.ino);
    });

    it('requires a scratch layer that is active and not prepared, and exports its five hives', async () => {
      await layers.scratch();
      const { store } = layers;
      const folder = join(layers.folder, 'out');
      await mkdir(folder);
      const parents = ['app', 'base'];
      await assert.rejects(store.export('scratch', folder, parents), { code: 'ERROR_NOT_READY' });
      const mounted = await store.mount('scratch', parents);
      await assert.rejects(store.export('scratch', folder, parents), { code: 'ERROR_SHARING_VIOLATION' });
      await store.unprepare('scratch');
      await writeTree(join(store.pathOf('scratch')), { 'Files/made.txt': transportFile('by a container') });
      await store.export('scratch', folder, parents);
      await store.deactivate('scratch');
      assert.deepEqual(await tombstones(folder), []);
      assert.deepEqual(await readFile(join(folder, 'Files', 'made.txt')), transportFile('by a container'));
      assert.equal((await readdir(join(folder, 'Hives'))).length, 5);
      await assert.rejects(mounted.close(), { code: 'ERROR_NOT_READY', operation: 'UnprepareLayer' });
    });

    it('requires an existing folder', async () => {
      await layers.chain();
      const none = layers.store.export('app', join(layers.folder, 'none'), ['base']);
      await assert.rejects(none, { code: 'ERROR_PATH_NOT_FOUND', operation: 'ExportLayer' });
    });
  });
});
