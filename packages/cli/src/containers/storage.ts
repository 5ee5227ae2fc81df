/**
 * What a container is made of: read-only layers, and a writable one of its own on them.
 *
 * @module
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Host } from 'hostcompute';
import { isNotFound, LayerStore, nameToGuid } from 'hostcompute';

import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { HostAndSignal } from '../host/context.js';
import type { ContainerFolders } from './container-folders.js';
import type { RunPlan } from './plan.js';
import type { Undo } from './undo.js';

/** The writable layer. */
export interface WritableLayer {
  readonly folder: string;
  /** Joins it with those below it: gives its volume. */
  mount(undo: Undo): Promise<string>;
}

export interface ContainerStorage {
  /** Read-only layers by folder, the nearest first. */
  readonly folders: readonly string[];
  /** Of the image; undefined without one. */
  readonly configuration?: object;
  /** Which writable layer {@link createScratch} makes. */
  readonly scratch: 'images' | 'container';
  /** The folder that it will have. */
  readonly scratchFolder: string;
  /** @param isKept - asked when it is undone */
  createScratch(undo: Undo, isKept: () => boolean): Promise<WritableLayer>;
}

/** The layers of the plan, which are there; nothing is made. */
export async function storageOf(
  plan: RunPlan,
  folders: ContainerFolders,
  limits: HostAndSignal,
  undo: Undo,
): Promise<ContainerStorage> {
  const { source, id } = plan;
  if (source.kind === 'image') {
    const { imageStorage } = await import('./image-storage.js');
    return imageStorage(source.reference, plan, limits, undo);
  }
  if (source.kind !== 'layers') throw new Error(`${source.kind} has no layers`);
  for (const folder of source.folders) await checkLayer(folder, limits);
  const home = folders.folderOf(id);
  return {
    folders: source.folders,
    scratch: 'container',
    scratchFolder: join(home, id),
    async createScratch(undo, isKept) {
      const store = await LayerStore.open(home, { host: limits.host });
      // Before the call, as a call that was cancelled may be made all the same.
      undo.push(`the writable layer of ${id}`, async (within) => {
        if (!isKept()) await destroyScratch(store, id, within);
      });
      await store.createScratch(id, source.folders, { signal: limits.signal });
      return {
        folder: store.pathOf(id),
        async mount(undo) {
          const mounted = await store.mount(id, source.folders, { signal: limits.signal });
          undo.push(`the mount of ${id}`, async (within) => mounted.close(within));
          return mounted.storage.Path;
        },
      };
    },
  };
}

async function checkLayer(folder: string, { host, signal }: HostAndSignal): Promise<void> {
  const parent = dirname(folder);
  const isFolder = await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false);
  if (isFolder) {
    const store = await LayerStore.open(parent, { host });
    if (await store.exists(basename(folder), { signal })) return;
  }
  throw new Failure(`There is no layer ${folder}`, {
    code: 'ERR_HC_NO_LAYER',
    exitCode: exitCodes.host,
    remedy: 'List those of the store by "hostcompute layers ls".',
  });
}

async function destroyScratch(store: LayerStore, id: string, limits: { readonly timeoutMs: number }): Promise<void> {
  try {
    if (await store.exists(id, limits)) await store.destroy(id, limits);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Undoes the mount of a process that was killed, as far as there is one, and destroys the writable layer. */
export async function destroyLeftScratch(
  folder: string,
  host: Host,
  limits: { readonly timeoutMs: number },
): Promise<void> {
  const [parent, id] = [dirname(folder), basename(folder)];
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const store = await LayerStore.open(parent, { host });
  // Each is refused where there is nothing to undo.
  await store.unprepare(id, limits).catch(() => undefined);
  await store.deactivate(id, limits).catch(() => undefined);
  await destroyScratch(store, id, limits);
}

/** As documents name layers. */
export async function layerOptions(
  folders: readonly string[],
  limits: HostAndSignal,
): Promise<{ id: string; path: string }[]> {
  return Promise.all(folders.map(async (path) => ({ id: await nameToGuid(basename(path), limits), path })));
}

/** `UtilityVM` of the topmost layer that has one: what a Hyper-V isolated container boots. */
export async function utilityVmOf(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const place = join(folder, 'UtilityVM');
    if (
      await stat(place)
        .then((found) => found.isDirectory())
        .catch(() => false)
    )
      return place;
  }
  throw new Failure('No layer has a UtilityVM, without which no container can have a kernel of its own', {
    code: 'ERR_HC_NO_UTILITY_VM',
    exitCode: exitCodes.host,
    remedy: 'Use --isolation process, or an image of Microsoft that has one.',
  });
}
