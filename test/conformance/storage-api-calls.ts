import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import type { HostFunction, HostOptions } from 'hostcompute';
import * as storage from 'hostcompute/storage';

import type { Bench } from '../support/host.js';
import type { LayerBench } from '../support/layers/layers.js';
import { appTree, baseTree, writeTree } from '../support/layers/layers.js';
import type { LayerCall } from './layer-api-calls.js';

const ids = { app: '11111111-2222-5333-8444-555555555555', base: '11111111-2222-5333-8444-666666666666' };

/** The layers below `scratch`, without a call of the host. */
function below({ folder }: LayerBench, ...names: ('app' | 'base')[]): { Layers: { Id: string; Path: string }[] } {
  return { Layers: names.map((name) => ({ Id: ids[name], Path: join(folder, name) })) };
}

const on = ({ simulator: { host } }: Bench, options: object): HostOptions => Object.assign(options, { host });
const scratch = ({ folder }: LayerBench): string => join(folder, 'scratch');

function only(...names: string[]): HostFunction[] {
  return names.map((name) => `computestorage.${name}` as HostFunction);
}

/** The disk that a call is about. */
const disks = new WeakMap<LayerBench, storage.VirtualDisk>();

async function newDisk(layers: LayerBench, bench: Bench): Promise<storage.VirtualDisk> {
  const place = join(layers.folder, 'disk.vhdx');
  const disk = await storage.VirtualDisk.create(place, { sizeBytes: 8 * 2 ** 20, host: bench.simulator.host });
  disks.set(layers, bench.keep(disk));
  return disk;
}

/** That which was made beforehand, or a new one. */
async function diskOf(layers: LayerBench, bench: Bench): Promise<storage.VirtualDisk> {
  const made = disks.get(layers);
  return made === undefined || made.closed ? newDisk(layers, bench) : made;
}

/** A call of each function of `hostcompute/storage`, on the layers `base`, `app` and `scratch`. */
export const storageCalls: Readonly<Record<string, LayerCall>> = {
  layerData: {
    functions: ['vmcompute.NameToGuid'],
    make: ({ folder }, bench, options) => storage.layerData([join(folder, 'app')], on(bench, options)),
  },
  importFolder: {
    functions: only('HcsImportLayer'),
    before: ({ folder }) => mkdir(join(folder, 'in')).then(() => writeTree(join(folder, 'in'), appTree)),
    make: (layers, bench, options) => {
      const { folder } = layers;
      return storage.importFolder(join(folder, 'made'), join(folder, 'in'), below(layers, 'base'), on(bench, options));
    },
  },
  exportFolder: {
    functions: only('HcsExportLayer'),
    make: async (layers, bench, options) => {
      const out = await mkdtemp(join(layers.folder, 'out-'));
      await storage.exportFolder(join(layers.folder, 'app'), out, below(layers, 'base'), on(bench, options));
    },
  },
  exportLegacyFolder: {
    functions: only('HcsExportLegacyWritableLayer'),
    make: async (layers, bench, options) => {
      const out = await mkdtemp(join(layers.folder, 'out-'));
      const app = join(layers.folder, 'app');
      await storage.exportLegacyFolder(app, app, out, below(layers, 'base'), on(bench, options));
    },
  },
  destroyLayer: {
    functions: only('HcsDestroyLayer'),
    make: (layers, bench, options) => storage.destroyLayer(scratch(layers), on(bench, options)),
  },
  setupBaseOSLayer: {
    functions: only('HcsSetupBaseOSLayer'),
    before: ({ folder }) => mkdir(join(folder, 'second')).then(() => writeTree(join(folder, 'second'), baseTree)),
    make: ({ folder }, bench, options) => {
      const given = Object.assign(on(bench, options), { type: 'Container' as const });
      return storage.setupBaseOSLayer(join(folder, 'second'), given);
    },
  },
  formatWritableVhd: {
    functions: only('HcsFormatWritableLayerVhd'),
    before: (layers, bench) => newDisk(layers, bench),
    make: async (layers, bench, options) => storage.formatWritableVhd(await diskOf(layers, bench), options),
  },
  vhdMountPath: {
    functions: only('HcsGetLayerVhdMountPath'),
    before: async (layers, bench) => {
      const disk = await newDisk(layers, bench);
      await storage.formatWritableVhd(disk);
      await disk.attach();
    },
    make: async (layers, bench, options) => storage.vhdMountPath(await diskOf(layers, bench), options),
  },
  setupBaseOSVolume: {
    functions: only('HcsSetupBaseOSVolume'),
    before: ({ folder }) => mkdir(join(folder, 'second')).then(() => writeTree(join(folder, 'second'), baseTree)),
    make: ({ folder }, bench, options) => {
      const second = join(folder, 'second');
      return storage.setupBaseOSVolume(
        second,
        second,
        Object.assign(on(bench, options), { type: 'Container' as const }),
      );
    },
  },
  initializeWritableLayer: {
    functions: only('HcsInitializeWritableLayer'),
    make: (layers, bench, options) =>
      storage.initializeWritableLayer(scratch(layers), below(layers, 'app', 'base'), on(bench, options)),
  },
  initializeLegacyLayer: {
    functions: only('HcsInitializeLegacyWritableLayer'),
    make: (layers, bench, options) => {
      const place = scratch(layers);
      return storage.initializeLegacyLayer(place, place, below(layers, 'app', 'base'), on(bench, options));
    },
  },
  attachFilter: {
    functions: only('HcsAttachLayerStorageFilter'),
    make: (layers, bench, options) =>
      storage.attachFilter(scratch(layers), below(layers, 'app', 'base'), on(bench, options)),
    after: (layers) => layers.store.unprepare('scratch'),
  },
  detachFilter: {
    functions: only('HcsDetachLayerStorageFilter'),
    before: (layers) => storage.attachFilter(scratch(layers), below(layers, 'app', 'base'), { host: layers.host }),
    make: (layers, bench, options) => storage.detachFilter(scratch(layers), on(bench, options)),
  },
  attachOverlay: {
    functions: only('HcsAttachOverlayFilter'),
    make: (layers, bench, options) => {
      const data = { ...below(layers, 'app'), FilterType: 'UnionFS' as const };
      return storage.attachOverlay(scratch(layers), data, on(bench, options));
    },
    after: (layers) => storage.detachOverlay(scratch(layers), { host: layers.host }),
  },
  detachOverlay: {
    functions: only('HcsDetachOverlayFilter'),
    before: (layers) => storage.attachOverlay(scratch(layers), { FilterType: 'UnionFS' }, { host: layers.host }),
    make: (layers, bench, options) => storage.detachOverlay(scratch(layers), on(bench, options)),
  },
};
