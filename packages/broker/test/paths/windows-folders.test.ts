import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { HeldPath } from 'hostcompute/remote';
import { HeldPathError } from 'hostcompute/remote';

import type { Wanted } from '../../src/documents/shapes.js';
import type { Held } from '../../src/paths/held-folders.js';
import { HeldError } from '../../src/paths/held-folders.js';
import type { Hold } from '../../src/paths/windows-folders.js';
import { WindowsFolders } from '../../src/paths/windows-folders.js';
import { anna, caller } from '../support/broker.js';

const request = (root: string, names: readonly string[], want: Wanted, write: boolean) => ({
  root,
  names,
  want,
  write,
  caller: caller(anna),
});

describe('WindowsFolders', () => {
  /** Folders of a host that answers so. */
  class Answering {
    asked = 0;
    released = 0;
    answer: Partial<HeldPath>;
    constructor(answer: Partial<HeldPath> = {}) {
      this.answer = answer;
    }
    readonly hold: Hold = (root, names) => {
      this.asked++;
      return Promise.resolve({
        path: [root, ...names].join('\\'),
        identity: '1:2',
        kind: 'file',
        links: 1,
        caseSensitive: false,
        release: () => {
          this.released++;
        },
        ...this.answer,
      });
    };
    reach(names: readonly string[], want: Wanted = 'file', write = true): Promise<Held> {
      return new WindowsFolders(this.hold).hold(request('D:\\root', names, want, write));
    }
  }

  it('asks the system for nothing that its letters refuse', async () => {
    const host = new Answering();
    const names = [
      ...[
        '..',
        '.',
        '',
        'a/b',
        'a:b',
        'a::$DATA',
        'a.',
        'a ',
        ' a',
        'NUL',
        'nul.vhdx',
        'COM1',
        'com\u00b9.x',
        'CONIN$',
      ],
      ...['LAYERS~1', 'a*', 'a?', 'a|b', 'a\0b', 'a\ud800', 'x'.repeat(256)],
    ];
    for (const name of names) {
      await assert.rejects(host.reach(['layers', name]), HeldError, name);
      await assert.rejects(host.reach([name, 'x']), HeldError, name);
    }
    for (const root of ['layers', '\\layers', '\\\\server\\share', '\\\\?\\D:\\x', '\\\\.\\D:\\x', '\\??\\D:\\x']) {
      const folders = new WindowsFolders(host.hold);
      await assert.rejects(folders.hold(request(root, ['x'], 'file', false)), HeldError, root);
    }
    assert.equal(host.asked, 0);
  });

  it('refuses what has another final name: a short name, a drive of a folder, another machine, a renamed folder', async () => {
    const finals = [
      'D:\\root\\layers-long',
      'E:\\root\\LAYERS',
      'UNC\\server\\root\\layers',
      'D:\\root',
      'D:\\root\\layers\\x',
    ];
    for (const path of finals) {
      const host = new Answering({ path });
      await assert.rejects(host.reach(['layers']), /must be the final name/);
      assert.equal(host.released, 1);
    }
    const held = await new Answering({ path: 'd:\\Root\\LAYERS' }).reach(['layers']);
    assert.equal(held.path, 'd:\\Root\\LAYERS');
  });

  it('refuses what is not what was wanted, and releases it', async () => {
    for (const [answer, want, why] of [
      [{ links: 2 }, 'file', /no other hard link/],
      [{ links: 0 }, 'file', /no other hard link/],
      [{ kind: 'folder' }, 'file', /must be a plain file/],
      [{ kind: 'folder' }, 'new', /must be a plain file/],
      [{ kind: 'file' }, 'folder', /must be a folder/],
      [{ kind: 'folder' }, 'newFolder', /must not be there yet/],
      [{ caseSensitive: true }, 'file', /where case makes another name/],
    ] as const) {
      const host = new Answering(answer);
      await assert.rejects(host.reach(['x'], want), why);
      assert.equal(host.released, 1);
    }
    const host = new Answering({ links: 2 });
    (await host.reach(['x'], 'file', false)).release();
    assert.equal(host.released, 1);
  });

  it('sees when the path leads elsewhere, to another file, or nowhere', async () => {
    for (const answer of [{ identity: '1:3' }, { path: 'D:\\root\\X' }, { kind: 'missing' }, { links: 2 }] as const) {
      const host = new Answering();
      const held = await host.reach(['x'], 'new');
      assert.equal(await held.isSame(), true);
      host.answer = answer;
      assert.equal(await held.isSame(), false);
      held.release();
      assert.equal(host.released, host.asked);
    }
  });

  it('says what cannot be held', async () => {
    const refusing = (status: number) => new WindowsFolders(() => Promise.reject(new HeldPathError('x', status)));
    const missing = refusing(0xc0000034).hold(request('D:\\root', ['x'], 'file', false));
    await assert.rejects(missing, { name: 'HeldError', missing: true });
    const link = refusing(0xc000050b).hold(request('D:\\root', ['x'], 'file', false));
    await assert.rejects(link, { name: 'HeldError', missing: false, message: /it is a link/ });
  });

  // The native part is there on Windows alone. Wine lets no program make junctions or symbolic links.
  if (process.platform !== 'win32') return;

  describe('on the files of Windows', () => {
    let folder: string;
    let root: string;

    beforeEach(() => {
      folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'hostcompute-broker-')));
      root = join(folder, 'root');
      mkdirSync(join(root, 'layers', 'base'), { recursive: true });
      mkdirSync(join(folder, 'secret'));
      writeFileSync(join(root, 'layers', 'disk.vhdx'), 'a disk');
      writeFileSync(join(folder, 'secret', 'disk.vhdx'), 'a secret');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const hold = (names: string[], want: Wanted = 'file', write = false): Promise<Held> =>
      new WindowsFolders().hold(request(root, names, want, write));

    it('gives the final name of a file and of a folder', async () => {
      for (const [names, want] of [
        [['layers', 'disk.vhdx'], 'file'],
        [['LAYERS', 'Disk.VHDX'], 'file'],
        [['layers', 'base'], 'folder'],
        [[], 'folder'],
      ] as const) {
        const held = await hold([...names], want, true);
        assert.equal(held.path.toLowerCase(), join(root, ...names).toLowerCase());
        assert.equal(await held.isSame(), true);
        held.release();
        held.release();
      }
      const held = await hold(['LAYERS', 'Disk.VHDX']);
      assert.equal(held.path, join(root, 'layers', 'disk.vhdx'));
      held.release();
    });

    it('keeps its folders from being renamed, until it is released', async () => {
      for (const [names, want] of [
        [['layers', 'disk.vhdx'], 'file'],
        [['layers', 'base'], 'folder'],
      ] as const) {
        const held = await hold([...names], want);
        for (const each of [root, join(root, 'layers'), ...(want === 'folder' ? [join(root, ...names)] : [])])
          assert.throws(() => renameSync(each, `${each}-moved`), { code: /EBUSY|EPERM|EACCES/ }, each);
        held.release();
      }
      renameSync(join(root, 'layers'), join(root, 'old'));
    });

    it('keeps nobody from deleting what the call is to delete', async () => {
      const base = join(root, 'layers', 'base');
      const kept = await hold(['layers', 'base'], 'folder', true);
      assert.throws(() => rmdirSync(base));
      kept.release();
      const deleting = (name: string): Promise<Held> =>
        new WindowsFolders().hold({ ...request(root, ['layers', name], 'folder', true), removes: true });
      const seen = await deleting('base');
      assert.equal(await seen.isSame(), true);
      assert.throws(() => renameSync(join(root, 'layers'), join(root, 'old')));
      rmdirSync(base);
      assert.equal(existsSync(base), false);
      seen.release();
      await assert.rejects(deleting('disk.vhdx'), /must be a folder/);
    });

    it('refuses what is not what was wanted', async () => {
      await assert.rejects(hold(['layers', 'base']), /must be a plain file/);
      await assert.rejects(hold(['layers', 'disk.vhdx'], 'folder'), /it is not a folder/);
      await assert.rejects(hold(['layers', 'disk.vhdx', 'x']), HeldError);
      await assert.rejects(hold(['layers', 'base'], 'newFolder', true), /must not be there yet/);
      linkSync(join(folder, 'secret', 'disk.vhdx'), join(root, 'layers', 'hard.vhdx'));
      await assert.rejects(hold(['layers', 'hard.vhdx'], 'file', true), /must have no other hard link/);
      (await hold(['layers', 'hard.vhdx'])).release();
    });

    it('refuses what a link leads to', async () => {
      // npm has made it: a junction on Windows, a link that Wine follows by itself under Wine.
      const modules = fileURLToPath(new URL('../../../../../node_modules', import.meta.url));
      for (const names of [['hostcompute', 'package.json'], ['hostcompute']]) {
        const linked = new WindowsFolders().hold(request(modules, names, 'any', false));
        await assert.rejects(linked, /it is a link|must be the final name/);
      }
      if (process.env.HOSTCOMPUTE_TEST_WINE !== '1') return;
      // The one kind of link that Wine has: where another file system begins.
      const mounted = new WindowsFolders().hold(request('Z:\\proc', ['version'], 'file', false));
      await assert.rejects(mounted, /holding "proc": it is a link/);
    });

    it('takes what is not there only where it is to be made', async () => {
      for (const want of ['file', 'folder'] as const)
        await assert.rejects(hold(['layers', 'no'], want), { name: 'HeldError', missing: true });
      for (const want of ['new', 'newFolder', 'any'] as const) {
        const held = await hold(['layers', 'no'], want, true);
        assert.equal(held.path, join(root, 'layers', 'no'));
        held.release();
      }
      await assert.rejects(hold(['no', 'x'], 'new', true), { name: 'HeldError', missing: true });
    });

    it('sees when a file becomes another, goes, or comes', async () => {
      const disk = join(root, 'layers', 'disk.vhdx');
      const another = await hold(['layers', 'disk.vhdx']);
      renameSync(disk, join(root, 'layers', 'old.vhdx'));
      renameSync(join(folder, 'secret', 'disk.vhdx'), disk);
      assert.equal(await another.isSame(), false);
      another.release();
      const gone = await hold(['layers', 'disk.vhdx']);
      renameSync(disk, join(root, 'layers', 'older.vhdx'));
      assert.equal(await gone.isSame(), false);
      gone.release();
      const come = await hold(['layers', 'disk.vhdx'], 'new', true);
      writeFileSync(disk, 'another');
      assert.equal(await come.isSame(), false);
      come.release();
    });

    it('holds 200 paths at once', async () => {
      const all = await Promise.all(Array.from({ length: 200 }, () => hold(['layers', 'disk.vhdx'])));
      for (const held of all) held.release();
      renameSync(root, join(folder, 'elsewhere'));
      mkdirSync(root);
    });
  });
});
