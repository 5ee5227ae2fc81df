// What an import is asked for, checked before anything is read or written.
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { HcsArgumentError } from '../../errors/errors.js';
import { checkOptionNames } from '../../known-options.js';
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
  /** The layer's id, the name of its folder. There is none of that name, or an empty one. */
  readonly id: string;
  /** What the layer is made upon: first the immediate parent, last the base. A base layer has none. */
  readonly parents: readonly string[];
  /** Gives up. What was written is removed. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times per second. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** What the archive has to be; anything else is refused before the host hears of the layer. */
  readonly verify?: LayerVerification | undefined;
  /** How much the archive may hold. */
  readonly limits?: LayerLimits | undefined;
}

/** What the threads are told, but for where to write. Throws an {@link HcsArgumentError}. */
export async function checkOptions(
  source: string | Readable,
  options: ImportLayerOptions,
): Promise<Omit<ImportTask, 'root' | 'utilityVMRoot'> & { readonly totalBytes: number | undefined }> {
  checkOptionNames(options, ['store', 'id', 'parents', 'signal', 'onProgress', 'verify', 'limits']);
  const { store, id, parents, signal, onProgress, verify = {}, limits } = options;
  if (typeof (store as Partial<LayerCalls> | undefined)?.pathOf !== 'function') {
    throw new HcsArgumentError('store', 'is no layer store', 'Pass what LayerStore.open() gives.');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new HcsArgumentError('options.signal', 'is no AbortSignal', 'Pass the signal of an AbortController.');
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new HcsArgumentError('options.onProgress', 'is no function', 'Pass a function, or leave it out.');
  }
  const complete = withDefaults(limits);
  checkVerification(verify);
  layerPath(store.folder, id);
  const folders = parentPaths(store.folder, parents);
  if (parents.includes(id)) throw new HcsArgumentError('parents', 'holds the layer itself', 'Leave it out.');
  for (const [index, folder] of folders.entries()) {
    const stats = await stat(folder).catch(() => undefined);
    if (stats?.isDirectory() !== true) {
      throw new HcsArgumentError(`parents[${index}]`, `is no layer: there is no folder ${folder}`, 'Import it first.');
    }
  }
  return {
    isWindows: hasWindowsLayers(store.hostKind),
    totalBytes: await sizeOf(source, verify),
    parents: folders,
    limits: complete,
    verify,
    abort: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
  };
}

function checkVerification(verify: LayerVerification): void {
  checkOptionNames(verify, ['digest', 'diffId', 'size'], 'verify');
  const { digest, diffId, size } = verify;
  for (const [name, value] of Object.entries({ digest, diffId })) {
    if (value !== undefined && !/^sha256:[0-9a-f]{64}$/.test(value)) {
      throw new HcsArgumentError(
        `verify.${name}`,
        'is no digest',
        'Write sha256: and 64 hexadecimal digits, in lower case.',
      );
    }
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new HcsArgumentError(
      'verify.size',
      'is no number of bytes',
      'Pass the size of the descriptor, or leave it out.',
    );
  }
}

async function sizeOf(source: unknown, { size }: LayerVerification): Promise<number | undefined> {
  if (source instanceof Readable) return size;
  const remedy = 'Pass the path of a file, or a Readable of bytes.';
  if (typeof source !== 'string') throw new HcsArgumentError('source', 'is neither a path nor a stream', remedy);
  const stats = await stat(source).catch((cause: unknown) => {
    throw new HcsArgumentError('source', `cannot be read: ${(cause as Error).message}`, remedy);
  });
  if (stats.isDirectory()) throw new HcsArgumentError('source', 'is a directory', remedy);
  return stats.isFile() ? stats.size : size;
}
