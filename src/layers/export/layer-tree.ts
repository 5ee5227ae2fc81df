// The tree of a layer, for as long as it is read: what the host has to do for it, and to undo after it.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { hasWindowsLayers } from '../host-form.js';
import type { LayerCalls } from '../layer-calls.js';
import { privilege } from '../windows/windows-files.js';
import { withPrivileges } from '../windows/with-privileges.js';
import type { LayerSource } from './layer-tar.js';

/**
 * Has the host write the tree of a layer into a folder of its own, and removes it afterwards. The files of a layer without
 * parents are read where they are.
 */
export async function withLayerTree<T>(
  store: LayerCalls,
  id: string,
  parents: readonly string[],
  use: (source: LayerSource) => Promise<T>,
): Promise<T> {
  const isWindows = hasWindowsLayers(store.hostKind);
  const work = (): Promise<T> => makeTree(store, id, parents, (source) => use({ ...source, isWindows }));
  return isWindows ? withPrivileges(privilege.backup, work) : work();
}

async function makeTree<T>(
  store: LayerCalls,
  id: string,
  parents: readonly string[],
  use: (source: LayerSource) => Promise<T>,
): Promise<T> {
  const layer = store.pathOf(id);
  await store.activate(id);
  return finallyDo(
    async () => {
      // A scratch that never was prepared has nothing in it yet that could be exported; other layers cannot be prepared.
      if (existsSync(join(layer, 'sandbox.vhdx'))) {
        await store.prepare(id, parents);
        await store.unprepare(id);
      }
      if (parents.length === 0) return use({ root: layer, layer });
      const root = await mkdtemp(join(store.folder, 'export-'));
      return finallyDo(
        async () => {
          await store.export(id, root, parents);
          return use({ root, layer });
        },
        () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
      );
    },
    () => store.deactivate(id),
  );
}

/** As `finally`, but rejects with the first failure. */
async function finallyDo<T>(body: () => Promise<T>, after: () => Promise<void>): Promise<T> {
  let result: T;
  try {
    result = await body();
  } catch (error) {
    await after().catch(() => undefined);
    throw error;
  }
  await after();
  return result;
}
