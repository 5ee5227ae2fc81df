import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Wanted } from '../../src/documents/shapes.js';
import type { Held, HeldFolders } from '../../src/paths/held-folders.js';
import { RefusingFolders } from '../../src/paths/held-folders.js';
import { LinuxFolders } from '../../src/paths/linux-folders.js';
import { anna, caller } from '../support/broker.js';

const descriptors = (): number => readdirSync('/proc/self/fd').length;

// It is about what Linux does with names: there is nothing to show elsewhere.
if (process.platform === 'linux') {
  describe('LinuxFolders', () => {
    let folder: string;
    let root: string;

    beforeEach(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostcompute-broker-')));
      root = join(folder, 'root');
      mkdirSync(join(root, 'layers', 'base'), { recursive: true });
      mkdirSync(join(folder, 'secret'));
      writeFileSync(join(root, 'layers', 'disk.vhdx'), 'a disk');
      writeFileSync(join(folder, 'secret', 'disk.vhdx'), 'a secret');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const hold = (names: string[], want: Wanted = 'file', write = false, folders = new LinuxFolders()): Promise<Held> =>
      folders.hold({ root, names, want, write, caller: caller(anna) });

    it('gives the final name of a file and of a folder', async () => {
      for (const [names, want] of [
        [['layers', 'disk.vhdx'], 'file'],
        [['layers', 'base'], 'folder'],
        [[], 'folder'],
      ] as const) {
        const held = await hold([...names], want, true);
        assert.equal(held.path, join(root, ...names));
        assert.equal(await held.isSame(), true);
        held.release();
      }
    });

    it('refuses a link at the end, in the middle, and in place of the folder of the policy', async () => {
      symlinkSync(join(folder, 'secret', 'disk.vhdx'), join(root, 'layers', 'link.vhdx'));
      symlinkSync(join(folder, 'secret'), join(root, 'linked'));
      symlinkSync('base', join(root, 'layers', 'inside'));
      await assert.rejects(hold(['layers', 'link.vhdx']), /must not be a link/);
      await assert.rejects(hold(['layers', 'link.vhdx'], 'new', true), /must not be a link/);
      await assert.rejects(hold(['layers', 'inside'], 'folder'), /must not be a link/);
      await assert.rejects(hold(['linked', 'disk.vhdx']), /without following a link: ENOTDIR/);
      renameSync(root, join(folder, 'elsewhere'));
      symlinkSync(join(folder, 'elsewhere'), root);
      await assert.rejects(hold(['layers', 'disk.vhdx']), /without following a link: ENOTDIR/);
    });

    it('refuses a folder of the policy below a link', async () => {
      symlinkSync(root, join(folder, 'other'));
      const request = {
        root: join(folder, 'other', 'layers'),
        names: ['disk.vhdx'],
        want: 'file',
        write: false,
      } as const;
      await assert.rejects(new LinuxFolders().hold({ ...request, caller: caller(anna) }), /reached by a link/);
    });

    it('refuses what is not a plain file, without opening it', async () => {
      execFileSync('mkfifo', [join(root, 'layers', 'fifo')]);
      for (const name of ['fifo', 'base']) await assert.rejects(hold(['layers', name]), /must be a plain file/);
      await assert.rejects(hold(['layers', 'disk.vhdx'], 'folder'), /must be a folder/);
    });

    it('refuses to write a file that has another hard link', async () => {
      linkSync(join(folder, 'secret', 'disk.vhdx'), join(root, 'layers', 'hard.vhdx'));
      await assert.rejects(hold(['layers', 'hard.vhdx'], 'file', true), /must have no other hard link/);
      (await hold(['layers', 'hard.vhdx'])).release();
    });

    it('takes what is not there only where it is to be made', async () => {
      for (const want of ['file', 'folder'] as const) await assert.rejects(hold(['layers', 'no'], want), /ENOENT/);
      for (const want of ['new', 'newFolder', 'any'] as const) {
        const held = await hold(['layers', 'no'], want, true);
        assert.equal(held.path, join(root, 'layers', 'no'));
        held.release();
      }
      await assert.rejects(hold(['no', 'x'], 'new', true), /ENOENT/);
      await assert.rejects(hold(['layers', 'base'], 'newFolder', true), /must not be there yet/);
    });

    // What a client does between the check and the use.
    const swaps: Readonly<Record<string, () => void>> = {
      'the file becomes a link': () => {
        rmSync(join(root, 'layers', 'disk.vhdx'));
        symlinkSync(join(folder, 'secret', 'disk.vhdx'), join(root, 'layers', 'disk.vhdx'));
      },
      'the file becomes another': () => {
        renameSync(join(root, 'layers', 'disk.vhdx'), join(root, 'layers', 'old.vhdx'));
        renameSync(join(folder, 'secret', 'disk.vhdx'), join(root, 'layers', 'disk.vhdx'));
      },
      'a folder becomes a link': () => {
        renameSync(join(root, 'layers'), join(root, 'old'));
        symlinkSync(join(folder, 'secret'), join(root, 'layers'));
      },
      'a folder becomes another': () => {
        renameSync(join(root, 'layers'), join(root, 'old'));
        renameSync(join(folder, 'secret'), join(root, 'layers'));
      },
      'the folder of the policy becomes a link': () => {
        renameSync(root, join(folder, 'old'));
        symlinkSync(folder, root);
      },
      'the file goes': () => rmSync(join(root, 'layers', 'disk.vhdx')),
    };
    for (const [title, swap] of Object.entries(swaps)) {
      it(`sees when ${title}`, async () => {
        const held = await hold(['layers', 'disk.vhdx'], 'file', false, new LinuxFolders(swap));
        assert.equal(await held.isSame(), false);
        held.release();
      });
    }

    it('sees when a link comes where a file was to be made', async () => {
      const swap = (): void => symlinkSync(join(folder, 'secret', 'x'), join(root, 'layers', 'new'));
      const held = await hold(['layers', 'new'], 'new', true, new LinuxFolders(swap));
      assert.equal(await held.isSame(), false);
      held.release();
    });

    it('sees when a folder is renamed while it is walked', async () => {
      const held = await hold(['layers', 'base'], 'folder');
      renameSync(join(root, 'layers'), join(root, 'old'));
      assert.equal(await held.isSame(), false);
      held.release();
    });

    it('closes what it has opened, also when it refuses', async () => {
      const before = descriptors();
      const held = await hold(['layers', 'disk.vhdx']);
      assert.ok(descriptors() > before);
      await held.isSame();
      held.release();
      held.release();
      await assert.rejects(hold(['layers', 'no']));
      assert.equal(descriptors(), before);
    });
  });
}

describe('RefusingFolders', () => {
  it('holds nothing, and says so', async () => {
    const request = { root: 'D:\\x', names: ['y'], want: 'file', write: false, caller: caller(anna) } as const;
    const folders: HeldFolders = new RefusingFolders('windows');
    await assert.rejects(folders.hold(request), /no part that holds folders on this system/);
  });
});
