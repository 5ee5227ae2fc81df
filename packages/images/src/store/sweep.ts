/**
 * Deletes what nothing needs.
 *
 * @module
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Digest } from '../oci/descriptor.js';
import { unfinished } from './durable-file.js';
import { destroyFolder } from './half-layer.js';
import type { Needs } from './needs.js';
import { needsOf } from './needs.js';
import type { Store } from './store.js';

/** What was deleted. */
export interface Swept {
  /** Ids of layers. */
  readonly layers: string[];
  readonly blobs: Digest[];
  /** Of blobs and unfinished downloads, as files have them. */
  readonly bytes: number;
}

export interface SweepOptions {
  readonly signal: AbortSignal;
  /** Only tells what would be deleted. */
  readonly dryRun?: boolean | undefined;
  /** Images whose records are as good as gone: digests of manifests. */
  readonly without?: ReadonlySet<Digest> | undefined;
  /** Only these, where it is given: ids of layers, and hex of digests. */
  readonly among?: { readonly layers: ReadonlySet<string>; readonly blobs: ReadonlySet<string> } | undefined;
}

const isHex = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

/** To be called under the lock of the store. */
export async function sweep(store: Store, { signal, dryRun = false, among, without }: SweepOptions): Promise<Swept> {
  const needs = await needsOf(store, without);
  const layers = await unneededLayers(store, needs, among?.layers);
  const bytes = { count: 0 };
  const blobs = await unneededFiles(store.layout.blobs, needs, needs.blobs, among?.blobs, bytes);
  const downloads =
    among === undefined ? await unneededFiles(store.layout.downloads, needs, needs.downloads, undefined, bytes) : [];
  if (!dryRun) {
    // The uppermost first: a layer never stands on one that is gone.
    for (const id of layers) await deleteLayer(store, id, signal);
    for (const name of blobs) await rm(join(store.layout.blobs, name), { force: true });
    for (const name of downloads) await rm(join(store.layout.downloads, name), { force: true });
    if (among === undefined) await sweepUnfinished(store, needs, signal);
  }
  return { layers, blobs: blobs.filter(isHex).map((hex): Digest => `sha256:${hex}`), bytes: bytes.count };
}

/** The record goes first: a folder without one is not a layer. */
async function deleteLayer({ records, layers }: Store, id: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await records.layers.delete(id);
  await destroyFolder(layers, id, signal);
}

/** Folders and records of layers, the uppermost of each chain first. */
async function unneededLayers(
  { layout, records }: Store,
  needs: Needs,
  among: ReadonlySet<string> | undefined,
): Promise<string[]> {
  const known = await records.layers.all();
  const names = new Set([...known.keys(), ...(await readdir(layout.layers)).filter(isHex)]);
  const unneeded = [...names].filter((name) => !needs.layers.has(name) && (among?.has(name) ?? true));
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    const path: string[] = [];
    let at: string | undefined = id;
    while (at !== undefined && !depths.has(at) && path.length <= known.size) {
      path.push(at);
      at = known.get(at)?.parent?.slice('sha256:'.length);
    }
    let below = at === undefined ? 0 : depths.get(at)!;
    for (const each of path.reverse()) depths.set(each, ++below);
    return depths.get(id)!;
  };
  return unneeded.sort((a, b) => depth(b) - depth(a));
}

async function unneededFiles(
  folder: string,
  { isPulling }: Needs,
  needed: ReadonlySet<string>,
  among: ReadonlySet<string> | undefined,
  bytes: { count: number },
): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => {
    if (isHex(name)) return !needed.has(name) && (among?.has(name) ?? true);
    // Files that are being written belong to a pull, if one runs.
    return among === undefined && !isPulling;
  });
  for (const name of names) bytes.count += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
  return names;
}

/** What was being made when a program ended: imports, and records that had no name yet. */
async function sweepUnfinished({ layout, layers }: Store, needs: Needs, signal: AbortSignal): Promise<void> {
  if (!needs.isPulling) {
    for (const name of await readdir(layout.layers)) {
      if (name.startsWith('import-')) await destroyFolder(layers, name, signal);
    }
  }
  for (const folder of [layout.folder, layout.layerRecords, layout.imageRecords, layout.references, layout.leases]) {
    for (const name of await readdir(folder)) {
      if (name.endsWith(unfinished)) await rm(join(folder, name), { force: true });
    }
  }
}
