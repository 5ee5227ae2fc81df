import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { extract } from 'tar-stream';

import { headerOf, hasChecksum } from '../../src/archives/tar-header.js';
import { tarHeader } from '../../src/archives/tar-writer.js';
import type { Image } from '../../src/image.js';
import { ImageStore } from '../../src/image-store.js';
import type { BuiltImage } from '../support/built-image.js';
import { builtImage, hexOf, imageOf, layerOf, writeLayout } from '../support/built-image.js';
import { has } from '../support/capabilities.js';
import { useImages } from '../support/image-bench.js';
import { noise } from '../support/made-image.js';

const name = 'example.test/windows/app:1';
const other = 'docker.io/me/app:2';

async function filesOf(tar: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  Readable.from([tar]).pipe(entries);
  for await (const entry of entries) {
    ok(!files.has(entry.header.name), entry.header.name);
    files.set(entry.header.name, await buffer(entry));
  }
  return files;
}

const json = (bytes?: Buffer): unknown => JSON.parse(bytes!.toString()) as unknown;
const pathOf = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

describe('ImageStore#save()', () => {
  const bench = useImages();

  async function load(image?: BuiltImage, as = name): Promise<{ image: BuiltImage; loaded: Image }> {
    const made = image ?? (await builtImage());
    const [loaded] = await bench.images.load(await writeLayout(join(bench.place, `layout ${as.at(-1)}`), made, as));
    return { image: made, loaded: loaded! };
  }

  /** Another store, with what a tar has. */
  async function loadedElsewhere(tar: Buffer): Promise<Image[]> {
    const folder = join(bench.place, 'elsewhere');
    await using images = await ImageStore.open(folder, { host: bench.simulator.host });
    const loaded = await images.load(Readable.from([tar]));
    deepEqual(
      await images.list(),
      [...loaded].sort((a, b) => (a.references[0]! < b.references[0]! ? -1 : 1)),
    );
    return loaded;
  }

  it('writes a layout of OCI that another store loads as the same image', async () => {
    const { image, loaded } = await load();
    const tar = await buffer(bench.images.save([name]));
    const files = await filesOf(tar);
    deepEqual(
      [...files.keys()],
      [
        ...['blobs/', 'blobs/sha256/', 'oci-layout', 'index.json', pathOf(image.manifest.digest)],
        ...[image.configuration, ...image.layers].map(({ digest }) => pathOf(digest)),
      ],
    );
    deepEqual(json(files.get('oci-layout')), { imageLayoutVersion: '1.0.0' });
    const { manifests } = json(files.get('index.json')) as { manifests: Record<string, unknown>[] };
    deepEqual(manifests, [
      {
        ...image.manifest,
        platform: { architecture: 'amd64', os: 'windows', 'os.version': '10.0.20348.2966' },
        annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': '1' },
      },
    ]);
    for (const [digest, bytes] of image.blobs) deepEqual(files.get(pathOf(digest)), bytes);
    deepEqual(await loadedElsewhere(tar), [loaded]);
  });

  it('writes what docker load reads, and a store as the same image', async () => {
    const { image, loaded } = await load();
    await bench.images.tag(name, other);
    const tar = await buffer(bench.images.save([loaded.id], { format: 'docker' }));
    const files = await filesOf(tar);
    deepEqual(json(files.get('manifest.json')), [
      {
        Config: pathOf(image.configuration.digest),
        RepoTags: ['me/app:2', name],
        Layers: image.layers.map(({ digest }) => pathOf(digest)),
      },
    ]);
    ok(!files.has('index.json'));
    const [again] = await loadedElsewhere(tar);
    deepEqual([again?.id, again?.layers, again?.references], [loaded.id, loaded.layers, [other, name]]);
  });

  it('writes the same bytes each time', async () => {
    await load();
    for (const format of ['oci', 'docker'] as const) {
      const [one, two] = [
        await buffer(bench.images.save([name], { format })),
        await buffer(bench.images.save([name], { format })),
      ];
      equal(hexOf(one), hexOf(two));
    }
  });

  it('writes several images, what they share once, and each name that is meant', async () => {
    const { loaded, image } = await load();
    const more = imageOf([image.tars[0]!, await layerOf({ 'other.txt': 'other' })]);
    await load(more, 'example.test/other:2');
    await bench.images.tag(name, other);
    const tar = await buffer(bench.images.save([name, 'example.test/other:2']));
    const { manifests } = json((await filesOf(tar)).get('index.json')) as {
      manifests: { annotations: Record<string, string> }[];
    };
    const names = (list: typeof manifests) => list.map(({ annotations }) => annotations['io.containerd.image.name']);
    deepEqual(names(manifests), [name, 'example.test/other:2']);
    equal((await loadedElsewhere(tar)).length, 2);
    const byId = json((await filesOf(await buffer(bench.images.save([loaded.id])))).get('index.json'));
    deepEqual(names((byId as { manifests: typeof manifests }).manifests), [other, name]);
  });

  it('refuses nothing, what is not there, and formats that there are not', async () => {
    await load();
    await rejects(buffer(bench.images.save([])), { code: 'ERR_HC_ARGUMENT' });
    await rejects(buffer(bench.images.save(['none'])), { code: 'ERR_HC_IMAGE_NOT_FOUND' });
    await rejects(buffer(bench.images.save([name], { format: 'zip' as 'oci' })), { code: 'ERR_HC_ARGUMENT' });
  });

  it('says before the first byte that a blob has not been kept', async () => {
    const images = await bench.open({ keepBlobs: false });
    const image = await builtImage();
    await images.load(await writeLayout(join(bench.place, 'layout'), image, name));
    const tar = images.save([name]);
    let received = 0;
    tar.on('data', () => (received += 1));
    await rejects(new Promise((_, reject) => tar.on('error', reject)), {
      code: 'ERR_HC_IMAGE_STORE',
      message: /has not been kept\. Remove the image, open the store with keepBlobs/,
    });
    equal(received, 0);
  });

  it('ends with an error where a blob is damaged', async () => {
    const { image } = await load();
    const file = join(bench.folder, 'blobs', 'sha256', image.layers[1]!.digest.slice(7));
    const bytes = await readFile(file);
    for (const damaged of [bytes.subarray(1), Buffer.concat([bytes, bytes]), Buffer.from(bytes).fill(7, 20, 30)]) {
      await writeFile(file, damaged);
      await rejects(buffer(bench.images.save([name])), { code: 'ERR_HC_IMAGE_STORE', message: /is damaged/ });
      const folder = join(bench.place, 'half');
      await rejects(bench.images.saveLayout([name], folder), { message: /is damaged/ });
      await rejects(readdir(folder), { code: 'ENOENT' });
    }
  });

  it('has its images while it is read, whoever removes them', async () => {
    const big = imageOf([await layerOf({ 'big.bin': noise('save', 2 ** 20) })]);
    const { loaded } = await load(big);
    const tar = bench.images.save([name]);
    await new Promise((resolve) => tar.once('readable', resolve));
    await bench.images.remove(name);
    await bench.images.prune();
    deepEqual(await loadedElsewhere(await buffer(tar)), [loaded]);
    await bench.images.prune();
    deepEqual(await readdir(join(bench.folder, 'blobs', 'sha256')), []);
    deepEqual(await readdir(join(bench.folder, 'leases')), []);
  });

  it('stops where nobody reads any more, where its signal fires, and where the store is closed', async () => {
    const big = imageOf([await layerOf({ 'big.bin': noise('save', 2 ** 20) })]);
    await load(big);
    const stop = new AbortController();
    const images = await bench.open();
    const gone = images.save([name]);
    await new Promise((resolve) => gone.once('readable', resolve));
    gone.destroy();
    const stopped = images.save([name], { signal: stop.signal });
    await new Promise((resolve) => stopped.once('readable', resolve));
    stop.abort();
    await rejects(buffer(stopped), { code: 'ABORT_ERR' });
    const closed = images.save([name]);
    await new Promise((resolve) => closed.once('readable', resolve));
    const failed = rejects(buffer(closed), { code: 'ERR_HC_IMAGE_STORE', message: /is closed/ });
    await images.close();
    await failed;
    deepEqual(await readdir(join(bench.folder, 'leases')), []);
  });

  if (has('skopeo', 'what other programs read of saved images')) {
    it('writes archives that skopeo copies, digests unchanged', async () => {
      const { image } = await load();
      const [oci, docker] = [join(bench.place, 'oci.tar'), join(bench.place, 'docker.tar')];
      await pipeline(bench.images.save([name]), createWriteStream(oci));
      await pipeline(bench.images.save([name], { format: 'docker' }), createWriteStream(docker));
      const copy = (from: string, to: string): Buffer =>
        execFileSync(
          'skopeo',
          ['--override-os', 'windows', '--insecure-policy', '--tmpdir', bench.place, 'copy', from, to],
          {
            stdio: 'pipe',
          },
        );
      const folder = join(bench.place, 'copied');
      copy(`oci-archive:${oci}:1`, `dir:${folder}`);
      deepEqual(await readFile(join(folder, 'manifest.json')), image.blobs.get(image.manifest.digest));
      for (const { digest } of image.layers)
        deepEqual(await readFile(join(folder, digest.slice(7))), image.blobs.get(digest));
      await rm(folder, { recursive: true });
      copy(`docker-archive:${docker}:${name}`, `dir:${folder}`);
      const { config } = json(await readFile(join(folder, 'manifest.json'))) as { config: { digest: string } };
      equal(config.digest, image.configuration.digest);
    });
  }
});

