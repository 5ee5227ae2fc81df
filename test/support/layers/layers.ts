import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LayerStore } from 'hostcompute';
import type { Host, LayerStoreOptions } from 'hostcompute';

import type { Bench } from '../host.js';

/** A stream of a backup: its header and its data. */
export function stream(id: number, data: Buffer | string, name = ''): Buffer {
  const bytes = Buffer.from(data);
  const text = Buffer.from(name, 'utf16le');
  const header = Buffer.alloc(20);
  header.writeUInt32LE(id, 0);
  header.writeBigInt64LE(BigInt(bytes.length), 8);
  header.writeUInt32LE(text.length, 16);
  return Buffer.concat([header, text, bytes]);
}

/** A file of the transport form. */
export function transportFile(data: Buffer | string, attributes = 0x20, ...more: Buffer[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(attributes);
  return Buffer.concat([head, stream(1, data), ...more]);
}

/** The side file of a plain folder. */
export const sideFile = Buffer.from([0x10, 0, 0, 0]);

/** What the tests take for a registry. */
export const hive = Buffer.concat([Buffer.from('regf'), Buffer.alloc(8188)]);

/** By path with slashes: the bytes of a file, or null for a folder, whose side file is made as well. */
export type Tree = Readonly<Record<string, Buffer | null>>;

/** Writes a tree as it is; what is below folders comes after them. */
export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [path, bytes] of Object.entries(tree)) {
    const place = join(folder, ...path.split('/'));
    if (bytes !== null) {
      await writeFile(place, bytes);
      continue;
    }
    await mkdir(place);
    await writeFile(`${place}.$wcidirs$`, sideFile);
  }
}

export const baseTree: Tree = {
  Files: null,
  'Files/license.txt': transportFile('free'),
  'Files/app': null,
  'Files/app/old.txt': transportFile('old'),
  'Files/app/kept.txt': transportFile('kept'),
};

export const appTree: Tree = {
  Files: null,
  'Files/app': null,
  'Files/app/new.txt': transportFile('new'),
  Hives: null,
  'Hives/System_Delta': hive,
};

/** A folder of the test's own with a store in it, on the simulated host. */
export interface LayerBench {
  readonly store: LayerStore;
  readonly folder: string;
  readonly host: Host;
  open(options?: LayerStoreOptions): Promise<LayerStore>;
  /** A base layer. */
  base(id: string, tree?: Tree): Promise<void>;
  /** A folder in the transport form, to be imported. */
  transport(tree: Tree): Promise<string>;
  /** A base layer `base` and a layer `app` on it. */
  chain(): Promise<void>;
  /** The same with a scratch layer `scratch` on them. */
  scratch(): Promise<void>;
}

let made = 0;

export function useLayers(bench: Bench): LayerBench {
  let folder = '';
  let store: LayerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layers-'));
    store = await LayerStore.open(folder, { host: bench.simulator.host });
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 })); // Windows removes late

  const layers: LayerBench = {
    get store() {
      return store;
    },
    get folder() {
      return folder;
    },
    get host() {
      return bench.simulator.host;
    },
    open: (options) => LayerStore.open(folder, { host: bench.simulator.host, ...options }),
    async base(id, tree = baseTree) {
      await mkdir(join(folder, id));
      await writeTree(join(folder, id), tree);
      await store.processBaseImage(store.pathOf(id));
    },
    async transport(tree) {
      const place = join(folder, `transport-${String(++made)}`);
      await mkdir(place);
      await writeTree(place, tree);
      return place;
    },
    async chain() {
      await layers.base('base');
      await store.import('app', await layers.transport(appTree), ['base']);
    },
    async scratch() {
      await layers.chain();
      await store.createScratch('scratch', ['app', 'base']);
    },
  };
  return layers;
}
