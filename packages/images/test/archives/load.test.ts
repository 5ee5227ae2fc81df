import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

import type { BuiltImage } from '../support/built-image.js';
import { builtImage, imageOf, layerOf, layoutTar, writeLayout } from '../support/built-image.js';
import { has } from '../support/capabilities.js';
import { blobSave, oldSave } from '../support/docker-save.js';
import { useImages } from '../support/image-bench.js';
import { namesOf, positions } from '../support/positions.js';
import { countSteps } from '../support/steps.js';
import { assertClean } from '../support/store-check.js';

const name = 'example.test/app:1';
const other = 'example.test/other:2';

describe('ImageStore#load()', () => {
  const bench = useImages();
  let image: BuiltImage;
  beforeEach(async () => {
    image = await builtImage();
  });

  const written = (bytes: Buffer, file = 'image.tar'): string => {
    const path = join(bench.place, file);
    writeFileSync(path, bytes);
    return path;
  };
  const assertLoaded = async (source: string | Readable, names: readonly string[] = [name]): Promise<void> => {
    const [loaded, ...more] = await bench.images.load(source);
    assert.deepEqual(more, []);
    assert.equal(loaded!.id, image.configuration.digest);
    assert.deepEqual(loaded!.references, names);
    assert.equal(loaded!.layers.length, image.tars.length);
    for (const id of loaded!.layers) assert.ok(await bench.images.layers.exists(id));
    assert.deepEqual(readdirSync(join(bench.folder, 'downloads')), []);
    assert.deepEqual(readdirSync(join(bench.folder, 'leases')), []);
  };

  it('loads a layout of OCI that is a folder', async () => {
    await assertLoaded(await writeLayout(join(bench.place, 'layout'), image, name));
  });

  it('loads a layout of OCI that is a tar, plain or compressed', async () => {
    const tar = await layoutTar([[name, image]]);
    await assertLoaded(written(tar));
    await assertLoaded(written(zlib.gzipSync(tar), 'image.tgz'));
    const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
    if (zstdCompressSync !== undefined) await assertLoaded(written(zstdCompressSync(tar), 'image.tar.zst'));
  });

  it('loads a stream, in whatever pieces', async () => {
    const tar = await layoutTar([[name, image]]);
    await assertLoaded(createReadStream(written(zlib.gzipSync(tar))));
    await assertLoaded(Readable.from(Array.from(tar, (_, i) => tar.subarray(i, i + 1)).slice(0, tar.length)));
  });

  for (const link of ['symlink', 'link'] as const) {
    it(`loads what docker save wrote, with layers that are a ${link}`, async () => {
      const twice = imageOf([image.tars[0]!, image.tars[1]!, image.tars[1]!]);
      const tar = await oldSave(
        [
          { image, names: [name, 'example.test/app:latest'] },
          { image: twice, names: null },
        ],
        link,
      );
      const loaded = await bench.images.load(written(tar));
      assert.deepEqual(
        loaded.map(({ id, references }) => ({ id, references })),
        [
          { id: image.configuration.digest, references: [name, 'example.test/app:latest'] },
          { id: twice.configuration.digest, references: [] },
        ],
      );
      assert.equal(loaded[1]!.layers.length, 3);
      assert.deepEqual(loaded[1]!.layers.slice(1), loaded[0]!.layers.slice(1));
    });
  }

  it('loads what docker save writes with blobs and without an index, compressed or not', async () => {
    await assertLoaded(written(await blobSave({ image, names: [name] })));
    await bench.images.remove(name);
    await assertLoaded(written(await blobSave({ image, names: [name] }, (tar) => zlib.gzipSync(tar))));
  });

  it('takes names as Docker writes them', async () => {
    await assertLoaded(written(await oldSave([{ image, names: ['app'] }])), ['docker.io/library/app:latest']);
    assert.equal((await bench.images.get('app')).id, image.configuration.digest);
  });

  it('gives an image the name that is asked for, or takes that one of several', async () => {
    const second = imageOf([image.tars[0]!]);
    const unnamed = await layoutTar([[undefined, image]]);
    const [loaded] = await bench.images.load(written(unnamed), { reference: other });
    assert.deepEqual(loaded!.references, [other]);
    const both = written(
      await layoutTar([
        [name, image],
        [other, second],
      ]),
    );
    const chosen = await bench.images.load(both, { reference: other });
    assert.deepEqual(
      chosen.map(({ id }) => id),
      [second.configuration.digest],
    );
    await assert.rejects(bench.images.get(name), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await assert.rejects(bench.images.load(both, { reference: 'example.test/third' }), {
      code: 'ERR_HC_IMAGE_ARCHIVE',
      message: /has 2 images, none of the name example.test\/third:latest. It has example.test\/app:1/,
    });
    assert.equal((await bench.images.load(both)).length, 2);
  });

  it('takes of images for several platforms the one that is wanted', async () => {
    const older = imageOf([image.tars[0]!], { osVersion: '10.0.17763.100' });
    const linux = imageOf([image.tars[1]!], { os: 'linux' });
    const of = (each: BuiltImage, platform: object): BuiltImage => ({
      ...each,
      manifest: { ...each.manifest, platform } as never,
    });
    const windows = { os: 'windows', architecture: 'amd64' };
    const tar = await layoutTar([
      [name, of(linux, { os: 'linux', architecture: 'amd64' })],
      [name, of(older, { ...windows, 'os.version': '10.0.17763.100' })],
      [name, of(image, { ...windows, 'os.version': '10.0.20348.2966' })],
    ]);
    await assertLoaded(written(tar));
    const [loaded] = await bench.images.load(written(tar), { platform: { osVersion: '10.0.17763.5000' } });
    assert.equal(loaded!.id, older.configuration.digest);
  });

  it('refuses an image of Linux by its platform, and leaves nothing', async () => {
    const linux = imageOf(image.tars, { os: 'linux' });
    const tar = written(await oldSave([{ image: linux, names: ['busybox'] }]));
    await assert.rejects(bench.images.load(tar), { code: 'ERR_HC_IMAGE_PLATFORM', message: /linux\/amd64/ });
    assert.deepEqual(readdirSync(bench.images.layers.folder), []);
    assert.deepEqual(readdirSync(join(bench.folder, 'blobs', 'sha256')), []);
  });

  it('is cancelled while it reads a stream, which is destroyed', async () => {
    const tar = await layoutTar([[name, image]]);
    const abort = new AbortController();
    let wasRead = false;
    const stream = new Readable({
      read() {
        if (!wasRead) this.push(tar.subarray(0, 1024));
        else abort.abort();
        wasRead = true;
      },
    });
    await assert.rejects(bench.images.load(stream, { signal: abort.signal }), { code: 'ABORT_ERR' });
    assert.ok(stream.destroyed);
    assert.deepEqual(readdirSync(join(bench.folder, 'downloads')), []);
  });

  it('leaves nothing half when it is cancelled anywhere', async () => {
    const path = written(zlib.gzipSync(await oldSave([{ image: imageOf([image.tars[0]!]), names: [name] }])));
    let rejected = 0;
    const all = positions(await namesOf(() => bench.images.load(path)), 5);
    await bench.images.remove(name);
    for (const at of all) {
      const abort = new AbortController();
      const undo = countSteps((step) => {
        if (step === at) abort.abort();
      });
      try {
        await bench.images.load(path, { signal: abort.signal });
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ABORT_ERR', String(error));
        rejected++;
      } finally {
        undo();
      }
      await bench.images.remove(name).catch(() => undefined);
      await assertClean(bench.images);
      assert.deepEqual(readdirSync(bench.images.layers.folder), []);
    }
    assert.ok(rejected > all.length / 2);
  });

  it('loads what skopeo writes', async () => {
    if (!has('skopeo', 'loading what skopeo writes')) return;
    const layout = await writeLayout(join(bench.place, 'layout'), image, name);
    const run = promisify(execFile);
    const platform = ['--override-os', 'windows', '--override-arch', 'amd64', '--insecure-policy'];
    for (const [kind, file] of [
      ['docker-archive', 'docker.tar'],
      ['oci-archive', 'oci.tar'],
      ['oci', 'oci'],
    ] as const) {
      const path = join(bench.place, file);
      await run('skopeo', [...platform, 'copy', `oci:${layout}`, `${kind}:${path}:example.test/skopeo:${file}`]);
      const [loaded] = await bench.images.load(path, { reference: `example.test/skopeo:${file}` });
      assert.equal(loaded!.layers.length, 3);
      assert.deepEqual(loaded!.configuration.config, {
        Cmd: ['c:\\windows\\system32\\cmd.exe'],
        Env: ['PATH=c:\\windows'],
      });
    }
  });

  it('makes a layer once that two archives have in other forms', async () => {
    const large = imageOf([await layerOf({ 'a.txt': 'a' }), image.tars[1]!]);
    await bench.images.load(written(await layoutTar([[name, large]])));
    const before = readdirSync(bench.images.layers.folder);
    const [again] = await bench.images.load(written(await oldSave([{ image: large, names: [other] }])));
    assert.deepEqual(readdirSync(bench.images.layers.folder), before);
    assert.equal(again!.id, large.configuration.digest);
  });

  it('takes as many steps for each of many names as for each of few', async () => {
    const stepsFor = async (count: number): Promise<number> => {
      const names = Array.from({ length: count }, (_, i) => `example.test/app:${String(count)}-${String(i)}`);
      const path = written(await layoutTar(names.map((each) => [each, image])), `${String(count)}.tar`);
      let steps = 0;
      const stop = countSteps((step) => (steps = step));
      try {
        assert.equal((await bench.images.load(path)).length, count);
      } finally {
        stop();
      }
      return steps;
    };
    await stepsFor(1); // the layers
    const few = await stepsFor(10);
    const many = await stepsFor(40);
    assert.ok(many < 5 * few, `${String(few)} steps for 10 names, ${String(many)} for 40`);
  });
});
