/**
 * A base layer of files that are in place, with the disks that scratch layers are made of.
 *
 * @module
 */
import { rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { HcsAbortError, HcsArgumentError, HcsTimeoutError } from '../errors/errors.js';
import type { Host } from '../host/host.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { limitsOf, readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { remaining } from '../host/waits/deadlines.js';
import { checkFolder } from '../layers/layer-names.js';
import { grantVmGroupAccess } from '../layers/vm-files.js';
import { formatWritableVhd, setUpBaseOS } from './disks.js';
import { VirtualDisk } from './virtual-disk.js';

/** How a base layer is set up with its disks. */
export interface SetupBaseLayerOptions extends HostOptions {
  /** Of the disks of containers in units of 2^30 bytes; default 20. */
  readonly sizeGB?: number;
  /** Whether the folder `UtilityVM` of the layer is set up as well; default false. The disk is of 10 GB, or of that size. */
  readonly utilityVm?: boolean | { readonly sizeGB: number };
}

/** The disks of a base layer. */
export interface BaseLayerDisks {
  /** `blank-base.vhdx`. */
  readonly base: string;
  /** `blank.vhdx`, which is based on it. */
  readonly scratch: string;
  /** Whether every virtual machine may read both. False on a host without `HcsGrantVmGroupAccess`: see docs/storage.md. */
  readonly vmAccess: boolean;
  /** The same of the folder `UtilityVM`. */
  readonly utilityVm?: Omit<BaseLayerDisks, 'utilityVm'>;
}

const ofContainer = { base: 'blank-base.vhdx', scratch: 'blank.vhdx' };
const ofVm = { base: 'SystemTemplateBase.vhdx', scratch: 'SystemTemplate.vhdx' };

/** The folders that calls of this program work on, as each deletes what an earlier one has left. A promise: until it is undone. */
const busy = new Map<string, Promise<unknown> | undefined>();

/**
 * Makes a base layer of files that are in place: its registry and layout, and the disks that scratch layers are copies or children
 * of. What an earlier setup has left is deleted first. When a step fails, everything that was made is deleted again; of a
 * step that timed out or was cancelled when the host has completed it, and another call waits for that. No deadline unless one
 * is given.
 *
 * @param path - the folder of the layer, absolute
 * @example
 * import { setupBaseLayer } from 'hostcompute/storage';
 *
 * async function finish(layer: string) {
 *   const { scratch } = await setupBaseLayer(layer, { sizeGB: 20 });
 *   console.log(`scratch layers begin as a copy of ${scratch}`);
 * }
 */
export async function setupBaseLayer(path: string, options: SetupBaseLayerOptions = {}): Promise<BaseLayerDisks> {
  const started = performance.now();
  const layer = checkFolder(path, 'path');
  const read = readOperationOptions(options, ['host', 'sizeGB', 'utilityVm']);
  const { sizeGB = 20, utilityVm = false } = read;
  const vmSizeGB = sizeOfVm(utilityVm);
  checkSize(sizeGB, 'options.sizeGB');
  throwIfAborted('setupBaseLayer', { layer }, read);
  const limits = { timeoutMs: Infinity, ...limitsOf(read) };
  const left = (): OperationOptions => remaining(limits, started);
  const key = await claim(layer, left);
  const late: Promise<void>[] = [];
  try {
    const { host = await defaultHost() } = read;
    const vmLayer = join(layer, 'UtilityVM');
    await checkFiles(layer, 'path');
    if (vmSizeGB !== undefined) await checkFiles(vmLayer, 'path');
    const setup = { host, left, undo: (work: Promise<void>) => void late.push(work) };
    const container = new Setup(layer, ofContainer, setup);
    const disks = await container.run(() => container.container(sizeGB));
    if (vmSizeGB === undefined) return disks;
    const vm = new Setup(vmLayer, ofVm, setup);
    try {
      return { ...disks, utilityVm: await vm.run(() => vm.vm(vmSizeGB)) };
    } catch (error) {
      await container.remove();
      throw error;
    }
  } finally {
    if (late.length === 0) busy.delete(key);
    else
      busy.set(
        key,
        Promise.all(late).then(() => busy.delete(key)),
      );
  }
}

/** Waits for what a call that timed out or was cancelled has left inside the host, and for the undoing of it. */
async function claim(layer: string, left: () => OperationOptions): Promise<string> {
  const key = process.platform === 'win32' ? resolve(layer).toLowerCase() : resolve(layer);
  while (busy.has(key)) {
    const undone = busy.get(key);
    if (undone === undefined) throw new HcsArgumentError('path', 'must be a layer that no other call sets up', layer);
    await boundedWait(undone, 'setupBaseLayer', { layer }, undefined, left());
  }
  busy.set(key, undefined);
  return key;
}

function sizeOfVm(given: boolean | { readonly sizeGB: number }): number | undefined {
  if (given === false) return undefined;
  if (given === true) return 10;
  const size: unknown = (given as { sizeGB?: unknown } | null)?.sizeGB;
  if (typeof given !== 'object' || size === undefined) {
    throw new HcsArgumentError('options.utilityVm', 'must be a boolean or { sizeGB }', given);
  }
  checkSize(size, 'options.utilityVm.sizeGB');
  return size;
}

export function checkSize(given: unknown, field: string): asserts given is number {
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 65536) return;
  throw new HcsArgumentError(field, 'must be a whole number from 1 to 65536', given);
}

