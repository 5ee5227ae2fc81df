/**
 * `layers commit`: what was written to a scratch becomes a layer.
 *
 * @module
 */
import { exportLayer, importLayer } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import type { ParentOptions } from '../../host/layer-store.js';
import { checkIsThere, checkNewId, openLayerStore, parentsOf } from '../../host/layer-store.js';
import { Output } from '../../output/output.js';
import { withProgress } from '../../output/progress.js';
import { linesOfImport, printedImport } from './import.js';

/** Exports the scratch, and imports what comes of it while it comes. */
export const commitOne: Action<ParentOptions & { readonly id: string }> = async ({ words, options, globals }) => {
  const [scratch = ''] = words;
  const id = checkNewId(options.id, options);
  const parents = parentsOf(options);
  await using context = await openContext(globals, { lasting: false });
  const store = await openLayerStore(options, context);
  const { signal } = context;
  await checkIsThere(scratch, store, signal);
  const imported = await withProgress(globals, id, 'commit', (show) =>
    importLayer(exportLayer({ store, id: scratch, parents, signal }).stream, {
      store,
      id,
      parents,
      signal,
      onProgress: ({ bytes }) => show(bytes),
    }),
  );
  new Output(globals).one(printedImport(imported), linesOfImport(imported));
};
