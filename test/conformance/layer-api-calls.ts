import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { HostFunction, OperationOptions } from 'hostcompute';
import { grantVmAccess, nameToGuid } from 'hostcompute';

import type { Bench } from '../support/host.js';
import type { LayerBench } from '../support/layers/layers.js';
import { appTree, baseTree, writeTree } from '../support/layers/layers.js';
import { storageCalls } from './storage-api-calls.js';

/** A call of the API about layers, made on `base`, `app` and `scratch` of a fresh store. */
export interface LayerCall {
  /** The functions of the host that it is made of. */
  readonly functions: readonly HostFunction[];
  /** What it needs beforehand. */
  readonly before?: (layers: LayerBench, bench: Bench) => Promise<unknown>;
  readonly make: (layers: LayerBench, bench: Bench, options: OperationOptions) => Promise<unknown>;
  /** Undoes what it has done, where the bench does not. */
  readonly after?: (layers: LayerBench) => Promise<unknown>;
}

const parents = ['app', 'base'];

async function activate({ store }: LayerBench): Promise<void> {
  await store.activate('scratch');
}

async function deactivate({ store }: LayerBench): Promise<void> {
  await store.deactivate('scratch');
}

async function prepare(layers: LayerBench): Promise<void> {
  await activate(layers);
  await layers.store.prepare('scratch', parents);
}

async function unprepare(layers: LayerBench): Promise<void> {
  await layers.store.unprepare('scratch');
  await deactivate(layers);
}

export const layerCalls: Readonly<Record<string, LayerCall>> = {
  ...storageCalls,
  'LayerStore#create': {
    functions: ['vmcompute.CreateLayer'],
    make: ({ store }, _, options) => store.create('made', 'base', options),
  },
  'LayerStore#createScratch': {
    functions: ['vmcompute.NameToGuid', 'vmcompute.CreateSandboxLayer'],
    make: async (layers, _, options) => (await layers.open()).createScratch('made', parents, options),
  },
  'LayerStore#expandScratch': {
    functions: ['vmcompute.ExpandSandboxSize'],
    make: ({ store }, _, options) => store.expandScratch('scratch', 2 ** 36, options),
  },
  'LayerStore#activate': {
    functions: ['vmcompute.ActivateLayer'],
    make: ({ store }, _, options) => store.activate('scratch', options),
    after: deactivate,
  },
  'LayerStore#deactivate': {
    functions: ['vmcompute.DeactivateLayer'],
    before: activate,
    make: ({ store }, _, options) => store.deactivate('scratch', options),
  },
  'LayerStore#prepare': {
    functions: ['vmcompute.PrepareLayer'],
    before: activate,
    make: ({ store }, _, options) => store.prepare('scratch', parents, options),
    after: unprepare,
  },
  'LayerStore#unprepare': {
    functions: ['vmcompute.UnprepareLayer'],
    before: prepare,
    make: ({ store }, _, options) => store.unprepare('scratch', options),
    after: deactivate,
  },
  'LayerStore#mountPath': {
    functions: ['vmcompute.GetLayerMountPath'],
    make: ({ store }, _, options) => store.mountPath('scratch', options),
  },
  'LayerStore#mount': {
    functions: ['vmcompute.ActivateLayer', 'vmcompute.PrepareLayer', 'vmcompute.GetLayerMountPath'],
    make: ({ store }, _, options) => store.mount('scratch', parents, options),
    after: unprepare,
  },
  'LayerStore#exists': {
    functions: ['vmcompute.LayerExists'],
    make: ({ store }, _, options) => store.exists('scratch', options),
  },
  'LayerStore#destroy': {
    functions: ['vmcompute.DestroyLayer'],
    make: ({ store }, _, options) => store.destroy('scratch', options),
  },
  'LayerStore#copy': {
    functions: ['vmcompute.CopyLayer'],
    make: ({ store }, _, options) => store.copy('scratch', 'copied', parents, options),
  },
  'LayerStore#import': {
    functions: ['vmcompute.ImportLayer'],
    before: ({ folder }) => mkdir(join(folder, 'in')).then(() => writeTree(join(folder, 'in'), appTree)),
    make: ({ store, folder }, _, options) => store.import('imported', join(folder, 'in'), parents, options),
  },
  'LayerStore#export': {
    functions: ['vmcompute.ExportLayer'],
    before: ({ folder }) => mkdir(join(folder, 'out')),
    make: ({ store, folder }, _, options) => store.export('app', join(folder, 'out'), ['base'], options),
  },
  'LayerStore#processBaseImage': {
    functions: ['vmcompute.ProcessBaseImage'],
    before: ({ folder }) => mkdir(join(folder, 'second')).then(() => writeTree(join(folder, 'second'), baseTree)),
    make: ({ store }, _, options) => store.processBaseImage(store.pathOf('second'), options),
  },
  'LayerStore#processUtilityImage': {
    functions: ['vmcompute.ProcessUtilityImage'],
    before: ({ folder }) => mkdir(join(folder, 'base', 'UtilityVM', 'Files'), { recursive: true }),
    make: ({ store }, _, options) => store.processUtilityImage(join(store.pathOf('base'), 'UtilityVM'), options),
  },
  'LayerStore#baseImages': {
    functions: ['vmcompute.GetBaseImages'],
    make: ({ store }, _, options) => store.baseImages(options),
  },
  nameToGuid: {
    functions: ['vmcompute.NameToGuid'],
    make: (_, { simulator: { host } }, options) => nameToGuid('a name', Object.assign(options, { host })),
  },
  grantVmAccess: {
    functions: ['vmcompute.GrantVmAccess'],
    before: ({ folder }) => writeFile(join(folder, 'disk.vhdx'), ''),
    make: ({ folder }, { simulator: { host } }, options) =>
      grantVmAccess('vm', join(folder, 'disk.vhdx'), Object.assign(options, { host })),
  },
};
