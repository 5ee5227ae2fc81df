// layer-import-above <archive> <folder>: imports a layer that stands on another, which the host imports from a folder that we write.
// Prints the milliseconds until the host gets that folder. It knows public names only, so that other commits can run it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { LayerCalls } from 'hostcompute';
import { importLayer } from 'hostcompute';

const [archive, folder] = process.argv.slice(2) as [string, string];
const done = (): Promise<void> => Promise.resolve();
const store: LayerCalls = {
  folder,
  hostKind: 'simulated',
  pathOf: (id) => join(folder, id),
  import: () => {
    console.log(performance.now() - started);
    // Removing the folder again is not measured.
    process.exit();
  },
  processBaseImage: done,
  processUtilityImage: done,
  destroy: done,
  export: done,
  activate: done,
  prepare: done,
  unprepare: done,
  deactivate: done,
};
mkdirSync(join(folder, 'base'), { recursive: true });
const started = performance.now();
await importLayer(archive, { store, id: 'above', parents: ['base'] });
