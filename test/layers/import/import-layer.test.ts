import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import type { HcsAbortError, ImportLayerOptions, ImportProgress, LayerError } from 'hostcompute';
import { importLayer } from 'hostcompute';

import { contents, FolderStore, inodeOf, isThere, list } from '../../support/layers/layer-folder.js';
import type { Made } from '../../support/layers/tar.js';
import { file, folder, hardLink, junction, tar } from '../../support/layers/tar.js';

const files = folder('Files');
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

type Options = Partial<ImportLayerOptions>;

function load(store: FolderStore, id: string, parents: string[], entries: readonly Made[], options: Options = {}) {
  return importLayer(Readable.from([tar(...entries)]), { store, id, parents, ...options });
}

/** A store with a base layer, of which the calls are forgotten. */
async function withBase(...entries: readonly Made[]): Promise<FolderStore> {
  const store = new FolderStore();
  await load(store, 'base', [], [files, ...entries]);
  store.calls.length = 0;
  return store;
}

describe('importLayer()', () => {
  it('writes a base layer into its folder, and calls processBaseImage', async () => {
    using store = new FolderStore();
    const archive = tar(files, file('Files/a', 'hello'), hardLink('Files/b', 'Files/a'));
    const path = join(store.folder, 'base.tar');
    writeFileSync(path, archive);
    const imported = await importLayer(path, { store, id: 'base', parents: [] });
    assert.deepEqual(imported, {
      id: 'base',
      path: store.pathOf('base'),
      entries: 3,
      bytes: archive.length,
      unpackedBytes: archive.length,
      compression: 'none',
      digest: sha256(archive),
      diffId: sha256(archive),
      hasUtilityVM: false,
    });
    assert.deepEqual(store.calls, ['processBaseImage base']);
    assert.deepEqual(list(imported.path), ['FileTimes', 'Files.$wcidirs$', 'Files/', 'Files/a', 'Files/b']);
    assert.equal(inodeOf(join(imported.path, 'Files/a')), inodeOf(join(imported.path, 'Files/b')));
  });

  it('detects gzip, and returns both digests', async () => {
    using store = new FolderStore();
    const archive = tar(files, file('Files/a', 'hello'));
    const packed = gzipSync(archive);
    const verify = { digest: sha256(packed), diffId: sha256(archive), size: packed.length };
    const imported = await importLayer(Readable.from([packed]), { store, id: 'base', parents: [], verify });
    assert.equal(imported.compression, 'gzip');
    assert.equal(imported.unpackedBytes, archive.length);
    assert.equal(imported.digest, verify.digest);
    assert.equal(imported.diffId, verify.diffId);
  });

  for (const [name, value, reason] of [
    ['digest', `sha256:${'0'.repeat(64)}`, /as digest, where sha256:0/],
    ['diffId', `sha256:${'0'.repeat(64)}`, /as diffID, where sha256:0/],
    ['size', 17, /bytes, where 17/],
  ] as const) {
    it(`rejects a different ${name} before calling the host`, async () => {
      using store = new FolderStore();
      await assert.rejects(load(store, 'base', [], [files], { verify: { [name]: value } }), (error: LayerError) => {
        assert.equal(error.entry, undefined);
        assert.match(error.reason, reason);
        return true;
      });
      assert.deepEqual([store.calls, store.listAll()], [[], []]);
    });
  }

  it('reports its progress', async () => {
    using store = new FolderStore();
    const path = join(store.folder, 'base.tar');
    writeFileSync(path, tar(files, file('Files/a', Buffer.alloc(1000))));
    const told: ImportProgress[] = [];
    await importLayer(path, { store, id: 'base', parents: [], onProgress: (progress) => told.push(progress) });
    const end = { entries: 2, bytes: 5120, unpackedBytes: 5120, totalBytes: 5120 };
    assert.deepEqual(told.slice(-2), [
      { phase: 'read', ...end },
      { phase: 'host', ...end },
    ]);
  });

  it('creates hard links after ImportLayer, in any order and with short names', async () => {
    using store = await withBase(file('Files/below', 'of the base'));
    const entries = [
      files,
      hardLink('Files/[', 'Files/w'),
      hardLink('Files/w', 'Files/target'),
      file('Files/target', 'x'),
    ];
    await load(store, 'top', ['base'], [...entries, hardLink('Files/old', 'Files/below')]);
    const place = (path: string): number => inodeOf(join(store.folder, path));
    assert.equal(place('top/Files/['), place('top/Files/target'));
    assert.equal(place('top/Files/w'), place('top/Files/target'));
    assert.equal(place('top/Files/old'), place('base/Files/below'));
  });

  it('finds the target of a hard link in the nearest parent', async () => {
    using store = await withBase(file('Files/a', 'base'));
    await load(store, 'middle', ['base'], [files, file('Files/a', 'middle')]);
    await load(store, 'top', ['middle', 'base'], [files, hardLink('Files/b', 'Files/a')]);
    assert.equal(inodeOf(store.pathOf('top/Files/b')), inodeOf(store.pathOf('middle/Files/a')));
  });

  it('skips placeholders of the filter in nearer parents', async () => {
    using store = await withBase(file('Files/a', 'base'));
    await load(store, 'middle', ['base'], [files]);
    writeFileSync(store.pathOf('middle/Files/a'), '');
    await load(store, 'top', ['middle', 'base'], [files, hardLink('Files/b', 'Files/a')]);
    assert.equal(inodeOf(store.pathOf('top/Files/b')), inodeOf(store.pathOf('base/Files/a')));
  });

  // Wine has no links of this kind.
  const onLinux = process.platform === 'linux' ? it : () => undefined;

  onLinux('does not follow a symbolic link in the folder of a parent', async () => {
    using store = await withBase();
    writeFileSync(join(store.folder, 'secret'), 'secret');
    symlinkSync(store.folder, store.pathOf('base/Files/way'), 'junction');
    await assert.rejects(load(store, 'top', ['base'], [files, hardLink('Files/x', 'Files/way/secret')]), {
      reason: /symbolic link in the folder of a layer/,
    });
    assert.ok(!isThere(store.pathOf('top')));
  });

  it('deletes after ImportLayer what parents contain, but not what this layer contains', async () => {
    using store = await withBase();
    store.step = (call) => {
      // What a host puts there for what the parents have.
      if (!call.startsWith('import')) return;
      mkdirSync(store.pathOf('top/Files/gone/deep'), { recursive: true });
      writeFileSync(store.pathOf('top/Files/gone.$wcidirs$'), '');
      writeFileSync(store.pathOf('top/Files/old'), '');
    };
    const whiteouts = ['Files/.wh.gone', 'Files/.wh.old', 'Files/.wh.never', 'Files/.wh.new'].map((name) => file(name));
    await load(store, 'top', ['base'], [files, ...whiteouts, file('Files/new', 'x')]);
    assert.deepEqual(list(store.pathOf('top')), ['FileTimes', 'Files.$wcidirs$', 'Files/', 'Files/new']);
  });

  it('refuses to delete and recreate a directory of the parents', async () => {
    using store = await withBase();
    await assert.rejects(load(store, 'top', ['base'], [files, file('Files/.wh.d'), folder('Files/d')]), {
      entry: 'Files/d',
    });
  });

  it('creates the folder of a directory link last, empty', async () => {
    using store = await withBase();
    await load(store, 'top', ['base'], [files, junction('Files/j', 'C:\\x'), file('Files/k', 'x')]);
    assert.ok(list(store.pathOf('top')).includes('Files/j/'));
  });

  it('keeps alternate streams of directories and empty files', async () => {
    using store = await withBase();
    await load(
      store,
      'top',
      ['base'],
      [files, file('Files:s', 'ab'), file('Files/e', ''), file('Files/e:z:$DATA', 'c')],
    );
    const { 'Files.$wcidirs$': directory, 'Files/e': empty } = contents(store.pathOf('top'));
    const stream = (name: string, size: string): string =>
      `0400000000000000${size}0000000000000010000000${name}3a0024004400410054004100`;
    assert.equal(directory, `10000000${stream('3a007300', '02')}6162`);
    assert.equal(empty, `20000000${'01'.padEnd(40, '0')}${stream('3a007a00', '01')}63`);
  });

  it('refuses a damaged delta hive before calling the host', async () => {
    using store = await withBase();
    const entries = [files, folder('Hives'), file('Hives/Sam_Delta', Buffer.alloc(4096))];
    await assert.rejects(load(store, 'top', ['base'], entries), { entry: 'Hives/Sam_Delta' });
    assert.deepEqual(store.calls, []);
  });

  it('refuses a Linux image before the first write, naming the entry that reveals it', async () => {
    using store = new FolderStore();
    const entries = [{ name: './', type: '5' }, { name: 'bin/', type: '5' }, { name: 'bin/[' }];
    await assert.rejects(load(store, 'base', [], entries), (error: LayerError) => {
      assert.equal(error.entry, 'bin/');
      assert.match(error.reason, /Linux image/);
      assert.match(error.remedy, /windows\/amd64/);
      return true;
    });
    assert.deepEqual([store.calls, store.listAll()], [[], []]);
  });

  it('accepts names of the maximum length, and a leading "./"', async () => {
    using store = new FolderStore();
    const long = `Files/${'é'.repeat(120)}`;
    await load(store, 'base', [], [{ name: './', type: '5' }, folder('./Files/'), file(long, 'x'), file('Files//b')]);
    assert.ok(isThere(store.pathOf(`base/${long}`)) && isThere(store.pathOf('base/Files/b')));
  });

  describe('when the host fails', () => {
    const refuse = (step: string) => (call: string) => {
      if (call.startsWith(step)) throw new Error('Catastrophic failure');
    };

    for (const [step, id, parents] of [
      ['processBaseImage', 'new', []],
      ['processUtilityImage', 'new', []],
      ['import', 'new', ['base']],
    ] as const) {
      it(`removes everything it has written: ${step}`, async () => {
        using store = await withBase();
        const before = store.listAll();
        store.step = refuse(step);
        const entries = [files, ...(parents.length === 0 ? [folder('UtilityVM'), folder('UtilityVM/Files')] : [])];
        await assert.rejects(load(store, id, [...parents], entries), (error: LayerError) => {
          assert.match(error.reason, /refused by the host in \w+ \(layer new of \d entr.*Catastrophic failure/);
          assert.ok(error.cause);
          return true;
        });
        assert.equal(store.calls.at(-1), 'destroy new');
        assert.deepEqual(store.listAll(), before);
      });
    }
  });

  describe('with a signal', () => {
    /** A source that stops half way, and says when it is there. */
    function halfWay(): { source: Readable; reached: Promise<void> } {
      const archive = tar(files, file('Files/a', Buffer.alloc(2 ** 20)), file('Files/b'));
      let isThere!: () => void;
      const reached = new Promise<void>((resolve) => (isThere = resolve));
      let isFirst = true;
      const read = function (this: Readable): void {
        if (isFirst) this.push(archive.subarray(0, 2 ** 19));
        else isThere();
        isFirst = false;
      };
      return { source: new Readable({ read, highWaterMark: 1 }), reached };
    }

    for (const parents of [[], ['base']]) {
      it(`cancels ${parents.length === 0 ? 'a base layer' : 'a layer with a parent'} halfway, and removes it`, async () => {
        using store = await withBase();
        const before = store.listAll();
        const { source, reached } = halfWay();
        const abort = new AbortController();
        const importing = importLayer(source, { store, id: 'new', parents, signal: abort.signal });
        await reached;
        abort.abort(new Error('enough'));
        await assert.rejects(importing, (error: HcsAbortError) => {
          assert.equal(error.code, 'ABORT_ERR');
          assert.equal((error.cause as Error).message, 'enough');
          return true;
        });
        assert.ok(source.destroyed);
        assert.deepEqual([store.calls, store.listAll()], [[], before]);
      });
    }

    it('undoes the layer when cancelled during a host call', async () => {
      using store = await withBase();
      const before = store.listAll();
      const abort = new AbortController();
      store.step = (call) => {
        if (call.startsWith('import')) abort.abort();
      };
      await assert.rejects(load(store, 'new', ['base'], [files], { signal: abort.signal }), { code: 'ABORT_ERR' });
      assert.deepEqual(store.calls, ['import new on base', 'destroy new']);
      assert.deepEqual(store.listAll(), before);
    });

    it('does nothing when it is already aborted', async () => {
      using store = new FolderStore();
      await assert.rejects(load(store, 'new', [], [files], { signal: AbortSignal.abort() }), { code: 'ABORT_ERR' });
      assert.deepEqual(store.listAll(), []);
    });
  });

  it('rejects with the error of its stream, and removes everything written', async () => {
    using store = new FolderStore();
    const source = Readable.from(
      (function* () {
        yield tar(files).subarray(0, 1024);
        throw new Error('the network is gone');
      })(),
    );
    await assert.rejects(importLayer(source, { store, id: 'base', parents: [] }), /the network is gone/);
    // A stream may fail with anything.
    for (const [error, text] of [
      ['the text', 'the text'],
      [{}, 'an object'],
      [5, '5'],
    ] as const) {
      const failing = new Readable({ read: () => void failing.destroy(error as never) });
      const reason = `could not be read: ${text}`;
      await assert.rejects(importLayer(failing, { store, id: 'base', parents: [] }), { code: 'ERR_HC_LAYER', reason });
    }
    assert.deepEqual(store.listAll(), []);
  });

  for (const [what, options, field] of [
    ['an empty id', { id: '' }, 'id'],
    ['an id with a separator', { id: '../base' }, 'id'],
    ['the id of an existing layer', { id: 'base', parents: [] }, 'id'],
    ['a missing parent', { parents: ['none'] }, 'parents[0]'],
    ['itself as parent', { parents: ['new'] }, 'parents'],
    ['no parents', { parents: undefined as never }, 'parents'],
    ['a digest of another kind', { verify: { digest: 'md5:0' } }, 'verify.digest'],
    ['a negative size', { verify: { size: -1 } }, 'verify.size'],
    ['an unknown limit', { limits: { files: 1 } as never }, 'limits.files'],
    ['a limit of 0', { limits: { entries: 0 } }, 'limits.entries'],
    ['an unknown option', { timeoutMs: 5 } as never, 'options.timeoutMs'],
    ['an unknown check', { verify: { sha256: '' } as never }, 'verify.sha256'],
    ['an invalid signal', { signal: {} as never }, 'options.signal'],
    ['an invalid callback', { onProgress: 'no' as never }, 'options.onProgress'],
  ] as const) {
    it(`rejects ${what}`, async () => {
      using store = await withBase();
      const before = store.listAll();
      await assert.rejects(load(store, 'new', ['base'], [files], options), {
        code: 'ERR_HC_ARGUMENT',
        field,
      });
      assert.deepEqual([store.calls, store.listAll()], [[], before]);
    });
  }

  if (process.platform !== 'win32') {
    it('rejects a device as a source', async () => {
      using store = new FolderStore();
      const options = { store, id: 'base', parents: [] };
      await assert.rejects(importLayer('/dev/zero', options), { field: 'source', message: /Pass a Readable/ });
      assert.deepEqual(store.listAll(), []);
    });

    it('rejects on other systems for a Windows host, and leaves nothing behind', async () => {
      using store = new FolderStore();
      store.hostKind = 'windows';
      await assert.rejects(load(store, 'base', [], [files]), { code: 'ERR_HC_LAYER', reason: /on Windows only/ });
      assert.deepEqual(store.listAll(), []);
    });
  }

  it('rejects a source that is not a file', async () => {
    using store = new FolderStore();
    for (const source of [store.folder, join(store.folder, 'none'), 1 as never]) {
      await assert.rejects(importLayer(source, { store, id: 'a', parents: [] }), { field: 'source' });
    }
  });
});

describe('The utility VM of a layer', () => {
  const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';
  const folders = ['UtilityVM', 'UtilityVM/Files', 'UtilityVM/Files/EFI', 'UtilityVM/Files/EFI/Microsoft', boot];
  const machine = [
    ...folders.map((name) => folder(name)),
    file(`${boot}/BCD`, 'the parent'),
    file('UtilityVM/Files/kernel', 'k'),
  ];

  it('is processed after the base layer, with the boot data of the archive', async () => {
    using store = new FolderStore();
    const { hasUtilityVM } = await load(store, 'base', [], [files, ...machine]);
    assert.ok(hasUtilityVM);
    assert.deepEqual(store.calls, ['processBaseImage base', 'processUtilityImage base/UtilityVM']);
    assert.equal(readFileSync(store.pathOf('base/bcd.bak'), 'utf8'), 'the parent');
  });

  it('starts from that of the parent, with hard links except for the boot data', async () => {
    using store = await withBase(...machine);
    await load(store, 'top', ['base'], [files, folder('UtilityVM'), folder('UtilityVM/Files')]);
    assert.deepEqual(store.calls, ['import top on base', 'processUtilityImage top/UtilityVM']);
    const place = (path: string): number => inodeOf(store.pathOf(path));
    assert.equal(place('top/UtilityVM/Files/kernel'), place('base/UtilityVM/Files/kernel'));
    assert.notEqual(place(`top/${boot}/BCD`), place(`base/${boot}/BCD`));
    assert.equal(contents(store.pathOf('top'))[`${boot}/BCD`], contents(store.pathOf('base'))[`${boot}/BCD`]);
    const times = readFileSync(store.pathOf('top/FileTimes'), 'utf8');
    assert.match(times, /"UtilityVM\/Files\/kernel"/);
    assert.ok(isThere(store.pathOf('top/UtilityVM.$wcidirs$')));
  });

  it('does not change files of the parent that the archive replaces', async () => {
    using store = await withBase(...machine);
    const before = contents(store.pathOf('base'));
    const changed = [file(`${boot}/BCD`, 'the top'), file('UtilityVM/Files/kernel', 'new')];
    await load(store, 'top', ['base'], [files, ...folders.map((name) => folder(name)), ...changed]);
    assert.deepEqual(contents(store.pathOf('base')), before);
    assert.match(contents(store.pathOf('top'))['UtilityVM/Files/kernel']!, /6e6577$/);
    assert.equal(readFileSync(store.pathOf('top/bcd.bak'), 'utf8'), 'the top');
  });

  it('deletes exactly what a whiteout names', async () => {
    using store = await withBase(...machine);
    const entries = [files, folder('UtilityVM'), folder('UtilityVM/Files')];
    await load(store, 'top', ['base'], [...entries, file('UtilityVM/Files/.wh.EFI')]);
    assert.deepEqual(
      list(store.pathOf('top/UtilityVM')).filter((path) => !path.endsWith('$')),
      ['Files/', 'Files/kernel'],
    );
    const whiteout = file('UtilityVM/Files/.wh.none');
    await assert.rejects(load(store, 'other', ['base'], [...entries, whiteout]), { entry: whiteout.name });
  });

  it('starts from that of the nearest parent that has one', async () => {
    using store = await withBase(...machine);
    await load(store, 'middle', ['base'], [files]);
    await load(store, 'top', ['middle', 'base'], [files, folder('UtilityVM'), folder('UtilityVM/Files')]);
    const place = (path: string): number => inodeOf(store.pathOf(path));
    assert.equal(place('top/UtilityVM/Files/kernel'), place('base/UtilityVM/Files/kernel'));
  });

  it('is refused when no parent has one, and before its own entry', async () => {
    using store = await withBase();
    await assert.rejects(load(store, 'top', ['base'], [files, folder('UtilityVM')]), { entry: 'UtilityVM' });
    await assert.rejects(load(store, 'top', ['base'], [files, folder('UtilityVM/Files')]), {
      entry: 'UtilityVM/Files',
    });
    assert.ok(!isThere(store.pathOf('top')));
  });
});
