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
import { parseDocument } from '../documents/document-text.js';
import { HcsArgumentError, HcsDocumentError, HcsError } from '../errors/errors.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { ContextEmitter } from '../host/context-emitter.js';
import type { Host } from '../host/host.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostKind } from '../host/host-choice.js';
import { inspected } from '../host/inspection.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import { Subscription } from '../host/subscription.js';
import { hasWindowsLayers } from './host-form.js';
import type { LayerCalls } from './layer-calls.js';
import type { CheckedStoreOptions, LayerStoreOptions } from './layer-store-options.js';
import { checkStoreOptions } from './layer-store-options.js';
import { checkFolder, layerPath, leafOf, parentPath, parentPaths } from './layer-names.js';
import type { MountedLayer } from './mounted-layer.js';
import { Attachment, Mount, prepareLayer } from './mounted-layer.js';
import type { Remaining } from './remaining-limits.js';
import { lasting, lastingOf, remainingOf } from './remaining-limits.js';
import type { LayerWait } from './storage-call.js';
import { StorageCalls } from './storage-call.js';

/** The events of a store. */
export interface LayerEvents {
  /** A mount is retried. */
  retry: [retry: { readonly layer: string; readonly round: number; readonly error: HcsError }];
  /** A call takes long, or waits for its turn. */
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
 * The layers in one folder: each is a folder in it, and its name is the layer's id. It must not change while the
 * layer exists: documents refer to it.
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

  private constructor(folder: string, host: Host, { rounds, delayMs, watchdogMs }: CheckedStoreOptions) {
    super();
    this.folder = folder;
    this.#host = host;
    this.#rounds = rounds;
    this.#delayMs = delayMs;
    const session = sessionOf(host, 'LayerStore.open');
    this.#calls = new StorageCalls(session, folder, watchdogMs, (wait) => this.emit('waiting', wait));
  }

  /**
   * @param folder - absolute; it must exist, on Windows on a volume with NTFS
   */
  static async open(folder: string, options: LayerStoreOptions = {}): Promise<LayerStore> {
    checkFolder(folder, 'folder');
    const checked = checkStoreOptions(options);
    const { host = await defaultHost() } = checked;
    const store = new LayerStore(folder, host, checked);
    const found = host.kind === 'replayed' || (await stat(folder).catch(() => undefined))?.isDirectory();
    if (!found) throw new HcsArgumentError('folder', 'must be a folder that exists', folder);
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
    const left = remainingOf(options);
    const list = await this.#list(parents, left);
    await this.#call('CreateSandboxLayer', id, (layer) => ({ layer, parent: null, parents: list }), left());
  }

