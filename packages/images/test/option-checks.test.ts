import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { HcsArgumentError } from 'hostcompute';

import { ImageStore } from '../src/image-store.js';
import { builtImage, layoutTar } from './support/built-image.js';
import { useImages } from './support/image-bench.js';

const name = 'example.test/app:1';

describe('Options of a wrong type', () => {
  const bench = useImages();

  /** As programs without types call it. */
  const refused = async (call: () => Promise<unknown>, field: string): Promise<void> => {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof HcsArgumentError, String(error));
      assert.equal(error.field, field, error.message);
      return true;
    });
  };
  const open = (folder: unknown, options: unknown): Promise<ImageStore> =>
    ImageStore.open(folder as string, options as object);

  for (const folder of [undefined, null, 5, '', 'relative', {}]) {
    it(`are refused: the folder ${JSON.stringify(folder)}`, async () => {
      await refused(() => open(folder, { host: bench.simulator.host }), 'folder');
      assert.equal(existsSync('relative'), false);
    });
  }

  const registry: readonly (readonly [unknown, string])[] = [
    [{ mirrors: 5 }, 'registry.mirrors'],
    [{ mirrors: { 'docker.io': [5] } }, 'registry.mirrors[docker.io]'],
    [
      { mirrors: { 'docker.io': [{ url: 'http://a.test', headers: { a: 5 } }] } },
      'registry.mirrors[docker.io].headers',
    ],
    [{ mirrors: { 'docker.io': [{ url: 'http://a.test', tls: { ca: 'x' } }] } }, 'registry.mirrors[docker.io].tls.ca'],
    [{ hostsFolder: 5 }, 'registry.hostsFolder'],
    [{ plainHttp: 'no' }, 'registry.plainHttp'],
    [{ credentials: 'a:b' }, 'registry.credentials'],
    [{ dockerConfig: 5 }, 'registry.dockerConfig'],
    [{ idleMs: -1 }, 'registry.idleMs'],
    [{ environment: 5 }, 'registry.environment'],
  ];
  const opened: readonly (readonly [unknown, string])[] = [
    [5, 'options'],
    [null, 'options'],
    [{ keepBlobs: 'no' }, 'options.keepBlobs'],
    [{ registry: 5 }, 'options.registry'],
    ...registry.map(([options, field]) => [{ registry: options }, field] as const),
  ];
  for (const [options, field] of opened) {
    it(`are refused by open(): ${JSON.stringify(options)}`, async () => {
      await refused(() => open(join(bench.place, 'other'), options), field);
      assert.equal(existsSync(join(bench.place, 'other')), false);
    });
  }

  const taken: readonly (readonly [unknown, string])[] = [
    [5, 'options'],
    [null, 'options'],
    [{ platform: 5 }, 'options.platform'],
    [{ platform: { os: 5 } }, 'options.platform.os'],
    [{ platform: { osFeatures: 'win32k' } }, 'options.platform.osFeatures'],
    [{ isolation: 'none' }, 'options.isolation'],
    [{ onProgress: 5 }, 'options.onProgress'],
    [{ concurrency: 0 }, 'options.concurrency'],
    [{ concurrency: '3' }, 'options.concurrency'],
    [{ signal: 5 }, 'options.signal'],
    [{ timeoutMs: NaN }, 'options.timeoutMs'],
  ];
  for (const [options, field] of taken) {
    it(`are refused by pull() and load(): ${JSON.stringify(options)}`, async () => {
      await refused(() => bench.images.pull('127.0.0.1:1/a', options as object), field);
      await refused(() => bench.images.load(bench.place, options as object), field);
    });
  }

  it('are refused by what images have to do with afterwards', async () => {
    const { images } = bench;
    await images.load(Readable.from([await layoutTar([[name, await builtImage()]])]));
    await refused(() => images.get(5 as never), 'image');
    await refused(() => images.remove(undefined as never), 'image');
    await refused(() => images.tag({} as never, name), 'image');
    // 'no' would be true.
    await refused(() => images.remove(name, { force: 'no' as never }), 'options.force');
    await refused(() => images.prune({ dryRun: 'no' as never }), 'options.dryRun');
    await refused(() => images.prune(null as never), 'options');
    for (const image of [undefined, null, 5, {}, { digest: 5 }]) {
      await refused(() => images.createScratch(image as never, 'web'), 'image');
    }
    await refused(() => images.openScratch(5 as never), 'id');
    for (const scratch of [undefined, 'web', { id: 'web' }])
      await refused(() => images.commit(scratch as never), 'scratch');
    await using scratch = await images.createScratch(name, 'web');
    for (const [options, field] of [
      [{ changes: [] }, 'changes'],
      [{ changes: { Cmd: 5n } }, 'changes'],
      [{ author: {} }, 'author'],
      [{ comment: 5 }, 'comment'],
      [{ onProgress: 5 }, 'onProgress'],
    ] as const) {
      await refused(() => images.commit(scratch, options as object), `options.${field}`);
    }
    assert.equal((await images.list()).length, 1);
  });
});
