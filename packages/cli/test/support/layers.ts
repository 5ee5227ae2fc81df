// Layers of a few files, and folders for them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Host, LayerStore } from 'hostcompute';

/** The side file of a plain folder in the transport form. */
const sideFile = Buffer.from([0x10, 0, 0, 0]);

export interface Root extends AsyncDisposable {
  /** For --root. */
  readonly folder: string;
  /** Ids for --layers, the nearest first. */
  readonly layers: readonly string[];
}

/** A root folder with two layers in its store. */
export async function rootWithLayers(): Promise<Root> {
  const place = await mkdtemp(join(tmpdir(), 'hostcompute-cli-'));
  const folder = join(place, 'root');
  await using host = await Host.open('simulated');
  await addLayers(folder, host);
  return {
    folder,
    layers: ['app', 'base'],
    async [Symbol.asyncDispose]() {
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** Puts a layer `base`, and `app` on it, into the store of a root folder. */
export async function addLayers(root: string, host: Host): Promise<void> {
  const home = join(root, 'images', 'layers');
  await mkdir(home, { recursive: true });
  const store = await LayerStore.open(home, { host });
  await writeFiles(join(home, 'base'));
  await store.processBaseImage(join(home, 'base'));
  const source = join(root, 'app');
  await writeFiles(source);
  await store.import('app', source, ['base']);
  await rm(source, { recursive: true });
  await mkdir(join(home, 'base', 'UtilityVM'), { recursive: true });
}

async function writeFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'Files'), { recursive: true });
  await writeFile(join(folder, 'Files.$wcidirs$'), sideFile);
}
