/**
 * `layers ls`.
 *
 * @module
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import type { StoreOptions } from '../../host/layer-store.js';
import { openLayerStore } from '../../host/layer-store.js';
import { Output } from '../../output/output.js';

/** Lists the layers of a store. */
export const listLayers: Action<StoreOptions> = async ({ options, globals }) => {
  await using context = await openContext(globals, { lasting: false });
  const store = await openLayerStore(options, context);
  const names = (await readdir(store.folder, { withFileTypes: true })).filter((each) => each.isDirectory());
  const layers = [];
  for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!(await store.exists(name, { signal: context.signal }))) continue;
    const folder = store.pathOf(name);
    const isScratch = await isThere(join(folder, 'sandbox.vhdx'));
    const hasUtilityVM = await isThere(join(folder, 'UtilityVM'));
    layers.push({ kind: 'layer' as const, id: name, type: isScratch ? 'scratch' : 'read-only', hasUtilityVM, folder });
  }
  new Output(globals).list(layers, { LAYER: ({ id }) => id, TYPE: ({ type }) => type, FOLDER: ({ folder }) => folder });
};

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
