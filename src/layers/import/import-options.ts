// What an import is asked for, checked before anything is read or written.
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { HcsArgumentError } from '../../errors/errors.js';
import { readOptions } from '../../known-options.js';
import { hasWindowsLayers } from '../host-form.js';
import type { LayerCalls } from '../layer-calls.js';
import { layerPath, parentPaths } from '../layer-names.js';
import type { LayerLimits } from './import-limits.js';
import { withDefaults } from './import-limits.js';
import type { ImportTask, LayerVerification, ReadProgress } from './import-task.js';

/** How far an import is. */
export interface ImportProgress extends ReadProgress {
  /** `read`: the archive is read and written. `host`: the host makes a layer of it, which may take as long again. */
  readonly phase: 'read' | 'host';
  /** Bytes of the source, where they are known. */
  readonly totalBytes?: number;
}

/** Options of {@link importLayer}. */
export interface ImportLayerOptions {
  /** Where the layer goes: a `LayerStore`. */
  readonly store: LayerCalls;
  /** The layer's id, the name of its folder. It must not exist, or be empty. */
  readonly id: string;
  /** The layers below: first the immediate parent, last the base. None for a base layer. */
  readonly parents: readonly string[];
  /** Cancels the import. What was written is removed. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times per second. What it throws, or its promise rejects with, cancels the import, which rejects with the same. */
  readonly onProgress?: ((progress: ImportProgress) => unknown) | undefined;
  /** What the archive must be; any other is refused before the host is called. */
  readonly verify?: LayerVerification | undefined;
  /** How much the archive may hold. */
  readonly limits?: LayerLimits | undefined;
}

/** An import whose options are checked. */
export interface CheckedImport {
  /** The options as they were at the call. */
  readonly options: ImportLayerOptions;
  /** The task of the threads, without where to write. */
  readonly task: Omit<ImportTask, 'root' | 'utilityVMRoot'>;
  readonly verify: LayerVerification;
  /** Bytes of the source, where they are known. */
  readonly totalBytes: number | undefined;
}

/** Throws an {@link HcsArgumentError}. */
export async function checkImport(source: string | Readable, given: ImportLayerOptions): Promise<CheckedImport> {
  const { store, id, signal, onProgress } = given;
  if (typeof (store as Partial<LayerCalls> | undefined)?.pathOf !== 'function') {
    throw new HcsArgumentError('store', 'must be a LayerStore', store);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'must be an AbortSignal', signal);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new HcsArgumentError('options.onProgress', 'must be a function', onProgress);
  }
  const limits = withDefaults(given.limits);
  const verify = checkVerification(given.verify);
  const parents: readonly string[] = Array.isArray(given.parents) ? [...(given.parents as string[])] : given.parents;
  layerPath(store.folder, id);
  const folders = parentPaths(store.folder, parents);
  if (parents.includes(id)) throw new HcsArgumentError('parents', 'must not include the layer itself', id);
  for (const [index, folder] of folders.entries()) {
    const stats = await stat(folder).catch(() => undefined);
    if (stats?.isDirectory() !== true) {
      throw new HcsArgumentError(
        `parents[${index}]`,
        'must be the folder of a layer',
        folder,
        'Import that layer first.',
      );
    }
  }
  return {
    options: { ...given, parents },
    task: { isWindows: hasWindowsLayers(store.hostKind), parents: folders, limits },
    verify,
    totalBytes: await sizeOf(source, verify),
  };
}

function checkVerification(given: LayerVerification = {}): LayerVerification {
  const verify = readOptions(given, ['digest', 'diffId', 'size'], 'verify');
  const { digest, diffId, size } = verify;
  for (const [name, value] of Object.entries({ digest, diffId })) {
    if (value !== undefined && !/^sha256:[0-9a-f]{64}$/.test(value)) {
      throw new HcsArgumentError(`verify.${name}`, 'must be sha256: and 64 hexadecimal digits, in lower case', value);
    }
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new HcsArgumentError('verify.size', 'must be a number of bytes', size);
  }
  return verify;
}

async function sizeOf(source: unknown, { size }: LayerVerification): Promise<number | undefined> {
  if (source instanceof Readable) return size;
  if (typeof source !== 'string') {
    throw new HcsArgumentError('source', 'must be the path of a file, or a Readable of bytes', source);
  }
  const stats = await stat(source).catch((cause: unknown) => {
    throw new HcsArgumentError('source', 'must be a file that can be read', source, `${(cause as Error).message}.`);
  });
  if (stats.isDirectory()) throw new HcsArgumentError('source', 'must be a file, not a directory', source);
  if (stats.isFIFO() || stats.isSocket() || stats.isCharacterDevice()) {
    // Reading such a path can hang where nothing can end it.
    const remedy = 'Pass a Readable of it, such as process.stdin.';
    throw new HcsArgumentError('source', 'must be a file, not a pipe, socket or device', source, remedy);
  }
  return stats.isFile() ? stats.size : size;
}
