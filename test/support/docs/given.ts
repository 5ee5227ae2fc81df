// What the text around an example speaks of, and the example uses.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Host, Process, SystemDocument } from 'hostcompute';
import { ComputeSystem, defaultHost, importLayer, LayerStore } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../documents.js';
import { hyperVConfig } from '../oci.js';
import { file, folder, tar } from '../layers/tar.js';

/** Each is made anew, on the host that is simulated because the environment says so, below the working directory. */
export const given = {
  host: (): Promise<Host> => defaultHost(),
  simulator: async (): Promise<Simulator> => Simulator.of(await defaultHost()),
  document: (): Promise<SystemDocument> => Promise.resolve(containerDocument('given')),
  system: runningSystem,
  child: async (): Promise<Process> => (await runningSystem()).createProcess({ command: 'cmd' }),
  /** What `config.json` holds. */
  config: (): Promise<object> => Promise.resolve(hyperVConfig({ layerFolders: ['D:\\layers\\base', 'D:\\scratch'] })),
  store: storeOfLayers,
};

async function runningSystem(): Promise<ComputeSystem> {
  const system = await ComputeSystem.create('given', containerDocument('given'));
  await system.start();
  return system;
}

/** With the layers `base`, `app` upon it, and `scratch` upon both; the tar of another layer lies beside it. */
async function storeOfLayers(): Promise<LayerStore> {
  const store = await LayerStore.open(mkdtempSync(resolve('store-')));
  const archive = resolve('layer.tar');
  writeFileSync(archive, tar(folder('Files'), file('Files/a.txt', 'a')));
  await importLayer(archive, { store, id: 'base', parents: [] });
  await importLayer(archive, { store, id: 'app', parents: ['base'] });
  await store.createScratch('scratch', ['app', 'base']);
  return store;
}
