// Imports the layers of an image, and starts a container from it.
//
//   node out/examples/import-image.js [--store FOLDER] IMAGE [-- COMMAND]
//
// IMAGE is a folder in the layout of OCI, or a tar that `docker save` wrote. Without --store the layers go into a temporary folder,
// which is removed in the end; in a store that is kept, a layer that is there already is not imported again. The host is the
// one that HOSTCOMPUTE_HOST names, else Windows' own on Windows, and the simulated one elsewhere.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { SingleBar } from 'cli-progress';
import type { MountedLayer } from 'hostcompute';
import { ComputeSystem, Host, importLayer, LayerStore } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import type { ImageLayer } from './image.js';
import { checkPlatform, readImage } from './image.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { store: { type: 'string' } } });
const [source, ...given] = positionals;
if (source === undefined) {
  console.error('usage: import-image [--store FOLDER] IMAGE [-- COMMAND]');
  process.exit(2);
}

async function load(store: LayerStore, id: string, parents: readonly string[], layer: ImageLayer): Promise<void> {
  const { path, digest, diffId } = layer;
  const bar = new SingleBar({
    format: `${id} {bar} {percentage} % | {entries} entries | {value} of {total} MB | {speed} MB/s | {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
  });
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
  bar.start(1, 0, { entries: 0, speed: 0 });
  try {
    const imported = await importLayer(path, {
      store,
      id,
      parents,
      verify: { ...(digest !== undefined && { digest }), ...(diffId !== undefined && { diffId }) },
      onProgress({ entries, bytes, totalBytes = bytes }) {
        bar.setTotal(megabytes(totalBytes));
        bar.update(megabytes(bytes), { entries, speed: megabytes(bytes / seconds()) });
      },
    });
    bar.stop();
    console.error(`${id}: ${imported.entries} entries in ${seconds().toFixed(1)} s`);
  } finally {
    bar.stop();
  }
}

/** The ids of the layers, the nearest first. */
async function importAll(store: LayerStore, layers: readonly ImageLayer[]): Promise<string[]> {
  const parents: string[] = [];
  for (const [index, layer] of layers.entries()) {
    const id = (layer.diffId ?? layer.digest)?.replace('sha256:', '') ?? `layer-${index}`;
    if (!(await store.exists(id))) await load(store, id, parents, layer);
    parents.unshift(id);
  }
  return parents;
}

async function runIn(host: Host, storage: MountedLayer['storage'], command: documents.ImageProcess): Promise<number> {
  const id = `import-image-${process.pid}`;
  const container = { GuestOs: { HostName: 'image' }, Storage: storage };
  const document = { Owner: 'import-image', ShouldTerminateOnLastHandleClosed: true, Container: container };
  await using system = await ComputeSystem.create(id, document, { host });
  await system.start();
  await using child = await system.createProcess(command);
  child.stdin.end();
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  const closed = new Promise((done) => child.once('close', done));
  const { exitCode, error } = await child.exited;
  await closed; // all output has been written
  if (exitCode === null) console.error(error?.message);
  await system.stop({ graceMs: 0 });
  return exitCode ?? 1;
}

const simulated = process.platform !== 'win32' && process.env.HOSTCOMPUTE_HOST === undefined;
await using host = await Host.open(simulated ? 'simulated' : undefined);
if (host.kind === 'simulated') console.error('Host: simulated; no container runs');
const place = await mkdtemp(join(tmpdir(), 'import-image-'));
try {
  const image = await readImage(resolve(source), place);
  checkPlatform(source, image, host);
  const store = await LayerStore.open(resolve(values.store ?? place), { host });
  const parents = await importAll(store, image.layers);
  const scratch = `scratch-${process.pid}`;
  await store.createScratch(scratch, parents);
  try {
    await using mounted = await store.mount(scratch, parents);
    const command = documents.processFromOciImage(image.configuration, given.length > 0 ? { args: given } : {});
    process.exitCode = await runIn(host, mounted.storage, command);
  } finally {
    await store.destroy(scratch);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await rm(place, { recursive: true, force: true });
}
