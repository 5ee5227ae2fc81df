/**
 * Folders of layers that were not finished, or not wholly deleted.
 *
 * @module
 */
import { lstat, rm } from 'node:fs/promises';

import type { LayerStore } from 'hostcompute';

/**
 * Deletes the folder of a layer, if it is there. Whoever calls this has its lock. On Windows the host has to do it: nobody else may
 * delete what has the security of an image.
 */
export async function destroyFolder(layers: LayerStore, id: string, signal?: AbortSignal): Promise<void> {
  const path = layers.pathOf(id);
  if (!(await isThere(path))) return;
  let failure: unknown;
  try {
    await layers.destroy(id, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    failure = error;
  }
  // A host need not take for a layer what is only a part of one.
  await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch((error: unknown) => {
    throw failure ?? error;
  });
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
