// What a container sends is not trusted: tars that were made to lead out of the folder they are written to.
import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import fc from 'fast-check';
import type { Header } from 'tar-stream';
import { pack } from 'tar-stream';

import { receive } from '../src/copy/copy-out.js';
import { linkNames } from '../src/copy/entry-links.js';
import { entryNames } from '../src/copy/entry-names.js';
import { guestEnd, guestPlace } from '../src/copy/places.js';
import { checkTarget } from '../src/copy/target.js';
import { Folder } from './support/folder.js';

type Made = Partial<Header> & { readonly name: string; readonly text?: string };

async function tarOf(...entries: readonly Made[]): Promise<Buffer> {
  const tar = pack();
  for (const { text = '', ...header } of entries) {
    if (header.type === undefined || header.type === 'file') tar.entry(header, text);
    else tar.entry(header);
  }
  tar.finalize();
  return buffer(tar);
}

const top: Made = { name: 'top/', type: 'directory' };

describe('What a container sends', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
    mkdirSync(folder.pathOf('into'));
    mkdirSync(folder.pathOf('outside'));
    folder.write('outside/kept.txt', 'kept');
  });
  afterEach(() => {
    assert.deepEqual(readdirSync(folder.path).sort(), ['into', 'outside']);
    assert.deepEqual(readdirSync(folder.pathOf('outside')), ['kept.txt']);
    assert.equal(readFileSync(folder.pathOf('outside/kept.txt'), 'utf8'), 'kept');
    folder[Symbol.dispose]();
  });

  const into = (...names: readonly string[]): string => join(folder.path, 'into', ...names);
  const take = async (tar: Buffer | Readable, from = 'C:\\top', to = into()): Promise<void> => {
    const source = tar instanceof Readable ? tar : Readable.from(pieces(tar));
    const target = await receive(source, guestPlace(from), await checkTarget(to), () => undefined);
    await target.finish();
    await target.dispose();
  };
  /** Nothing is left of a folder that was not there. */
  const refuses = async (wanted: RegExp, ...entries: readonly Made[]): Promise<void> => {
    await assert.rejects(tarOf(...entries).then(take), wanted);
    assert.deepEqual(readdirSync(into()), []);
  };

  it('is written below the folder, links and all', async () => {
    const tar = await tarOf(
      top,
      { name: 'top/a/b/', type: 'directory' },
      { name: './top/a/file.txt', text: 'text', mtime: new Date(86_400_000) },
      { name: 'top/a/again.txt', type: 'link', linkname: 'top/a/file.txt' },
      { name: 'top/a/b/up', type: 'symlink', linkname: '../file.txt' },
      { name: 'top/a/b/all', type: 'symlink', linkname: '../..' },
    );
    await take(tar);
    assert.equal(readFileSync(into('top', 'a', 'b', 'up'), 'utf8'), 'text');
    assert.equal(lstatSync(into('top/a/file.txt')).ino, lstatSync(into('top/a/again.txt')).ino);
    assert.equal(lstatSync(into('top/a/file.txt')).mtimeMs, 86_400_000);
    assert.equal(realpathSync(into('top', 'a', 'b', 'all')), realpathSync(into('top')));
    // Once more, over what is there.
    await take(tar);
    assert.deepEqual(readdirSync(into('top', 'a')).sort(), ['again.txt', 'b', 'file.txt']);
  });

  it('does not leave it by its names', async () => {
    await refuses(/"top\/\.\.\/x".*leads out/, top, { name: 'top/../x' });
    await refuses(/"\/etc\/x".*absolute/, top, { name: '/etc/x' });
    await refuses(/is not below "top"/, top, { name: 'other/x' });
    await refuses(/not what was asked for/, { name: 'top/x/', type: 'directory' });
    await refuses(/is no folder, where one was/, top, { name: 'top' });
  });

  it('does not leave it by links', async () => {
    const link = (name: string, linkname: string): Made => ({ name, type: 'symlink', linkname });
    for (const target of ['/etc', '..', '../outside', 'a/../..', './../x', 'a/..', '']) {
      const made = { ...link('top/link', 'x'), linkname: target };
      if (target !== '') await refuses(/is a link out of its folder/, top, made);
    }
    await refuses(/would go through/, top, link('top/link', 'a'), { name: 'top/link/x' });
    // Each alone is within: "a/b/up" is the top, so that "a/b/up/.." would be above it.
    await refuses(/is a link out/, top, link('top/a/b/up', '../..'), link('top/out', 'a/b/up/../x'));
    await refuses(/neither a file nor a folder/, link('top', 'x'));
  });

  it('is no more name of what it did not bring', async () => {
    await refuses(/did not come before/, top, { name: 'top/x', type: 'link', linkname: 'top/none' });
    await refuses(/absolute path/, top, { name: 'top/x', type: 'link', linkname: '/etc/passwd' });
    await refuses(
      /did not come before/,
      top,
      { name: 'top/l', type: 'symlink', linkname: 'x' },
      { name: 'top/y', type: 'link', linkname: 'top/l' },
    );
  });

  it('has sparse files, with what their map says', async () => {
    const sparse = (map: string, content: string, size: string, more: Record<string, string> = {}): Made => ({
      name: 'top/GNUSparseFile.0/x',
      pax: {
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': 'top/x',
        'GNU.sparse.realsize': size,
        ...more,
      },
      text: map === '' ? content : map.padEnd(Math.ceil(map.length / 512) * 512, '\0') + content,
    });
    await take(await tarOf(top, sparse('2\n1000\n3\n5000\n2000\n', `abc${'d'.repeat(2000)}`, '9000')));
    const wanted = Buffer.alloc(9000);
    wanted.write('abc', 1000);
    wanted.fill('d', 5000, 7000);
    assert.ok(wanted.equals(readFileSync(into('top', 'x'))));
    await take(await tarOf(top, sparse('0\n', '', '700')));
    assert.ok(Buffer.alloc(700).equals(readFileSync(into('top', 'x'))));
    rmSync(into('top'), { recursive: true });
    for (const [map, content, size] of [
      ['1\n0\n10\n', 'short', '10'],
      ['1\n0\n3\n', 'long', '10'],
      ['1\n8\n3\n', 'abc', '10'],
      ['2\n5\n1\n0\n1\n', 'ab', '10'],
      ['x\n', '', '10'],
      ['9999999999999999\n', '', '10'],
      ['1\n', '', '10'],
      ['', '1', '10'],
    ] as const)
      await refuses(/damaged map/, top, sparse(map, content, size));
    await refuses(/1000000 pieces/, top, sparse('1000001\n', '', '10'));
    await refuses(/not supported/, top, sparse('0\n', '', '1e9'));
    await refuses(/leads out/, top, sparse('0\n', '', '1', { 'GNU.sparse.name': 'top/../x' }));
  });

  it('is neither device nor of an unknown kind', async () => {
    for (const type of ['fifo', 'character-device', 'block-device'] as const)
      await refuses(/is neither file, folder nor link/, top, { name: 'top/x', type });
    await refuses(/sparse/, top, { name: 'top/x', pax: { 'GNU.sparse.major': '0', 'GNU.sparse.map': '0,1' } });
  });

  it('does not go through links that are there, and replaces those in its place', async () => {
    mkdirSync(into('top'));
    symlinkSync(folder.pathOf('outside'), into('top', 'link'));
    await assert.rejects(tarOf(top, { name: 'top/link/kept.txt', text: 'new' }).then(take), /would go through/);
    const through: Made = { name: 'top/mine', type: 'symlink', linkname: 'link/kept.txt' };
    await assert.rejects(tarOf(top, through).then(take), /a link that was there before/);
    writeFileSync(into('top', 'own'), 'own');
    const own: Made = { name: 'top/again', type: 'link', linkname: 'top/own' };
    await assert.rejects(tarOf(top, own).then(take), /did not come before/);
    await take(await tarOf(top, { name: 'top/link', text: 'new' }));
    assert.equal(readFileSync(into('top', 'link'), 'utf8'), 'new');
    // A file that has another name outside is replaced as well.
    linkSync(folder.pathOf('outside/kept.txt'), into('top', 'hard'));
    await take(await tarOf(top, { name: 'top/hard', text: 'new' }));
    await assert.rejects(tarOf(top, { name: 'top/hard/', type: 'directory' }).then(take), /is no folder/);
  });

  it('has no name before it is whole', async () => {
    const file = await tarOf({ name: 'top', text: 'x'.repeat(100_000) });
    for (const size of [0, 100, 512, 1000, 50_000]) {
      await assert.rejects(take(file.subarray(0, size)), /cut off|sent nothing/, String(size));
      assert.deepEqual(readdirSync(into()), []);
    }
    const tree = await tarOf(top, { name: 'top/a', text: 'a' }, { name: 'top/b', text: 'b'.repeat(1000) });
    await assert.rejects(take(tree.subarray(0, 2500)), /cut off/);
    assert.deepEqual(readdirSync(into()), []);
    writeFileSync(into('top'), 'before');
    await assert.rejects(take(file.subarray(0, 50_000)), /cut off/);
    assert.equal(readFileSync(into('top'), 'utf8'), 'before');
    await take(file);
    assert.equal(readFileSync(into('top'), 'utf8').length, 100_000);
  });

  it('is one file where a file was asked for', async () => {
    await refuses(/comes with a file/, { name: 'top', text: 'a' }, { name: 'top/x', text: 'b' });
    const target = await checkTarget(into());
    const other = Readable.from([await tarOf({ name: 'top', text: 'a' })]);
    await assert.rejects(
      receive(other, guestPlace('C:\\top\\'), target, () => undefined),
      /is no folder/,
    );
  });

  it('may claim any size, and be no tar', async () => {
    const tar = await tarOf(top, { name: 'top/x', text: 'x' });
    const claim = (size: Buffer): Buffer => {
      const made = Buffer.from(tar);
      size.copy(made, 512 + 124);
      made.fill(' ', 512 + 148, 512 + 156);
      const sum = made.subarray(512, 1024).reduce((total, byte) => total + byte, 0);
      made.write(`${sum.toString(8).padStart(6, '0')}\0 `, 512 + 148);
      return made;
    };
    const huge = Buffer.from([0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255]);
    await assert.rejects(take(claim(huge)), /cut off/);
    const negative = Buffer.alloc(12, 255);
    await assert.rejects(take(claim(negative)), /no tar, or damaged/);
    await assert.rejects(take(Buffer.alloc(4096, 'no tar')), /no tar, or damaged/);
    assert.deepEqual(readdirSync(into()), []);
  });

  it('ends when its stream breaks', async () => {
    const tar = await tarOf(top, { name: 'top/x', text: 'x'.repeat(5000) });
    const source = Readable.from(
      (function* () {
        yield tar.subarray(0, 2000);
        throw new Error('gone');
      })(),
    );
    await assert.rejects(take(source), /gone/);
    assert.deepEqual(readdirSync(into()), []);
  });

  it('stays below the folder, whatever it consists of', async function () {
    this.timeout(120_000);
    const part = fc.constantFrom('a', 'b', 'c', '..', '.');
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const entry = fc.record({
      name: path.map((each) => `top/${each}`),
      type: fc.constantFrom('file', 'directory', 'symlink', 'link'),
      linkname: fc.oneof(
        path,
        path.map((each) => `top/${each}`),
      ),
    });
    let written = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
        using own = new Folder();
        mkdirSync(own.pathOf('into'));
        mkdirSync(own.pathOf('into/top'));
        for (const made of entries) {
          const { type, name, linkname } = made;
          const tar = await tarOf(top, type === 'symlink' || type === 'link' ? made : { type, name });
          // Into the same folder each time, so that what one has left is there for the next.
          await take(tar, 'C:\\top', own.pathOf('into')).then(
            () => written++,
            () => undefined,
          );
          assert.deepEqual([readdirSync(own.path), readdirSync(own.pathOf('into'))], [['into'], ['top']], linkname);
          for (const link of linksBelow(own.pathOf('into/top'))) assert.ok(staysIn(own.pathOf('into/top'), link), link);
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(written > 100);
  });
});

