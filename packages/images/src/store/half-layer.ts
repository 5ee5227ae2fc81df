/**
 * Folders of layers that were not finished, or not wholly deleted.
 *
 * @module
 */
import { lstat, rm } from 'node:fs/promises';

import type { LayerStore } from 'hostcompute';

/**
 * Deletes the folder of a layer, if it is there. The host has to do it: on Windows nobody else may delete what has the security of
 * an image, and it refuses what is mounted.
 */
export async function destroyFolder(layers: LayerStore, id: string, signal?: AbortSignal): Promise<void> {
  const path = layers.pathOf(id);
  if (!(await isThere(path))) return;
  await layers.destroy(id, signal === undefined ? {} : { signal });
  await rm(path, { recursive: true, force: true, maxRetries: 5 });
}

/** Anything but "not there" is a failure: what cannot be looked at must not be forgotten. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
