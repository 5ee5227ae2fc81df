// One import, on the caller's thread: the threads that read and write, the calls of the host after it, and the undoing of both.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { timesTableName } from '../formats/times-table.js';
import { LayerError } from '../layer-error.js';
import { privilege } from '../windows/windows-files.js';
import { withPrivileges } from '../windows/with-privileges.js';
import { ImportThreads } from './import-threads.js';
import type { checkOptions, ImportLayerOptions } from './import-options.js';
import type { ReadProgress, WrittenLayer } from './import-task.js';

type Checked = Awaited<ReturnType<typeof checkOptions>>;

/** Where an import writes: into the layer's folder, or beside it for the host to take it from there. */
interface Places {
  readonly root: string;
  readonly utilityVMRoot: string;
  readonly temporary: string | undefined;
}

const importing = privilege.backup + privilege.restore + privilege.security;

export async function runImport(
  checked: Checked,
  options: ImportLayerOptions,
  source: string | Readable,
): Promise<WrittenLayer> {
  const run = (): Promise<WrittenLayer> => importLayer(checked, options, source);
  return checked.isWindows ? withPrivileges(importing, run) : run();
}

async function importLayer(
  checked: Checked,
  options: ImportLayerOptions,
  source: string | Readable,
): Promise<WrittenLayer> {
  const { store, id, parents, signal } = options;
  const path = store.pathOf(id);
  const places = await placesOf(path, store.folder, parents, checked.isWindows);
  const { totalBytes, ...task } = checked;
  const onRead = (progress: ReadProgress): void => tell(options, 'read', progress, totalBytes);
  const { root, utilityVMRoot } = places;
  const threads = new ImportThreads({ ...task, root, utilityVMRoot }, source, onRead);
  const abort = (): void => threads.abort();
  signal?.addEventListener('abort', abort);
  let isHostInvolved = false;
  try {
    const written = await threads.written();
    onRead(written);
    signal?.throwIfAborted();
    isHostInvolved = true;
    tell(options, 'host', written, totalBytes);
    if (places.temporary !== undefined) await importInto(path, places, written, threads, options, task.isWindows);
    else await host('ProcessBaseImage', options, written, () => store.processBaseImage(path));
    if (written.hasUtilityVM) {
      await host('ProcessUtilityImage', options, written, () => store.processUtilityImage(join(path, 'UtilityVM')));
    }
    return written;
  } catch (error) {
    await threads.close();
    // On Windows nobody else may delete what has the security of an image.
    const isHostNeeded = isHostInvolved || (task.isWindows && existsSync(path));
    if (isHostNeeded) await store.destroy(id).catch(() => undefined);
    await remove(path);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    await threads.close();
    if (places.temporary !== undefined) await remove(places.temporary);
  }
}

/** The steps that come after the transport form: the host's, then what the host cannot be told. */
async function importInto(
  path: string,
  { root, utilityVMRoot }: Places,
  written: WrittenLayer,
  threads: ImportThreads,
  options: ImportLayerOptions,
  isWindows: boolean,
): Promise<void> {
  const { store, id, parents } = options;
  await mkdir(path, { recursive: true });
  await host('ImportLayer', options, written, () => store.import(id, root, parents));
  if (!isWindows) {
    // The host takes what it knows, which the table of times is not.
    await copyFile(join(root, timesTableName), join(path, timesTableName));
    for (const name of written.hasUtilityVM ? await readdir(utilityVMRoot) : []) {
      await rename(join(utilityVMRoot, name), join(path, name));
    }
  }
  await threads.apply(path, written.pending);
}

async function placesOf(path: string, folder: string, parents: readonly string[], isWindows: boolean): Promise<Places> {
  if (parents.length === 0) return { root: path, utilityVMRoot: path, temporary: undefined };
  const temporary = await mkdtemp(join(folder, 'import-'));
  // Windows expects a utility VM where it stays, before it makes the layer around it.
  return { root: join(temporary, 'layer'), utilityVMRoot: isWindows ? path : join(temporary, 'vm'), temporary };
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
      reason: `was refused by the host in ${step} (${layer}): ${(cause as Error).message}`,
      remedy: 'docs/layers.md has the known causes for each code.',
      cause,
    });
  }
  signal?.throwIfAborted();
}

function tell(
  { onProgress }: ImportLayerOptions,
  phase: 'read' | 'host',
  { entries, bytes, unpackedBytes }: ReadProgress,
  totalBytes: number | undefined,
): void {
  onProgress?.({ phase, entries, bytes, unpackedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