describe('ImageStore#saveLayout()', () => {
  const bench = useImages();

  it('writes a folder that another store loads', async () => {
    const image = await builtImage();
    const [loaded] = await bench.images.load(await writeLayout(join(bench.place, 'layout'), image, name));
    const folder = join(bench.place, 'some', 'saved');
    await bench.images.saveLayout([name], folder);
    await using images = await ImageStore.open(join(bench.place, 'elsewhere'), { host: bench.simulator.host });
    deepEqual(await images.load(folder), [loaded]);
  });

  it('leaves folders alone that have something', async () => {
    const image = await builtImage();
    await bench.images.load(await writeLayout(join(bench.place, 'layout'), image, name));
    const folder = join(bench.place, 'full');
    await mkdir(folder);
    await writeFile(join(folder, 'file'), '');
    await rejects(bench.images.saveLayout([name], folder), { code: 'ERR_HC_IMAGE_ARCHIVE', message: /is not empty/ });
    deepEqual(await readdir(folder), ['file']);
  });
});

describe('ImageStore#saveLayout() that fails', () => {
  const bench = useImages();

  it('takes its own folders away, and nothing of others', async () => {
    const image = imageOf([await layerOf({ 'big.bin': noise('saved', 2 ** 20) })]);
    await bench.images.load(await writeLayout(join(bench.place, 'layout'), image, name));
    const abort = new AbortController();
    const some = join(bench.place, 'some');
    const { signal } = abort;
    const failed = rejects(bench.images.saveLayout([name], join(some, 'more', 'saved'), { signal }), {
      name: 'AbortError',
    });
    while (!existsSync(join(some, 'more', 'saved'))) await nextTurn();
    writeFileSync(join(some, 'other'), '');
    abort.abort();
    await failed;
    deepEqual(await readdir(some), ['other']);
  });
});

describe('tarHeader()', () => {
  for (const size of [0, 1, 8 ** 11 - 1, 8 ** 11, 2 ** 50]) {
    it(`says that a file has ${size} bytes`, () => {
      const block = tarHeader('blobs/a', size);
      ok(hasChecksum(block));
      deepEqual(headerOf(block, 512), { name: 'blobs/a', type: '0', link: '', offset: 512, size });
    });
  }
});