async function checkFiles(layer: string, field: string): Promise<void> {
  const found = await stat(join(layer, 'Files')).catch(() => undefined);
  if (found?.isDirectory()) return;
  const remedy = 'Put the files of the base layer there first, as importLayer() does.';
  throw new HcsArgumentError(field, 'must be a layer with a folder Files', layer, remedy);
}

interface Surroundings {
  readonly host: Host;
  readonly left: () => OperationOptions;
  /** Of a step that timed out or was cancelled: its caller does not wait until it is undone. */
  readonly undo: (undone: Promise<void>) => void;
}

/** One folder that is set up, and what is deleted when that fails. */
class Setup {
  readonly #layer: string;
  readonly #host: Host;
  readonly #left: () => OperationOptions;
  readonly #late: (undone: Promise<void>) => void;
  readonly #disks: { readonly base: string; readonly scratch: string };
  readonly #made: string[];
  #open: VirtualDisk | undefined;
  /** Fulfilled when the host works on the folder no more. */
  #idle: Promise<void> = Promise.resolve();

  constructor(layer: string, names: typeof ofContainer, { host, left, undo }: Surroundings) {
    this.#layer = layer;
    this.#host = host;
    this.#left = left;
    this.#late = undo;
    this.#disks = { base: join(layer, names.base), scratch: join(layer, names.scratch) };
    const own = names === ofContainer ? ['Hives', 'Layout', 'layout'] : [];
    this.#made = [...own, names.base, names.scratch].map((name) => join(layer, name));
  }

  async run(steps: () => Promise<boolean>): Promise<Omit<BaseLayerDisks, 'utilityVm'>> {
    try {
      await this.remove();
      const vmAccess = await steps();
      return { ...this.#disks, vmAccess };
    } catch (error) {
      const undone = this.#undo().catch(() => undefined);
      // What is inside the host keeps the disk open: it is closed and deleted when that has completed.
      if (error instanceof HcsTimeoutError || error instanceof HcsAbortError) this.#late(undone);
      else await undone;
      throw error;
    }
  }

  async #undo(): Promise<void> {
    await this.#open?.close({ timeoutMs: Infinity }).catch(() => undefined);
    await this.#idle;
    await this.remove();
  }

  async remove(): Promise<void> {
    for (const each of this.#made) await rm(each, { recursive: true, force: true });
  }

  async container(sizeGB: number): Promise<boolean> {
    const disk = await this.#create(sizeGB);
    await formatWritableVhd(disk, this.#left());
    // It is the parent of another from here on, and its handle would keep that from being made.
    await disk.close(this.#left());
    await this.#setUp('Container');
    return this.#finish();
  }

  async vm(sizeGB: number): Promise<boolean> {
    const disk = await this.#create(sizeGB);
    const attachment = await disk.attach(this.#left());
    await this.#setUp('Vm', disk);
    await attachment.detach(this.#left());
    await disk.close(this.#left());
    return this.#finish();
  }

  async #create(sizeGB: number): Promise<VirtualDisk> {
    this.#open = await VirtualDisk.create(this.#disks.base, { sizeGB, host: this.#host, ...this.#left() });
    return this.#open;
  }

  async #setUp(type: 'Container' | 'Vm', disk?: VirtualDisk): Promise<void> {
    let over!: () => void;
    this.#idle = new Promise((resolve) => (over = resolve));
    const options = { type, host: this.#host, ...(disk !== undefined && { disk }), ...this.#left() };
    try {
      await setUpBaseOS(this.#layer, options, performance.now(), over);
    } catch (error) {
      if (!(error instanceof HcsTimeoutError || error instanceof HcsAbortError)) over();
      throw error;
    }
  }

  async #finish(): Promise<boolean> {
    const host = this.#host;
    const { base, scratch } = this.#disks;
    this.#open = await VirtualDisk.createDifferencing(scratch, { parent: base, host, ...this.#left() });
    await this.#open.close(this.#left());
    // Windows Server 2019 has no such function, and containers without a virtual machine need none of it.
    if (!sessionOf(host, 'setupBaseLayer').has('HcsGrantVmGroupAccess')) return false;
    for (const file of [base, scratch]) await grantVmGroupAccess(file, { host, ...this.#left() });
    return true;
  }
}