describe('The names in a tar', () => {
  it('are those of the host', () => {
    const names = (name: string) => entryNames(name, 'win32');
    assert.deepEqual(names('./a//b.txt/'), ['a', 'b.txt']);
    assert.deepEqual(names('a\\b'), ['a', 'b']);
    assert.deepEqual(entryNames('a\\b:c', 'linux'), ['a\\b:c']);
    const wrong = [
      'con',
      'a/NUL.txt',
      'com1',
      'COM¹.log',
      'aux .x',
      'a:b',
      'C:/x',
      'c:x',
      '\\\\host\\x',
      '\\x',
      'a\\..\\x',
    ];
    for (const name of [...wrong, 'a.', 'b ', 'a?', 'a/\x01', 'conin$'])
      assert.throws(() => names(name), /container sent/, name);
    for (const name of ['console', 'a.con', 'com10', 'nul-x']) assert.deepEqual(names(name), [name]);
    for (const name of ['', 'a\0b', 'a/'.repeat(20_000)]) assert.throws(() => entryNames(name, 'linux'), /no name/);
  });

  it('of links of Windows lead nowhere else', () => {
    for (const target of ['C:\\x', 'C:x', '\\\\host\\x', '\\x', '..\\..\\x', 'a\\..\\..\\x', 'con'])
      assert.throws(() => linkNames('l', target, ['in'], 'win32'), /link out/, target);
    assert.deepEqual(linkNames('l', '..\\a/b', ['in'], 'win32'), ['a', 'b']);
    assert.throws(() => linkNames('l', null, [], 'win32'), /link out/);
  });
});

