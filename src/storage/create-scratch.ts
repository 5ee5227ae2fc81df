/**
 * A scratch layer: a folder with a disk that is based on one of its base layer.
 *
 * @module
 */
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { HcsAbortError, HcsArgumentError, HcsTimeoutError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import { defaultHost } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { limitsOf, readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import { checkFolder } from '../layers/layer-names.js';
import { LayerStore } from '../layers/layer-store.js';
import { checkSize } from './setup-base-layer.js';
import { VirtualDisk } from './virtual-disk.js';

/** How a scratch layer is made. */
export interface CreateScratchOptions extends HostOptions {
  /** The folder of the base layer, absolute: it has `blank-base.vhdx`, as `setupBaseLayer()` makes it. */
  readonly parent: string;
  /** The size of the disk in units of 2^30 bytes, not less than that of its parent, which is the default. */
  readonly sizeGB?: number;
}

/** A scratch layer. */
export interface ScratchLayer {
  readonly path: string;
  /** `sandbox.vhdx`: the name is fixed inside Windows. */
  readonly disk: string;
}

/**
 * Makes a scratch layer, which `LayerStore.mount()` mounts. When a step fails, nothing is left; of one that timed out or
 * was cancelled when the host has completed it. A size of its own is set by `vmcompute.dll`: no other library does that.
 *
 * @param path - the folder of the layer, absolute; it must not exist
 * @example
 * import { createScratch } from 'hostcompute/storage';
 *
 * async function make(base: string) {
 *   const { disk } = await createScratch('C:\\scratch\\web', { parent: base, sizeGB: 40 });
 *   console.log(disk);
 * }
 */
export async function createScratch(path: string, options: CreateScratchOptions): Promise<ScratchLayer> {
  const started = performance.now();
  checkFolder(path, 'path');
  const read = readOperationOptions(options, ['host', 'parent', 'sizeGB']);
  const { sizeGB } = read;
  const parent = join(checkFolder(read.parent, 'options.parent'), 'blank-base.vhdx');
  if (sizeGB !== undefined) checkSize(sizeGB, 'options.sizeGB');
  throwIfAborted('createScratch', { layer: path }, read);
  const { host = await defaultHost() } = read;
  const limits = limitsOf(read);
  const left = (): OperationOptions => remaining(limits, started);
  try {
    await mkdir(path);
  } catch (error) {
    throw new HcsArgumentError('path', 'must be a new folder in one that exists', path, messageOf(error));
  }
  const scratch = { path, disk: join(path, 'sandbox.vhdx') };
  let disk: VirtualDisk | undefined;
  try {
    disk = await VirtualDisk.createDifferencing(scratch.disk, { parent, host, ...left() });
    await disk.close(left());
    if (sizeGB !== undefined) {
      const store = await LayerStore.open(dirname(path), { host });
      await store.expandScratch(basename(path), sizeGB * 2 ** 30, left());
    }
    return scratch;
  } catch (error) {
    const removed = Promise.resolve(disk?.close({ timeoutMs: Infinity }))
      .catch(() => undefined)
      .then(() => rm(path, { recursive: true, force: true, maxRetries: 5 }))
      .catch(() => undefined);
    if (!(error instanceof HcsTimeoutError || error instanceof HcsAbortError)) await removed;
    throw error;
  }
}
