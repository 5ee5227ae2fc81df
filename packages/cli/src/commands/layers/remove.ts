/**
 * `layers rm`.
 *
 * @module
 */
import { isNotFound } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import { usageFailure } from '../../failure.js';
import { openContext } from '../../host/context.js';
import type { StoreOptions } from '../../host/layer-store.js';
import { checkIsThere, openLayerStore } from '../../host/layer-store.js';
import { Output } from '../../output/output.js';

/** Removes layers, those of images excepted. */
export const removeLayers: Action<StoreOptions> = async ({ words, options, globals }) => {
  const ofImages = options.store === undefined ? words.filter((id) => /^[\da-f]{64}$/i.test(id)) : [];
  if (ofImages.length > 0)
    throw usageFailure(
      `${ofImages[0]} is a layer of an image`,
      'Remove the image: "hostcompute images rm", or "images prune".',
    );
  await using context = await openContext(globals, { lasting: false });
  const store = await openLayerStore(options, context);
  const output = new Output(globals);
  const { signal } = context;
  for (const id of words) {
    await checkIsThere(id, store, signal);
    try {
      await store.destroy(id, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    output.one({ kind: 'layer-removed', id }, [id]);
  }
};