describe('The ends of a copy', () => {
  it('are told apart as Docker does', () => {
    for (const word of ['-', './a:b', '../a:b', '/a:b', 'a', 'a/b']) assert.equal(guestEnd(word, 'linux'), undefined);
    assert.equal(guestEnd('C:\\x', 'win32'), undefined);
    assert.equal(guestEnd('C:\\x', 'linux')?.id, 'C');
    assert.equal(guestEnd('web:C:\\x', 'win32')?.place.path, 'C:\\x');
    for (const word of [':x', 'web:', 'web:..', 'web:a?']) assert.throws(() => guestEnd(word), /./, word);
  });

  it('are taken apart', () => {
    const parts = (text: string) => {
      const { folder, name, isContents, isFolder } = guestPlace(text);
      return [folder, name, isContents, isFolder];
    };
    assert.deepEqual(parts('C:\\a\\b'), ['C:\\a', 'b', false, false]);
    assert.deepEqual(parts('C:\\a'), ['C:\\', 'a', false, false]);
    assert.deepEqual(parts('C:/a/b/'), ['C:/a', 'b', false, true]);
    assert.deepEqual(parts('C:\\a\\.'), ['C:\\', 'a', true, true]);
    assert.deepEqual(parts('a/b'), ['/a', 'b', false, false]);
    assert.deepEqual(parts('.hidden'), ['/', '.hidden', false, false]);
    for (const root of ['C:', 'C:\\', '/', '/.', '.']) assert.equal(guestPlace(root).name, undefined, root);
  });
});

/** In pieces that end anywhere. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1009) yield bytes.subarray(at, at + 1009);
}

function linksBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Whether all that a link leads to, as far as it is there, is below the root. */
function staysIn(root: string, link: string): boolean {
  let at = realpathSync(join(link, '..'));
  const real = realpathSync(root);
  for (const part of readlinkSync(link).split('/')) {
    at = join(at, part);
    if (existsSync(at)) at = realpathSync(at);
    if (at !== real && !at.startsWith(real + sep)) return false;
  }
  return true;
}
