import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { has } from '../support/capabilities.js';
import { useImages } from '../support/image-bench.js';
import type { MadeIndex } from '../support/made-image.js';
import { makeUsualIndex } from '../support/made-image.js';
import { pushImage, pushIndex } from '../support/push.js';
import type { RunningRegistry } from '../support/registry-program.js';
import { startRegistry } from '../support/registry-program.js';

const repository = 'windows/nanoserver';

if (has('docker-registry', 'what a pull takes of an index')) {
  describe("ImageStore#pull() of an index, from Debian's docker-registry", () => {
    const bench = useImages();
    let registry: RunningRegistry;
    let made: MadeIndex;
    before(async () => {
      registry = await startRegistry();
      made = await makeUsualIndex();
      await pushIndex(made, 'ltsc', { host: registry.host, repository });
      await pushImage(made.images[4]!, 'linux', { host: registry.host, repository });
    });
    after(() => registry[Symbol.asyncDispose]());

    const named = (tag = 'ltsc'): string => `${registry.host}/${repository}:${tag}`;
    const idOf = (osVersion: string): string =>
      made.images.find(({ manifest }) => manifest.descriptor.platform?.osVersion === osVersion)!.configuration
        .descriptor.digest;

    it('takes the newest on a simulated host, and the one of the version that is wanted', async () => {
      const newest = await bench.images.pull(named(), { platform: { architecture: 'amd64' } });
      assert.equal(newest.id, idOf('10.0.26100.1742'));
      for (const [osVersion, expected] of [
        ['10.0.20348.2000', '10.0.20348.866'],
        ['10.0.20348', '10.0.20348.3091'],
        ['10.0.17763', '10.0.17763.6414'],
      ] as const) {
        const image = await bench.images.pull(named(), { platform: { architecture: 'amd64', osVersion } });
        assert.equal(image.id, idOf(expected));
        assert.equal(image.platform.osVersion, expected);
        assert.deepEqual((await bench.images.get(named())).id, image.id);
      }
      await using scratch = await bench.images.createScratch(named(), 'web');
      await using mounted = await scratch.mount();
      assert.equal(mounted.storage.Layers.length, 2);
    });

    it('takes an older one for a container with a kernel of its own', async () => {
      const platform = { architecture: 'amd64', osVersion: '10.0.18362' };
      await assert.rejects(bench.images.pull(named(), { platform }), {
        code: 'ERR_HC_IMAGE_PLATFORM',
        message: /hyperv/,
      });
      const image = await bench.images.pull(named(), { platform, isolation: 'hyperv' });
      assert.equal(image.id, idOf('10.0.17763.6414'));
    });

    it('takes it by the digest of the index', async () => {
      const reference = `${registry.host}/${repository}@${made.index.descriptor.digest}`;
      const image = await bench.images.pull(reference, { platform: { architecture: 'amd64' } });
      assert.deepEqual(image.references, [reference]);
      assert.equal((await bench.images.get(reference)).id, image.id);
    });

    it('refuses an image of Linux that stands alone, and has nothing of it', async () => {
      await assert.rejects(bench.images.pull(named('linux'), { platform: { architecture: 'amd64' } }), {
        code: 'ERR_HC_IMAGE_PLATFORM',
        message: /linux\/amd64/,
      });
      assert.deepEqual(readdirSync(join(bench.folder, 'blobs', 'sha256')), []);
    });

    it('says what is not there', async () => {
      await assert.rejects(bench.images.pull(named('none')), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
      assert.deepEqual(await bench.images.list(), []);
    });
  });
}