  /**
   * Grows the disk of a scratch layer that is not active, and on Windows the volume on it: Windows does that itself for some
   * layers, and when they are prepared.
   *
   * @param bytes - the whole size, which must not be less than it is
   * @throws {@link LayerError}: the disk has grown, and the volume has not
   */
  async expandScratch(id: string, bytes: number, options: OperationOptions = {}): Promise<void> {
    if (!Number.isSafeInteger(bytes) || bytes <= 0) {
      throw new HcsArgumentError('bytes', 'must be a whole number above 0', bytes);
    }
    const name = 'ExpandSandboxSize';
    const left = remainingOf(options);
    await this.#call(name, id, (layer) => ({ layer, bytes }), left());
    if (!hasWindowsLayers(this.#host.kind)) return;
    const layer = this.pathOf(id);
    const { extendVolume } = await import('./extend-volume.js');
    const stop = new AbortController();
    try {
      await this.#calls.watch(name, layer, () =>
        boundedWait(
          extendVolume(layer, () => this.mountPath(id, left()), stop.signal),
          name,
          { layer },
          new Subscription({ layer }),
          left(),
        ),
      );
    } finally {
      stop.abort();
    }
  }

  /** Attaches the disk of a scratch layer. */
  async activate(id: string, options: OperationOptions = {}): Promise<void> {
    await this.#call('ActivateLayer', id, (layer) => ({ layer }), options);
  }

  async deactivate(id: string, options: OperationOptions = {}): Promise<void> {
    await this.#call('DeactivateLayer', id, (layer) => ({ layer }), options);
  }

  /** Joins an active layer with its parents. Calls of one store and host are made one at a time. */
  async prepare(id: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const layer = this.pathOf(id);
    const left = remainingOf(options);
    await prepareLayer(this.#calls, layer, await this.#list(parents, left), left);
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
   * Activates and prepares a scratch layer. While the disk is not ready it is retried, see {@link LayerStoreOptions.retry}. A mount that
   * fails is undone before it rejects; one that timed out or was cancelled, when its call completes. The limits cover all
   * steps and attempts.
   */
  async mount(id: string, parents: readonly string[], options: OperationOptions = {}): Promise<MountedLayer> {
    const layer = this.pathOf(id);
    const openedAt = this.#calls.session.resources.callSite();
    const left = remainingOf(options);
    const list = await this.#list(parents, left);
    for (let round = 1; ; round++) {
      const attachment = new Attachment(this.#calls, layer);
      try {
        await attachment.attach(list, left);
        const volume = await this.mountPath(id, left());
        return new Mount(this.#calls, attachment, id, layer, volume, list, openedAt);
      } catch (error) {
        await attachment.undo(error, left);
        if (round >= this.#rounds || !(error instanceof HcsError) || !passing.has(error.code)) throw error;
        // A listener that throws does not stop the mount.
        process.nextTick(() => this.emit('retry', { layer, round, error }));
        await this.#pause(layer, left());
      }
    }
  }

  async #pause(layer: string, options: OperationOptions): Promise<void> {
    const end = new AbortController();
    const over = sleep(this.#delayMs, undefined, { signal: end.signal });
    try {
      await boundedWait(over, 'LayerStore.mount', { layer }, new Subscription({ layer }), options);
    } finally {
      end.abort();
    }
  }

  /** Whether the layer exists. */
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
    const { left, listed } = lastingOf(options);
    const list = await this.#list(parents, listed);
    await this.#call('CopyLayer', id, (layer) => ({ layer, copy, parents: list }), left());
  }

  /** Makes a layer of the transport form in a folder. No deadline unless one is given. */
  async import(id: string, folder: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const source = checkFolder(folder, 'folder');
    const { left, listed } = lastingOf(options);
    const list = await this.#list(parents, listed);
    // Windows makes folders of the destination that are too long for it otherwise.
    const input = (layer: string) => ({ layer: toNamespacedPath(layer), folder: source, parents: list });
    await this.#call('ImportLayer', id, input, left());
  }

  /**
   * Writes the transport form of a layer into a folder, which has to be there and empty. A scratch layer has to be active
   * and not prepared. No deadline unless one is given.
   */
  async export(id: string, folder: string, parents: readonly string[], options: OperationOptions = {}): Promise<void> {
    const target = checkFolder(folder, 'folder');
    const { left, listed } = lastingOf(options);
    const list = await this.#list(parents, listed);
    await this.#call('ExportLayer', id, (layer) => ({ layer, folder: target, parents: list }), left());
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
    options = lasting(options);
    throwIfAborted(name, { layer: folder }, options);
    await this.#calls.call({ name, input: { folder }, layer: folder, options });
  }

  /** The images that Windows has for everybody. */
  async baseImages(options: OperationOptions = {}): Promise<BaseImage[]> {
    const name = 'GetBaseImages';
    options = readOperationOptions(options);
    const { outputs } = await run({ session: sessionOf(this.#host, name), name, input: {}, options });
    const parsed = parseDocument(outputs.images) as { readonly Images?: unknown } | undefined | null;
    if (Array.isArray(parsed?.Images)) return parsed.Images as BaseImage[];
    throw new HcsDocumentError({ operation: name, what: 'list of images', text: outputs.images });
  }

  async #list(parents: readonly string[], left: Remaining) {
    return this.#calls.listOf(parentPaths(this.folder, parents), left);
  }

  async #call<F extends CallableName>(
    name: F,
    id: string,
    input: (layer: string) => Input<F>,
    options: OperationOptions,
  ) {
    const layer = this.pathOf(id);
    options = readOperationOptions(options);
    throwIfAborted(name, { layer }, options);
    return this.#calls.call({ name, input: input(layer), layer, options });
  }
}
