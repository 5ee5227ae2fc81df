import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import type { ImageStore } from '../src/image-store.js';
import type { Image } from '../src/image.js';
import type { Scratch } from '../src/scratch.js';
import { builtImage, digestOf, writeLayout } from './support/built-image.js';
import { useImages } from './support/image-bench.js';
import { namesOf, positions } from './support/positions.js';
import { countSteps } from './support/steps.js';
import { assertClean } from './support/store-check.js';

const name = 'example.test/app:1';

describe('Scratches', () => {
  const bench = useImages();
  let image: Image;
  beforeEach(async () => {
    [image] = (await bench.images.load(await writeLayout(join(bench.place, 'layout'), await builtImage(), name))) as [
      Image,
    ];
  });

  const folders = (images: ImageStore = bench.images): string[] =>
    readdirSync(images.layers.folder).filter((folder) => !image.layers.includes(folder));

  it('are listed, opened and destroyed, also by another program', async () => {
    const made = [await bench.images.createScratch(image, 'b'), await bench.images.createScratch(name, 'a')];
    const other = await bench.open();
    assert.deepEqual(
      (await other.scratches()).map(({ id, image: { references } }) => ({ id, references })),
      [
        { id: 'a', references: [name] },
        { id: 'b', references: [name] },
      ],
    );
    await (await other.openScratch('a')).destroy();
    await assert.rejects(made[1]!.mount(), { code: 'ERR_HC_IMAGE_NOT_FOUND', message: /no scratch "a"/ });
    await assert.rejects(bench.images.openScratch('a'), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await made[1]!.destroy();
    await made[0]![Symbol.asyncDispose]();
    assert.deepEqual(await other.scratches(), []);
    assert.deepEqual(folders(), []);
    await assertClean(other);
  });

  it('have ids that are free, and of folders', async () => {
    await bench.images.createScratch(image, 'web');
    await assert.rejects(bench.images.createScratch(image, 'web'), { code: 'ERR_HC_IMAGE_IN_USE', message: /"web"/ });
    // A name that differs in case only is the same folder on NTFS.
    await assert.rejects((await bench.open()).createScratch(image, 'WEB'), { code: 'ERR_HC_IMAGE_IN_USE' });
    for (const id of ['', '..', 'a/b', 'a\\b', 'a:b', 'a.', image.layers[0]!, 'import-1']) {
      await assert.rejects(bench.images.createScratch(image, id), { code: 'ERR_HC_ARGUMENT', field: 'id' }, id);
    }
    await bench.images.layers.create('own');
    await assert.rejects(bench.images.createScratch(image, 'own'), { code: 'ERR_HC_ARGUMENT', field: 'id' });
    assert.ok(await bench.images.layers.exists('own'));
  });

  it('are of images that are there', async () => {
    await bench.images.remove(name);
    await assert.rejects(bench.images.createScratch(image, 'web'), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await assert.rejects(bench.images.createScratch(name, 'web'), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    assert.deepEqual(folders(), []);
  });

  it('that are mounted are not destroyed, and can be later', async () => {
    const scratch = await bench.images.createScratch(image, 'web');
    const mounted = await scratch.mount();
    await assert.rejects(scratch.destroy(), { code: 'ERROR_SHARING_VIOLATION' });
    await bench.images.prune();
    assert.ok(await bench.images.layers.exists('web'));
    await mounted.close();
    await scratch.destroy();
    assert.deepEqual(folders(), []);
    await assertClean(bench.images);
  });

  it('of which two with one id are made at once are made once', async () => {
    const other = await bench.open();
    const results = await Promise.allSettled([bench.images, other].map((images) => images.createScratch(image, 'web')));
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await other.scratches()).length, 1);
    await using mounted = await (await other.openScratch('web')).mount();
    assert.equal(mounted.id, 'web');
  });

  for (const [what, act] of [
    ['made', (images: ImageStore, signal: AbortSignal) => images.createScratch(image, 'web', { signal })],
    [
      'destroyed',
      async (images: ImageStore, signal: AbortSignal) => (await images.openScratch('web')).destroy({ signal }),
    ],
  ] as const) {
    for (const how of ['cancelled', 'broken off by a full disk'] as const) {
      it(`are whole or not there when being ${what} is ${how} anywhere, and the next attempt goes on`, async () => {
        if (what === 'destroyed') await bench.images.createScratch(image, 'web');
        const names = await namesOf(() => act(bench.images, new AbortController().signal));
        if (what === 'made') await (await bench.images.openScratch('web')).destroy();
        for (const at of positions(names, 5)) {
          if (what === 'destroyed') await bench.images.createScratch(image, 'web');
          const abort = new AbortController();
          const undo = countSteps((step) => {
            if (step !== at) return;
            if (how === 'cancelled') abort.abort();
            else throw Object.assign(new Error('no space is left'), { code: 'ENOSPC' });
          });
          try {
            await act(bench.images, abort.signal);
          } catch (error) {
            const { code } = error as { code?: string };
            assert.equal(code, how === 'cancelled' ? 'ABORT_ERR' : 'ERR_HC_IMAGE_STORE', String(error));
          } finally {
            undo();
          }
          for (const scratch of await bench.images.scratches()) {
            await using mounted = await scratch.mount();
            assert.equal(mounted.id, 'web');
          }
          if ((await bench.images.scratches()).length === 0) await bench.images.createScratch(image, 'web');
          await (await bench.images.openScratch('web')).destroy();
          assert.deepEqual(folders(), [], `step ${String(at)}`);
          await assertClean(bench.images);
        }
      });
    }
  }
});

describe('ImageStore#commit()', () => {
  const bench = useImages();
  let image: Image;
  let scratch: Scratch;
  beforeEach(async () => {
    [image] = (await bench.images.load(await writeLayout(join(bench.place, 'layout'), await builtImage(), name))) as [
      Image,
    ];
    scratch = await bench.images.createScratch(image, 'web');
    await (await scratch.mount()).close();
    // What a container would have written.
    const data = Buffer.from('written');
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0x20, 0);
    header.writeUInt32LE(1, 4);
    header.writeUInt32LE(data.length, 12);
    mkdirSync(join(bench.images.layers.pathOf('web'), 'Files'), { recursive: true });
    writeFileSync(join(bench.images.layers.pathOf('web'), 'Files', 'new.txt'), Buffer.concat([header, data]));
  });

  it('makes an image with one more layer, that scratches stand on', async () => {
    const before = Date.now();
    const made = await bench.images.commit(scratch, {
      reference: 'example.test/made:1',
      changes: { Cmd: ['new.exe'] },
      author: 'me',
      comment: 'a file more',
    });
    assert.deepEqual(made.references, ['example.test/made:1']);
    assert.deepEqual(made.layers.slice(1), image.layers);
    assert.deepEqual(made.platform, image.platform);
    assert.ok(made.created!.getTime() >= before);
    assert.deepEqual(made.configuration.config, { Cmd: ['new.exe'], Env: ['PATH=c:\\windows'] });
    const { rootfs, history } = made.configuration as { rootfs: { diff_ids: string[] }; history: object[] };
    assert.equal(rootfs.diff_ids.length, 4);
    assert.deepEqual(history.slice(0, 3), (image.configuration as { history: object[] }).history);
    const { created, ...entry } = history[3] as { created: string };
    assert.equal(new Date(created).getTime(), made.created!.getTime());
    assert.deepEqual(entry, { created_by: 'hostcompute commit', author: 'me', comment: 'a file more' });
    // Its blob is what was written, and nothing of the layers below.
    const manifest = JSON.parse(await blob(made.digest).then(String)) as { layers: { digest: string; size: number }[] };
    const layer = await blob(manifest.layers[3]!.digest);
    assert.equal(layer.length, manifest.layers[3]!.size);
    assert.equal(digestOf(gunzipSync(layer)), rootfs.diff_ids[3]);
    assert.match(gunzipSync(layer).toString('latin1'), /Files\/new\.txt/);
    await using upon = await bench.images.createScratch(made, 'upon');
    await using mounted = await upon.mount();
    assert.equal(mounted.storage.Layers.length, 4);
    await mounted.close();
    // The image below may go, its layers stay.
    await scratch.destroy();
    await bench.images.remove(name);
    for (const id of made.layers) assert.ok(await bench.images.layers.exists(id));
    assert.deepEqual(readdirSync(join(bench.folder, 'downloads')), []);
  });

  it('is waited for by who destroys the scratch', async () => {
    for (let i = 0; i < 200; i++) {
      const from = join(bench.images.layers.pathOf('web'), 'Files', 'new.txt');
      copyFileSync(from, join(bench.images.layers.pathOf('web'), 'Files', `${i}.txt`));
    }
    const committing = bench.images.commit(scratch);
    // It has begun to write.
    const begun = (): boolean => readdirSync(join(bench.folder, 'downloads')).length > 0;
    while (!begun()) await nextTurn();
    const [made] = await Promise.all([committing, scratch.destroy()]);
    const files = readdirSync(join(bench.images.layers.pathOf(made.layers[0]!), 'Files'));
    assert.equal(files.filter((file) => /^(?:\d+|new)\.txt$/.test(file)).length, 201);
    assert.deepEqual(await bench.images.scratches(), []);
  });

  it('makes an image without a name, which prune() removes', async () => {
    const made = await bench.images.commit(scratch);
    assert.deepEqual(made.references, []);
    assert.equal((await bench.images.get(made.id)).digest, made.digest);
    const { images, layers } = await bench.images.prune();
    assert.deepEqual([images, layers], [[made.id], [made.layers[0]]]);
  });

  it('is refused while it is mounted, and leaves nothing', async () => {
    await using mounted = await scratch.mount();
    await assert.rejects(bench.images.commit(scratch));
    assert.equal((await bench.images.list()).length, 1);
    assert.deepEqual(readdirSync(join(bench.folder, 'downloads')), []);
    await mounted.close();
    await bench.images.commit(scratch);
  });

  it('leaves nothing half when it is cancelled anywhere', async () => {
    const names = await namesOf(() => bench.images.commit(scratch, { reference: 'example.test/made:1' }));
    await bench.images.remove('example.test/made:1');
    for (const at of positions(names, 9)) {
      const abort = new AbortController();
      const undo = countSteps((step) => {
        if (step === at) abort.abort();
      });
      try {
        await bench.images.commit(scratch, { reference: 'example.test/made:1', signal: abort.signal });
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ABORT_ERR', String(error));
        assert.equal((await bench.images.list()).length, 1);
      } finally {
        undo();
      }
      await bench.images.remove('example.test/made:1').catch(() => undefined);
      await bench.images.prune();
      assert.deepEqual(readdirSync(join(bench.folder, 'downloads')), []);
      assert.deepEqual(readdirSync(bench.images.layers.folder).sort(), ['web', ...image.layers].sort());
    }
  });

  const blob = async (digest: string): Promise<Buffer> => {
    const { readFile } = await import('node:fs/promises');
    return readFile(join(bench.folder, 'blobs', 'sha256', digest.slice('sha256:'.length)));
  };
});
