/**
 * The layers of a folder, and the storage calls of a host on them.
 *
 * @module
 */
import { stat } from 'node:fs/promises';
import { toNamespacedPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import type { CallableName, Input } from '../backend/backend.js';
import { checkedText, parseDocument, shown } from '../documents/document-text.js';
import { HcsAbortError, HcsArgumentError, HcsDocumentError, HcsError } from '../errors/errors.js';
import { ContextEmitter } from '../host/context-emitter.js';
import type { Host } from '../host/host.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostKind } from '../host/host-choice.js';
import { inspected } from '../host/inspection.js';
import type { OperationOptions } from '../host/operation-options.js';
import { throwIfAborted, checkOptions } from '../host/operation-options.js';
import type { HostOptions } from '../host/open-handle.js';
import { run } from '../host/operation.js';
import { hasWindowsLayers } from './host-form.js';
import type { LayerCalls } from './layer-calls.js';
import { checkFolder, layerPath, leafOf, parentPath, parentPaths } from './layer-names.js';
import type { MountedLayer } from './mounted-layer.js';
import { Attachment, Mount, prepareLayer } from './mounted-layer.js';
import type { LayerWait } from './storage-call.js';
import { StorageCalls } from './storage-call.js';

/** How often a mount is tried anew when the disk of a layer is not there yet. */
export interface LayerRetries {
  /** How often it is tried in all; default 5. */
  readonly rounds?: number;
  /** Milliseconds between two rounds; default 100. */
  readonly delayMs?: number;
}

export interface LayerStoreOptions {
  /** The host to ask; default {@link defaultHost}. */
  readonly host?: Host;
  /** `false`: a mount is tried once. */
  readonly retry?: LayerRetries | false;
  /** Milliseconds after which, and again and again, a call that lasts is told of by `waiting`; default 10,000. */
  readonly watchdogMs?: number;
}

/** What a store tells its listeners. */
export interface LayerEvents {
  /** A mount is tried anew. */
  retry: [retry: { readonly layer: string; readonly round: number; readonly error: HcsError }];
  /** A call is under way for long, or waits for its turn. */
  waiting: [wait: LayerWait];
}

/** An image that Windows has for everybody, with the members that have been seen. */
export interface BaseImage {
  readonly ID?: string;
  readonly Name?: string;
  readonly Version?: string;
  readonly Path?: string;
  readonly Size?: number;
  readonly CreatedTime?: string;
}

// ERROR_NOT_READY and ERROR_DEVICE_NOT_CONNECTED: the disk comes a little later.
const passing: ReadonlySet<string> = new Set(['ERROR_NOT_READY', 'ERROR_DEVICE_NOT_CONNECTED']);

/**
 * The layers in one folder: each is a folder in it, and its name is the layer's id. It has to stay the same as long as the
 * layer exists, because what refers to the layer is made from it.
 *
 * Parents are ids in the same store, or absolute paths: first the immediate parent, last the base.
 *
 * @example
 * const store = await LayerStore.open('C:\\layers');
 * await store.createScratch('web', ['app', 'base']);
 * await using mounted = await store.mount('web', ['app', 'base']);
 */
export class LayerStore extends ContextEmitter<LayerEvents> implements LayerCalls {
  readonly folder: string;
  readonly #host: Host;
  readonly #rounds: number;
  readonly #delayMs: number;
  readonly #calls: StorageCalls;

  private constructor(folder: string, host: Host, retry: LayerRetries, watchdogMs: number) {
    super();
    this.folder = folder;
    this.#host = host;
    this.#rounds = count(retry.rounds, 5, 'options.retry.rounds');
    this.#delayMs = milliseconds(retry.delayMs, 100, 'options.retry.delayMs');
    const session = sessionOf(host, 'LayerStore.open');
    this.#calls = new StorageCalls(session, milliseconds(watchdogMs, 10_000, 'options.watchdogMs'), (wait) =>
      this.emit('waiting', wait),
    );
  }

  /**
   * @param folder - absolute; it has to be there, on Windows on a volume with NTFS
   */
  static async open(folder: string, options: LayerStoreOptions = {}): Promise<LayerStore> {
    checkFolder(folder, 'folder');
    const { host = await defaultHost(), retry = {}, watchdogMs = 10_000 } = options;
    const store = new LayerStore(folder, host, retry === false ? { rounds: 1 } : retry, watchdogMs);
    const found = host.kind === 'replayed' || (await stat(folder).catch(() => undefined))?.isDirectory();
    if (!found) throw new HcsArgumentError('folder', `is ${shown(folder)}, which is no folder`, 'Make it first.');
    return store;
  }

  /** Folder, kind of the host, and how many layers are mounted there by this program. */
  toJSON(): object {
    const { mounted } = this.#calls.session.resources;
    const inHere = [...mounted.values()].filter(({ layer }) => this.pathOf(leafOf(layer)) === layer);
    return { folder: this.folder, hostKind: this.hostKind, mounted: inHere.length };
  }

  /** What `console.log` shows: the same as toJSON(). */
  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected('LayerStore', this.toJSON(), depth, options);
  }

  get hostKind(): HostKind {
    return this.#host.kind;
  }

  pathOf(id: string): string {
    return layerPath(this.folder, id);
  }

  /** Makes the empty folder of a layer. */
  async create(id: string, parent?: string, options: OperationOptions = {}): Promise<void> {
    const of = parent === undefined ? null : parentPath(this.folder, parent, 'parent');
    await this.#call('CreateLayer', id, (layer) => ({ layer, parent: of }), options);
  }

  /** Makes a writable layer with an empty disk, of 20 GB as a rule. Without parents it gets no disk. */
  async createScratch(id: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const list = await this.#list(parents, options);
    await this.#call('CreateSandboxLayer', id, (layer) => ({ layer, parent: null, parents: list }), options);
  }

  /**
   * Grows the disk of a scratch layer that is not active, and on Windows the volume on it: Windows does that itself for some
   * layers, and when they are prepared. What this takes beside the calls of the host has no deadline.
   *
   * @param bytes - the whole size, which must not be less than it is
   * @throws {@link LayerError}: the disk has grown, and the volume has not
   */
  async expandScratch(id: string, bytes: number, options: OperationOptions = {}): Promise<void> {
    if (!Number.isSafeInteger(bytes) || bytes <= 0) {
      throw new HcsArgumentError('bytes', `is ${shown(bytes)}`, 'Pass a whole number above 0.');
    }
    const name = 'ExpandSandboxSize';
    await this.#call(name, id, (layer) => ({ layer, bytes }), options);
    if (!hasWindowsLayers(this.#host.kind)) return;
    const layer = this.pathOf(id);
    const { extendVolume } = await import('./extend-volume.js');
    await this.#calls.watch(name, layer, () => extendVolume(layer, () => this.mountPath(id, options)));
  }

  /** Attaches the disk of a scratch layer. */
  async activate(id: string, options: OperationOptions = {}): Promise<void> {
    await this.#call('ActivateLayer', id, (layer) => ({ layer }), options);
  }

  async deactivate(id: string, options: OperationOptions = {}): Promise<void> {
    await this.#call('DeactivateLayer', id, (layer) => ({ layer }), options);
  }

  /** Joins an active layer with its parents. The calls of this program are made one at a time. */
  async prepare(id: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const layer = this.pathOf(id);
    await prepareLayer(this.#calls, layer, await this.#list(parents, options), options);
  }

  async unprepare(id: string, options: OperationOptions = {}): Promise<void> {
    await this.#call('UnprepareLayer', id, (layer) => ({ layer }), options);
  }

  /** `\\?\Volume{...}` of a scratch layer that is active, the folder of another layer, or '' where there is none. */
  async mountPath(id: string, options: OperationOptions = {}): Promise<string> {
    const { mountPath } = await this.#call('GetLayerMountPath', id, (layer) => ({ layer }), options);
    return mountPath ?? '';
  }

  /**
   * Activates and prepares a scratch layer. When the disk is not there yet it is tried again, see {@link LayerRetries}. A
   * mount that fails half way is undone before it rejects; one that is given up, when the host is done with it. The limits
   * are those of each call.
   */
  async mount(id: string, parents: readonly string[], options: OperationOptions = {}): Promise<MountedLayer> {
    const layer = this.pathOf(id);
    const openedAt = this.#calls.session.resources.callSite();
    const list = await this.#list(parents, options);
    for (let round = 1; ; round++) {
      const attachment = new Attachment(this.#calls, layer);
      try {
        await attachment.attach(list, options);
        const volume = await this.mountPath(id, options);
        return new Mount(this.#calls, attachment, id, layer, volume, list, openedAt);
      } catch (error) {
        await attachment.undo(error);
        if (round >= this.#rounds || !(error instanceof HcsError) || !passing.has(error.code)) throw error;
        // A listener that throws does not keep the mount from going on.
        process.nextTick(() => this.emit('retry', { layer, round, error }));
        await this.#pause(layer, options);
      }
    }
  }

  async #pause(layer: string, { signal }: OperationOptions): Promise<void> {
    const began = performance.now();
    try {
      await sleep(this.#delayMs, undefined, { ...(signal && { signal }) });
    } catch (cause) {
      const elapsedMs = Math.round(performance.now() - began);
      throw new HcsAbortError({ operation: 'LayerStore.mount', layer, elapsedMs, cause });
    }
  }

  /** Whether there is a folder of this name. */
  async exists(id: string, options: OperationOptions = {}): Promise<boolean> {
    const { exists } = await this.#call('LayerExists', id, (layer) => ({ layer }), options);
    return exists !== 0;
  }

  /** Deletes a layer with all its files, with the rights of a backup. No deadline unless one is given. */
  async destroy(id: string, options: OperationOptions = {}): Promise<void> {
    await this.#call('DestroyLayer', id, (layer) => ({ layer }), lasting(options));
  }

  /** Copies a layer within the store. No deadline unless one is given. */
  async copy(id: string, copyId: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const copy = this.pathOf(copyId);
    const list = await this.#list(parents, options);
    await this.#call('CopyLayer', id, (layer) => ({ layer, copy, parents: list }), lasting(options));
  }

  /** Makes a layer of the transport form in a folder. No deadline unless one is given. */
  async import(id: string, folder: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const source = checkFolder(folder, 'folder');
    const list = await this.#list(parents, options);
    // Windows makes folders of the destination that are too long for it otherwise.
    const input = (layer: string) => ({ layer: toNamespacedPath(layer), folder: source, parents: list });
    await this.#call('ImportLayer', id, input, lasting(options));
  }

  /**
   * Writes the transport form of a layer into a folder, which has to be there and empty. A scratch layer has to be active
   * and not prepared. No deadline unless one is given.
   */
  async export(id: string, folder: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const target = checkFolder(folder, 'folder');
    const list = await this.#list(parents, options);
    await this.#call('ExportLayer', id, (layer) => ({ layer, folder: target, parents: list }), lasting(options));
  }

  /**
   * Finishes a base layer whose files are in place. No deadline unless one is given.
   *
   * @param path - its folder, absolute
   */
  async processBaseImage(path: string, options: OperationOptions = {}): Promise<void> {
    await this.#process('ProcessBaseImage', path, options);
  }

  /** The same for the folder `UtilityVM` of a layer. */
  async processUtilityImage(path: string, options: OperationOptions = {}): Promise<void> {
    await this.#process('ProcessUtilityImage', path, options);
  }

  async #process(name: 'ProcessBaseImage' | 'ProcessUtilityImage', path: string, options: OperationOptions) {
    const folder = checkFolder(path, 'path');
    throwIfAborted(name, { layer: folder }, options);
    await this.#calls.call({ name, input: { folder }, layer: folder, options: lasting(options) });
  }

  /** The images that Windows has for everybody. */
  async baseImages(options: OperationOptions = {}): Promise<BaseImage[]> {
    const name = 'GetBaseImages';
    checkOptions(options);
    const { outputs } = await run({ session: sessionOf(this.#host, name), name, input: {}, options });
    const parsed = parseDocument(outputs.images) as { readonly Images?: unknown } | undefined | null;
    if (Array.isArray(parsed?.Images)) return parsed.Images as BaseImage[];
    throw new HcsDocumentError({ operation: name, what: 'list of images', text: outputs.images });
  }

  async #list(parents: readonly string[], options: OperationOptions) {
    const paths = parentPaths(this.folder, parents);
    checkOptions(options);
    return this.#calls.listOf(paths, options);
  }

  async #call<F extends CallableName>(
    name: F,
    id: string,
    input: (layer: string) => Input<F>,
    options: OperationOptions,
  ) {
    const layer = this.pathOf(id);
    throwIfAborted(name, { layer }, options);
    return this.#calls.call({ name, input: input(layer), layer, options });
  }
}

// How long these take follows from the size of the layer.
function lasting(options: OperationOptions): OperationOptions {
  return options.timeoutMs === undefined ? { ...options, timeoutMs: Infinity } : options;
}

function count(given: unknown, otherwise: number, field: string): number {
  if (given === undefined) return otherwise;
  if (Number.isInteger(given) && (given as number) >= 1 && (given as number) <= 100) return given as number;
  throw new HcsArgumentError(field, `is ${shown(given)}`, 'Pass a whole number from 1 to 100.');
}

function milliseconds(given: unknown, otherwise: number, field: string): number {
  if (given === undefined) return otherwise;
  if (typeof given === 'number' && given > 0 && given <= 0x7fffffff) return given;
  throw new HcsArgumentError(field, `is ${shown(given)}`, 'Pass milliseconds above 0.');
}

/**
 * The GUID by which a host knows a layer of this name, which is the `Id` of the layer in documents: what Windows makes of a
 * name cannot be computed elsewhere.
 *
 * @param name - the last part of the path of the layer
 */
export async function nameToGuid(name: string, options: HostOptions = {}): Promise<string> {
  const operation = 'NameToGuid';
  checkedText(name, 'name');
  checkOptions(options);
  const session = sessionOf(options.host ?? (await defaultHost()), operation);
  const { outputs } = await run({ session, name: operation, input: { name }, options });
  return outputs.guid!;
}

/**
 * Lets a virtual machine read and write a file, such as the disk that it is to boot from.
 *
 * @param vmId - the id of the compute system
 * @param file - absolute
 */
export async function grantVmAccess(vmId: string, file: string, options: HostOptions = {}): Promise<void> {
  const name = 'GrantVmAccess';
  if (checkedText(vmId, 'vmId') === '') {
    throw new HcsArgumentError('vmId', 'is empty', 'Pass the id of a virtual machine.');
  }
  checkFolder(file, 'file');
  checkOptions(options);
  const session = sessionOf(options.host ?? (await defaultHost()), name);
  await run({ session, name, input: { vmId, file }, options });
}
