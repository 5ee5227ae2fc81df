/**
 * Layers as documents name them, from their folders.
 *
 * @module
 */
import type { ParentLayer } from 'hostcompute';
import { nameToGuid } from 'hostcompute';
import type { documents } from 'hostcompute/documents';

import type { GlobalOptions } from '../command-line/global-options.js';
import { openContext } from './context.js';

/** @param folders - of either kind of system, as a configuration may be for another one */
export async function layersByFolder(
  folders: readonly string[],
  globals: GlobalOptions,
): Promise<{ readonly parentLayers: readonly ParentLayer[]; readonly notes: readonly documents.NotExpressed[] }> {
  await using context = await openContext(globals, { lasting: false });
  const { host, signal } = context;
  const parentLayers: ParentLayer[] = [];
  for (const folder of folders) {
    const name = folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
    parentLayers.push({ Id: await nameToGuid(name, { host, signal }), Path: folder });
  }
  const reason = 'has the ids of a simulated host in the document: a Windows host has others, or name each by --layer';
  return { parentLayers, notes: host.kind === 'windows' ? [] : [{ path: 'windows.layerFolders', reason }] };
}
