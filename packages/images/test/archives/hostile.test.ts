import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { ImageError } from '../../src/image-error.js';
import type { BuiltImage, Entry } from '../support/built-image.js';
import { builtImage, hexOf, imageOf, layerOf, layoutFiles, tarOf, writeLayout } from '../support/built-image.js';
import { oldSave } from '../support/docker-save.js';
import { useImages } from '../support/image-bench.js';
import { stride } from '../support/positions.js';

const name = 'example.test/app:1';

describe('An archive that is not to be trusted', () => {
  const bench = useImages();
  let image: BuiltImage;
  beforeEach(async () => {
    image = await builtImage();
  });

  const refused = async (source: Buffer | string, message: RegExp, code = 'ERR_HC_IMAGE_ARCHIVE'): Promise<void> => {
    let path = source;
    if (typeof path !== 'string') {
      path = join(bench.place, 'archive');
      writeFileSync(path, source);
    }
    await assert.rejects(bench.images.load(path), (error: ImageError) => {
      assert.ok(error instanceof ImageError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      assert.ok(error.message.endsWith(error.remedy));
      return true;
    });
    // Blobs that were cancelled for another one's sake may be there in part.
    const downloads = readdirSync(join(bench.folder, 'downloads'));
    assert.deepEqual(
      downloads.filter((file) => !/^[0-9a-f]{64}$/.test(file)),
      [],
    );
    assert.deepEqual(readdirSync(join(bench.folder, 'leases')), []);
    // Layers below the one that is wrong are whole.
    const records = readdirSync(join(bench.folder, 'records', 'layers'));
    assert.deepEqual(
      readdirSync(bench.images.layers.folder).sort(),
      records.map((file) => file.replace('.json', '')).sort(),
    );
    assert.deepEqual(await bench.images.list(), []);
  };
  const saved = (manifest: unknown, ...more: readonly Entry[]): Promise<Buffer> =>
    tarOf([...more, ['manifest.json', typeof manifest === 'string' ? manifest : JSON.stringify(manifest)]]);
  const configuration = (): Entry => ['config.json', image.blobs.get(image.configuration.digest)!];

  for (const path of ['../config.json', '/etc/passwd', 'a/../../b', 'c:\\b', 'a\\b', 'con:fig', '']) {
    it(`may not name the file ${JSON.stringify(path)}`, async () => {
      await refused(await saved([{ Config: path, Layers: [] }]), /outside of it or has no plain name/);
      await refused(await saved([{ Config: 'config.json', Layers: [path] }], configuration()), /outside of it/);
    });
  }

  it('may not have entries with such names, or links to them', async () => {
    await refused(await saved([], ['../a', 'a']), /"\.\.\/a"/);
    await refused(await saved([], ['a/b', '', { type: 'symlink', linkname: '../../c' }]), /"\.\.\/c"/);
    await refused(await saved([], ['a', '', { type: 'symlink', linkname: '/etc/passwd' }]), /etc\/passwd/);
    await refused(await saved([], ['a', '', { type: 'link', linkname: '../../etc/passwd' }]), /etc\/passwd/);
  });

  it('may not have a file twice, or links in a circle', async () => {
    await refused(await saved([], ['a', 'a'], ['./a', 'b']), /has a twice/);
    const link = (from: string, to: string): Entry => [from, '', { type: 'symlink', linkname: to }];
    const circle = [link('a', 'b'), link('b', 'a')];
    await refused(await saved([{ Config: 'a', Layers: [] }], ...circle), /in a circle/);
  });

  // On Windows links take a privilege.
  if (process.platform !== 'win32')
    it('may not be a folder with links that lead out of it', async () => {
      const layout = await writeLayout(join(bench.place, 'layout'), image, name);
      writeFileSync(join(bench.place, 'outside.json'), '[]');
      mkdirSync(join(bench.place, 'docker'));
      symlinkSync(join(bench.place, 'outside.json'), join(bench.place, 'docker', 'manifest.json'));
      await refused(join(bench.place, 'docker'), /leads out of the folder/);
      // A link inside is followed.
      const blob = hexOf(image.blobs.get(image.configuration.digest)!);
      symlinkSync(`blobs/sha256/${blob}`, join(layout, 'link.json'));
      writeFileSync(join(layout, 'manifest.json'), JSON.stringify([{ Config: 'link.json', RepoTags: [], Layers: [] }]));
      assert.equal((await bench.images.load(layout)).length, 1);
    });

  it('has to have what it names', async () => {
    await refused(await saved([{ Config: 'config.json', Layers: [] }]), /has no config.json/);
    await refused(await saved([{ Config: 'config.json', Layers: ['a.tar'] }], configuration()), /has no a.tar/);
    const files = layoutFiles([[name, image]]);
    const without = (digest: string): Promise<Buffer> =>
      tarOf([...files].filter(([path]) => path !== `blobs/${digest.replace(':', '/')}`));
    for (const { digest } of [image.manifest, image.configuration, image.layers[0]!]) {
      await refused(await without(digest), new RegExp(`has no blobs/sha256/${digest.slice('sha256:'.length)}`));
    }
  });

  it('says of a foreign layer that only its registry has it', async () => {
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const foreign = imageOf(image.tars, {
      manifest: { layers: image.layers.map((layer, i) => (i === 0 ? { ...layer, mediaType } : layer)) },
    });
    const files = layoutFiles([[name, foreign]]);
    files.delete(`blobs/${image.layers[0]!.digest.replace(':', '/')}`);
    await refused(await tarOf([...files]), /foreign layer.*pull the image from its registry/);
  });

  it('has to have what its digests say', async () => {
    const files = layoutFiles([[name, image]]);
    for (const { digest } of [image.manifest, image.configuration, image.layers[0]!]) {
      const path = `blobs/${digest.replace(':', '/')}`;
      const wrong = Buffer.from(files.get(path)!);
      wrong[wrong.length - 2]! ^= 1;
      const archive = await tarOf([...new Map(files).set(path, wrong)]);
      const isDocument = digest === image.manifest.digest;
      await refused(archive, /digest|not what was received/, isDocument ? undefined : 'ERR_HC_IMAGE_CONTENT');
    }
    const path = `blobs/${image.layers[0]!.digest.replace(':', '/')}`;
    await refused(await tarOf([...new Map(files).set(path, Buffer.from('short'))]), /has 5 bytes, and not the/);
  });

  it('may not be a layout of a version that is not known', async () => {
    const files = layoutFiles([[name, image]]);
    files.set('oci-layout', Buffer.from('{"imageLayoutVersion":"2.0.0"}'));
    await refused(await tarOf([...files].map(([path, bytes]): Entry => [path, bytes])), /version "2\.0\.0"/);
  });

  it('may not have documents that are too large, or are no documents', async () => {
    await refused(await saved(' '.repeat(4 * 2 ** 20 + 1)), /4194305 bytes/);
    for (const [text, message] of [
      ['{', /no JSON/],
      ['{}', /must be a list/],
      ['[{}]', /Config must be a text/],
      ['[{"Config":1}]', /Config must be a text/],
      ['[{"Config":"config.json","Layers":"a"}]', /Layers must be a list/],
    ] as const) {
      await refused(await saved(text, configuration()), message, 'ERR_HC_IMAGE_CONTENT');
    }
    await refused(await saved('[]'), /has no images/);
  });

  it('is refused wherever it was cut off, and never half loaded', async () => {
    const small = imageOf([await layerOf({ a: 'a' })]);
    const tar = await oldSave([{ image: small, names: [name] }]);
    for (let length = 1; length < tar.length - 1024; length += 256) {
      await refused(tar.subarray(0, length), /cut off|is no tar|damaged|is text/);
    }
    const packed = gzipSync(tar);
    for (let length = 1; length < packed.length; length += 41) {
      await refused(packed.subarray(0, length), /cannot be decompressed|is no tar|cut off/);
    }
  });

  for (const end of ['is cut off', 'fails'])
    it(`leaves no file when a stream ${end} while its file is being opened`, async () => {
      const file = new EventEmitter();
      const [opening, opened] = [once(file, 'opening'), once(file, 'opened')];
      const { open } = fs;
      let isOver = false;
      // Slower than anything else, unless the call waits for it.
      const late = async (...input: unknown[]): Promise<void> => {
        file.emit('opening');
        for (let turn = 0; turn < 1000 && !isOver; turn++) await setImmediate();
        const answer = input.pop() as (...answer: unknown[]) => void;
        (open as (...input: unknown[]) => void)(...input, (...answers: unknown[]) => {
          answer(...answers);
          file.emit('opened');
        });
      };
      (fs as { open: unknown }).open = (...input: unknown[]) => void late(...input);
      try {
        const packed = gzipSync(await saved([], ['a', randomBytes(10_000)]));
        const source = async function* (): AsyncGenerator<Buffer> {
          yield packed.subarray(0, 5000);
          await opening;
          if (end === 'fails') throw new Error('no more of it');
        };
        await assert.rejects(bench.images.load(Readable.from(source())));
        isOver = true;
        await opened;
        assert.deepEqual(readdirSync(join(bench.folder, 'downloads')), []);
      } finally {
        (fs as { open: unknown }).open = open;
      }
    });

  it('has its stream destroyed when nothing of it is read', async () => {
    const stream = (): Readable => Readable.from(['unread']);
    const [badName, badOption, late] = [stream(), stream(), stream()];
    await assert.rejects(bench.images.load(badName, { reference: 'BAD' }));
    await assert.rejects(bench.images.load(badOption, { timeoutMs: -1 }));
    await bench.images.close();
    await assert.rejects(bench.images.load(late));
    assert.deepEqual([badName.destroyed, badOption.destroyed, late.destroyed], [true, true, true]);
  });

  it('is refused with a byte that is another, or is the same image', async () => {
    const small = imageOf([await layerOf({ a: 'a' })]);
    const tar = await oldSave([{ image: small, names: [name] }]);
    const path = join(bench.place, 'changed.tar');
    let tries = 0;
    let refusals = 0;
    for (let at = 0; at < tar.length; at += 41 * stride(5)) {
      tries++;
      const changed = Buffer.from(tar);
      changed[at]! ^= 0x41;
      writeFileSync(path, changed);
      try {
        const [loaded] = await bench.images.load(path);
        // What is not of the image may be anything; of the configuration only one has the right layers.
        assert.equal(loaded!.layers.length, 1);
        assert.equal(loaded!.layers[0], hexOf(small.tars[0]!));
        await bench.images.remove(loaded!.id, { force: true });
      } catch (error) {
        assert.ok(error instanceof ImageError, String(error));
        refusals++;
      }
    }
    assert.ok(refusals > tries / 10);
    await bench.images.prune();
    assert.deepEqual(readdirSync(bench.images.layers.folder), []);
  });

  it('may not say that an entry has a size that no file has', async () => {
    const tar = await saved([]);
    for (const size of [Buffer.from('77777777777\0'), Buffer.from('-0000000001\0'), Buffer.alloc(12, 0xff)]) {
      const changed = Buffer.from(tar);
      changed.set(size, 124);
      changed.fill(' ', 148, 156);
      const sum = changed.subarray(0, 512).reduce((all, byte) => all + byte, 0);
      changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      await refused(changed, /cut off|wrong size/);
    }
  });

  it('may not be compressed twice, or end after its first bytes', async () => {
    await refused(gzipSync(gzipSync(await saved([]))), /is no tar/);
    await refused(Buffer.alloc(0), /is empty/);
    await assert.rejects(bench.images.load(Readable.from([])), { code: 'ERR_HC_IMAGE_ARCHIVE', message: /is empty/ });
    await assert.rejects(bench.images.load(Readable.from(['text'])), { code: 'ERR_HC_ARGUMENT', field: 'source' });
  });
});

describe('An archive of another kind', () => {
  const bench = useImages();
  const kinds: readonly (readonly [what: string, bytes: () => Buffer | Promise<Buffer>, message: RegExp])[] = [
    ['the tar of a layer', () => layerOf({ 'a.txt': 'a' }), /a single layer of Windows.*importLayer\(\)/],
    [
      'a compressed tar of a layer',
      async () => gzipSync(await layerOf({ 'a.txt': 'a' })),
      /a single layer of Windows.*importLayer\(\)/,
    ],
    ['a file system of Linux', () => tarOf([['etc/passwd', 'root']]), /a file system of Linux/],
    ['another tar', () => tarOf([['readme.txt', 'read me']]), /neither index.json nor manifest.json/],
    ['a zip', () => Buffer.from('PK\x03\x04 and more'), /is a zip archive/],
    ['a virtual disk', () => Buffer.from('vhdxfile and more'), /virtual disk \(\.vhdx\).*VirtualDisk/],
    ['an old virtual disk', () => Buffer.from('conectix and more'), /virtual disk \(\.vhd\)/],
    ['a Windows image', () => Buffer.from('MSWIM\0\0\0 and more'), /\.wim/],
    ['an xz', () => Buffer.from('\xfd7zXZ\0 and more', 'latin1'), /compressed by xz.*gzip or zstd/],
    ['a manifest', () => Buffer.from('{"schemaVersion":2,"config":{}}'), /JSON of a manifest.*Pull the image/],
    ['a page of a server', () => Buffer.from('<!DOCTYPE html><html>'), /HTML or XML/],
    ['random bytes', () => Buffer.alloc(2000, 0xa5), /is no tar/],
  ];
  for (const [what, bytes, message] of kinds) {
    it(`says that it is ${what}, and what takes it`, async () => {
      const path = join(bench.place, 'archive');
      writeFileSync(path, await bytes());
      await assert.rejects(bench.images.load(path), { code: 'ERR_HC_IMAGE_ARCHIVE', message });
      await assert.rejects(bench.images.load(Readable.from([await bytes()])), {
        code: 'ERR_HC_IMAGE_ARCHIVE',
        message,
      });
    });
  }

  it('says that a folder is a layer, or nothing of the kind, or not there', async () => {
    mkdirSync(join(bench.place, 'layer', 'Files'), { recursive: true });
    mkdirSync(join(bench.place, 'empty'));
    await assert.rejects(bench.images.load(join(bench.place, 'layer')), { message: /a single layer of Windows/ });
    await assert.rejects(bench.images.load(join(bench.place, 'empty')), { message: /neither index.json/ });
    await assert.rejects(bench.images.load(join(bench.place, 'none')), {
      code: 'ERR_HC_IMAGE_ARCHIVE',
      message: /cannot be read/,
    });
    await assert.rejects(bench.images.load(''), { code: 'ERR_HC_ARGUMENT', field: 'source' });
  });

  // The memory of a process has nothing at its beginning: reading fails there.
  const onLinux = process.platform === 'linux' ? it : () => undefined;
  onLinux('says that a file cannot be read, and does not keep it open', async () => {
    const opened = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === `/proc/${process.pid}/mem`).length;
    await assert.rejects(bench.images.load('/proc/self/mem'), {
      code: 'ERR_HC_IMAGE_ARCHIVE',
      message: /mem cannot be read: EIO/,
    });
    assert.equal(opened(), 0);
  });
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
