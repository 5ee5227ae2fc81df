/**
 * Removes what a container is made of on the host and on disk, by its record: of one that has ended, or whose process was killed.
 *
 * @module
 */
import { join } from 'node:path';

import type { Host } from 'hostcompute';
import { ComputeSystem, isAlreadyStopped, isNotFound } from 'hostcompute';

import { openImages } from '../host/images.js';
import type { ContainerFolders, KnownContainer } from './container-folders.js';
import { takeClaim } from './claim.js';
import type { Left } from './undo.js';
import { Undo } from './undo.js';

interface Limits {
  readonly timeoutMs: number;
}

/** Undefined where a process has it now. What could not be removed keeps its folder. */
export async function removeContainer(
  folders: ContainerFolders,
  { id, record }: Pick<KnownContainer, 'id' | 'record'>,
  host: Host,
): Promise<readonly Left[] | undefined> {
  const claim = await takeClaim(folders.root, id);
  if (claim === undefined) return undefined;
  try {
    const undo = new Undo();
    const folder = folders.folderOf(id);
    const { destroyLeftScratch } = await import('./storage.js');
    undo.push(`the writable layer of ${id}`, async (limits) => destroyLeftScratch(join(folder, id), host, limits));
    if (record?.scratch === 'images') {
      undo.push(`the writable layer of ${id}`, async (limits) => destroyImageScratch(folders.root, id, host, limits));
    }
    const { endpoint, namespace } = record ?? {};
    if (endpoint !== undefined) {
      const { deleteLeftNetwork } = await import('./network.js');
      undo.push(`the network of ${id}`, async (limits) => deleteLeftNetwork({ endpoint, namespace }, host, limits));
    }
    undo.push(`system ${id}`, async (limits) => endLeftSystem(id, host, limits));
    const left = await undo.run();
    if (left.length === 0) await folders.remove(id);
    return left;
  } finally {
    await claim.release();
  }
}

async function destroyImageScratch(root: string, id: string, host: Host, limits: Limits): Promise<void> {
  const { destroyScratch } = await import('./image-storage.js');
  await using images = await openImages({ host, root });
  // Each is refused where there is nothing to undo.
  await images.layers.unprepare(id, limits).catch(() => undefined);
  await images.layers.deactivate(id, limits).catch(() => undefined);
  await destroyScratch(images, id, limits);
}

/** Ends a system, where there is one. */
export async function endLeftSystem(id: string, host: Host, limits: Limits): Promise<boolean> {
  try {
    await using system = await ComputeSystem.open(id, { ...limits, host });
    await system.terminate(limits);
    return true;
  } catch (error) {
    if (isNotFound(error) || isAlreadyStopped(error)) return false;
    throw error;
  }
}
