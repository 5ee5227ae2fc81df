import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ImageStore } from '../../src/image-store.js';
import { builtImage, writeLayout } from '../support/built-image.js';
import { useImages } from '../support/image-bench.js';

const name = 'example.test/app:1';

describe('The folder of a store', () => {
  const bench = useImages();
  const versionFile = (): string => join(bench.folder, 'version.json');
  const open = (folder = bench.folder): Promise<ImageStore> => ImageStore.open(folder, { host: bench.simulator.host });
  const load = async () =>
    (await bench.images.load(await writeLayout(join(bench.place, 'layout'), await builtImage(), name)))[0]!;

  it('is made where it is not there, and has a version', () => {
    assert.deepEqual(JSON.parse(readFileSync(versionFile(), 'utf8')), { format: 1 });
    assert.deepEqual(readdirSync(bench.folder).sort(), [
      'blobs',
      'downloads',
      'layers',
      'leases',
      'records',
      'version.json',
    ]);
  });

  it('is not touched when it is of another version, or somebody else’s', async () => {
    writeFileSync(versionFile(), '{"format":2}');
    await assert.rejects(open(), {
      code: 'ERR_HC_IMAGE_STORE',
      message: /of format 2, and this version .* reads format 1/,
    });
    for (const text of ['', '{}', 'null', '{"format":"1"}']) {
      writeFileSync(versionFile(), text);
      await assert.rejects(open(), { code: 'ERR_HC_IMAGE_STORE', message: /version\.json is damaged/ });
    }
    const other = join(bench.place, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'my.txt'), 'mine');
    await assert.rejects(open(other), { code: 'ERR_HC_IMAGE_STORE', message: /is no image store.*"my\.txt"/ });
    assert.deepEqual(readdirSync(other), ['my.txt']);
  });

  it('is named by an absolute path', async () => {
    for (const folder of ['images', '', 1 as unknown as string]) {
      await assert.rejects(open(folder), { code: 'ERR_HC_ARGUMENT', field: 'folder' });
    }
  });

  it('goes on being made where that was broken off', async () => {
    rmSync(versionFile());
    rmSync(join(bench.folder, 'records'), { recursive: true });
    await (await open()).close();
    assert.deepEqual(JSON.parse(readFileSync(versionFile(), 'utf8')), { format: 1 });
  });

  it('is moved as a whole', async () => {
    const loaded = await load();
    await bench.images.close();
    const moved = join(bench.place, 'moved');
    renameSync(bench.folder, moved);
    await using images = await open(moved);
    assert.deepEqual(await images.list(), [loaded]);
    await using scratch = await images.createScratch(loaded, 'web');
    await using mounted = await scratch.mount();
    assert.equal(mounted.id, 'web');
  });

  for (const kind of ['images', 'references', 'layers']) {
    it(`says which file is damaged among the records of ${kind}, and prune() deletes nothing then`, async () => {
      const { layers } = await load();
      const folder = join(bench.folder, 'records', kind);
      const [file] = readdirSync(folder);
      for (const text of ['{', '{}', '[]', 'null', undefined]) {
        rmSync(join(folder, file!));
        if (text === undefined) mkdirSync(join(folder, file!));
        else writeFileSync(join(folder, file!), text);
        await assert.rejects(bench.images.prune(), (error: Error & { code?: string }) => {
          assert.equal(error.code, 'ERR_HC_IMAGE_STORE');
          assert.ok(error.message.includes(join(folder, file!)), error.message);
          assert.match(error.message, /Delete the file, and pull or load the image again/);
          return true;
        });
      }
      for (const id of layers) assert.ok(await bench.images.layers.exists(id));
      rmSync(join(folder, file!), { recursive: true });
      // The remedy helps.
      const again = await load();
      assert.deepEqual(again.layers, layers);
      await bench.images.prune();
      assert.deepEqual((await bench.images.get(name)).id, again.id);
      for (const id of layers) assert.ok(await bench.images.layers.exists(id));
    });
  }

  it('says when the configuration of an image is gone or damaged, and loading it again helps', async () => {
    const loaded = await load();
    const path = join(bench.folder, 'blobs', 'sha256', loaded.id.slice('sha256:'.length));
    for (const damage of [() => rmSync(path), () => writeFileSync(path, '{}')]) {
      damage();
      await assert.rejects(bench.images.get(name), { code: 'ERR_HC_IMAGE_STORE', message: /missing or damaged/ });
      await load();
      assert.deepEqual(await bench.images.get(name), loaded);
    }
  });
});
