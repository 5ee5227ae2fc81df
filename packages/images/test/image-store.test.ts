import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ComputeSystem } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import { builtImage, hexOf, writeLayout } from './support/built-image.js';
import { useImages } from './support/image-bench.js';

const name = 'example.test/windows/app:1';

describe('ImageStore', () => {
  const bench = useImages();

  const load = async () => {
    const image = await builtImage();
    const [loaded] = await bench.images.load(await writeLayout(join(bench.place, 'layout'), image, name));
    return { image, loaded: loaded! };
  };

  it('loads an image, and has it afterwards, also when it is opened again', async () => {
    const { image, loaded } = await load();
    assert.equal(loaded.id, image.configuration.digest);
    assert.equal(loaded.digest, image.manifest.digest);
    assert.deepEqual(loaded.references, [name]);
    assert.deepEqual(loaded.platform, { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.2966' });
    assert.equal(loaded.layers.length, 3);
    assert.equal(loaded.layers[2], hexOf(image.tars[0]!));
    assert.equal(
      loaded.size,
      [...image.blobs.values()].reduce((sum, { length }) => sum + length, 0),
    );
    assert.equal(loaded.created?.toISOString(), '2024-05-01T12:00:00.000Z');
    for (const images of [bench.images, await bench.open()]) {
      assert.deepEqual(await images.list(), [loaded]);
      assert.deepEqual(await images.get(name), loaded);
      assert.deepEqual(await images.get(loaded.id), loaded);
      assert.deepEqual(await images.get(loaded.id.slice('sha256:'.length, 20)), loaded);
      assert.deepEqual(await images.get(loaded.digest), loaded);
      assert.deepEqual(await images.get(`example.test/windows/app@${loaded.digest}`), loaded);
    }
    for (const id of loaded.layers) assert.ok(await bench.images.layers.exists(id));
  });

  it('runs a container on a scratch of an image', async () => {
    const { loaded } = await load();
    const { host } = bench.simulator;
    await using scratch = await bench.images.createScratch(loaded, 'web');
    await using mounted = await scratch.mount();
    const container = { GuestOs: { HostName: 'image' }, Storage: mounted.storage };
    const document = { Owner: 'test', ShouldTerminateOnLastHandleClosed: true, Container: container };
    await using system = await ComputeSystem.create('image-store', document, { host });
    await system.start();
    const process = documents.processFromOciImage(loaded.configuration, { args: ['cmd', '/c', 'echo hello'] });
    const { stdout } = await system.exec(process);
    assert.equal(stdout.trim(), 'hello');
    await system.stop({ graceMs: 0 });
  });

  it('has what a scratch stands on as long as the scratch is there', async () => {
    const { loaded } = await load();
    const scratch = await bench.images.createScratch(name, 'web');
    await assert.rejects(bench.images.remove(name), { code: 'ERR_HC_IMAGE_IN_USE', message: /scratch web/ });
    await bench.images.remove(name, { force: true });
    await bench.images.prune();
    assert.deepEqual(await bench.images.list(), []);
    const again = await (await bench.open()).openScratch('web');
    assert.equal(again.image.id, loaded.id);
    await using mounted = await again.mount();
    await mounted.close();
    await scratch.destroy();
    const pruned = await bench.images.prune();
    assert.deepEqual([...pruned.layers], loaded.layers);
    assert.deepEqual(readdirSync(bench.images.layers.folder), []);
    assert.deepEqual(readdirSync(join(bench.folder, 'blobs', 'sha256')), []);
  });
});
