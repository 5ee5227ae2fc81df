// One import, on the caller's thread: the threads that read and write, the calls of the host after it, and the undoing of both.
import { copyFile, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { timesTableName } from '../formats/times-table.js';
import { messageOf } from '../../errors/received.js';
import { LayerError } from '../layer-error.js';
import { privilege } from '../windows/windows-files.js';
import { withPrivileges } from '../windows/with-privileges.js';
import { LayerClaim } from './layer-claim.js';
import type { CheckedImport, ImportLayerOptions } from './import-options.js';
import type { ReadProgress, WrittenLayer } from './import-task.js';
import { Unpacking } from './unpacking.js';

/** Where an import writes: into the layer's folder, or beside it for the host to take it from there. */
interface Places {
  readonly root: string;
  readonly utilityVMRoot: string;
  readonly isBase: boolean;
}

const importing = privilege.backup + privilege.restore + privilege.security;

export async function runImport(checked: CheckedImport, source: string | Readable): Promise<WrittenLayer> {
  const run = (): Promise<WrittenLayer> => importLayer(checked, source);
  return checked.task.isWindows ? withPrivileges(importing, run) : run();
}

async function importLayer(checked: CheckedImport, source: string | Readable): Promise<WrittenLayer> {
  const { store, id } = checked.options;
  const claim = await LayerClaim.take(store.folder, id, store.pathOf(id));
  try {
    return await importClaimed(claim, checked, source);
  } finally {
    claim.release();
  }
}

/** Removes what it has written when it fails: nobody else writes into the folder. */
async function importClaimed(
  claim: LayerClaim,
  { options, task, verify, totalBytes }: CheckedImport,
  source: string | Readable,
): Promise<WrittenLayer> {
  const { store, id, parents, signal } = options;
  const { isWindows } = task;
  const path = store.pathOf(id);
  let temporary: string | undefined;
  let isHostInvolved = false;
  try {
    if (parents.length > 0) temporary = await mkdtemp(join(store.folder, 'import-'));
    const places = placesOf(path, temporary, isWindows);
    const onProgress = (progress: ReadProgress): unknown => report(options, 'read', progress, totalBytes);
    const { root, utilityVMRoot } = places;
    using unpacking = new Unpacking({ ...task, root, utilityVMRoot }, source, { verify, onProgress, signal });
    const written = await unpacking.written();
    await onProgress(written);
    signal?.throwIfAborted();
    await claim.handOver();
    isHostInvolved = true;
    await report(options, 'host', written, totalBytes);
    await makeLayer(path, places, written, unpacking, options, isWindows);
    return written;
  } catch (error) {
    await claim.handOver();
    // On Windows nobody else may delete what has the security of an image.
    const isHostNeeded = isHostInvolved || (isWindows && !(await isEmpty(path)));
    if (isHostNeeded) await store.destroy(id).catch(() => undefined);
    await remove(path);
    throw error;
  } finally {
    if (temporary !== undefined) await remove(temporary);
  }
}

/** What the host does of it. */
async function makeLayer(
  path: string,
  places: Places,
  written: WrittenLayer,
  unpacking: Unpacking,
  options: ImportLayerOptions,
  isWindows: boolean,
): Promise<void> {
  const { store } = options;
  if (places.isBase) await host('ProcessBaseImage', options, written, () => store.processBaseImage(path));
  else await importInto(path, places, written, unpacking, options, isWindows);
  if (!written.hasUtilityVM) return;
  await host('ProcessUtilityImage', options, written, () => store.processUtilityImage(join(path, 'UtilityVM')));
}

/** The steps that come after the transport form: the host's, then what the host cannot be told. */
async function importInto(
  path: string,
  { root, utilityVMRoot }: Places,
  written: WrittenLayer,
  unpacking: Unpacking,
  options: ImportLayerOptions,
  isWindows: boolean,
): Promise<void> {
  const { store, id, parents } = options;
  await host('ImportLayer', options, written, () => store.import(id, root, parents));
  if (!isWindows) {
    // The host takes what it knows, which the table of times is not.
    await copyFile(join(root, timesTableName), join(path, timesTableName));
    for (const name of written.hasUtilityVM ? await readdir(utilityVMRoot) : []) {
      await rename(join(utilityVMRoot, name), join(path, name));
    }
  }
  await unpacking.apply(path, written.pending);
}

function placesOf(path: string, temporary: string | undefined, isWindows: boolean): Places {
  if (temporary === undefined) return { root: path, utilityVMRoot: path, isBase: true };
  // Windows expects a utility VM where it stays, before it makes the layer around it.
  const utilityVMRoot = isWindows ? path : join(temporary, 'vm');
  return { root: join(temporary, 'layer'), utilityVMRoot, isBase: false };
}

async function isEmpty(path: string): Promise<boolean> {
  const names = await readdir(path).catch(() => []);
  return names.length === 0;
}

/** Makes a call of the host. An abort cannot end it, and counts when it has returned. */
async function host(
  step: string,
  { id, parents, signal }: ImportLayerOptions,
  { entries, unpackedBytes }: WrittenLayer,
  call: () => Promise<void>,
): Promise<void> {
  try {
    await call();
  } catch (cause) {
    const layer = `layer ${id} of ${entries} entries and ${unpackedBytes} bytes, upon ${parents.join(', ') || 'nothing'}`;
    throw new LayerError({
      reason: `was refused by the host in ${step} (${layer}): ${messageOf(cause)}`,
      remedy: 'docs/layers.md has the known causes for each code.',
      cause,
    });
  }
  signal?.throwIfAborted();
}

function report(
  { onProgress }: ImportLayerOptions,
  phase: 'read' | 'host',
  { entries, bytes, unpackedBytes }: ReadProgress,
  totalBytes: number | undefined,
): unknown {
  return onProgress?.({ phase, entries, bytes, unpackedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
