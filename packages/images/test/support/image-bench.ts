// A store of images in a folder of the test's own, on a simulated host.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Simulator } from 'hostcompute/simulator';

import type { ImageStoreOptions } from '../../src/image-store-options.js';
import { ImageStore } from '../../src/image-store.js';

export interface ImageBench {
  readonly simulator: Simulator;
  /** For whatever the test writes. */
  readonly place: string;
  /** The folder of the store. */
  readonly folder: string;
  readonly images: ImageStore;
  /** One more on the same folder, as another program has it. */
  open(options?: ImageStoreOptions): Promise<ImageStore>;
}

export function useImages(): ImageBench {
  let simulator: Simulator;
  let place: string;
  let opened: ImageStore[];
  const open = async (options: ImageStoreOptions = {}): Promise<ImageStore> => {
    const images = await ImageStore.open(join(place, 'images'), { host: simulator.host, ...options });
    opened.push(images);
    return images;
  };
  beforeEach(async () => {
    simulator = await Simulator.open();
    place = await realpath(await mkdtemp(join(tmpdir(), 'images-')));
    opened = [];
    await open();
  });
  afterEach(async () => {
    for (const images of opened) await images.close();
    await simulator.close();
    await rm(place, { recursive: true, force: true, maxRetries: 10 });
  });
  return {
    get simulator() {
      return simulator;
    },
    get place() {
      return place;
    },
    get folder() {
      return join(place, 'images');
    },
    get images() {
      return opened[0]!;
    },
    open,
  };
}
