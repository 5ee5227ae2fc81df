/**
 * A scratch layer that is joined with its parents, until it is closed.
 *
 * @module
 */
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import type { LayerList } from '../backend/backend.js';
import { HcsAbortError, HcsTimeoutError } from '../errors/errors.js';
import { inspected } from '../host/inspection.js';
import type { OperationOptions } from '../host/operation-options.js';
import { CloseOnce } from '../host/close-once.js';
import { boundedWait } from '../host/bounded-wait.js';
import { checkOptions } from '../host/operation-options.js';
import { Subscription } from '../host/subscription.js';
import { takeTurn } from './prepare-turn.js';
import type { StorageCalls } from './storage-call.js';

/** A parent as the documents of containers name it. */
export interface ParentLayer {
  readonly Id: string;
  readonly Path: string;
}

/**
 * A layer that was mounted by {@link LayerStore.mount}. Closing it undoes that; nothing else does, also not the close of its
 * host.
 *
 * @example
 * await using mounted = await store.mount('scratch', ['app', 'base']);
 * const document = { Owner: 'me', Container: { Storage: mounted.storage } };
 */
export interface MountedLayer extends AsyncDisposable {
  readonly id: string;
  /** The folder of the layer. */
  readonly folder: string;
  /** `\\?\Volume{...}`, as `VolumePath` of schema 1 wants it. */
  readonly volume: string;
  /** `Container.Storage` of schema 2. */
  readonly storage: { readonly Path: string; readonly Layers: readonly ParentLayer[] };
  /**
   * Unprepares and deactivates the layer. Closing twice is closing once; a close that failed may be tried again, and goes on
   * where it failed.
   */
  close(options?: OperationOptions): Promise<void>;
  /** Id, paths and state. */
  toJSON(): object;
}

/** PrepareLayer, one at a time. `over` as of other calls. */
export async function prepareLayer(
  calls: StorageCalls,
  layer: string,
  parents: LayerList,
  options: OperationOptions,
  over?: (succeeded: boolean) => void,
): Promise<void> {
  checkOptions(options);
  await calls.watch('PrepareLayer', layer, async () => {
    const turn = takeTurn();
    try {
      await boundedWait(turn.ready, 'PrepareLayer', { layer }, new Subscription({ layer }), options);
    } catch (error) {
      turn.over();
      over?.(false);
      throw error;
    }
    await calls.make({
      name: 'PrepareLayer',
      input: { layer, parents },
      layer,
      options,
      over: (succeeded) => {
        turn.over();
        over?.(succeeded);
      },
    });
  });
}

/** One attempt to attach a layer. What it leaves is undone also when its calls come back after they were given up. */
export class Attachment {
  readonly #calls: StorageCalls;
  readonly #layer: string;
  #active: Promise<boolean> = Promise.resolve(false);
  #prepared: Promise<boolean> = Promise.resolve(false);

  constructor(calls: StorageCalls, layer: string) {
    this.#calls = calls;
    this.#layer = layer;
  }

  async attach(parents: LayerList, options: OperationOptions): Promise<void> {
    const layer = this.#layer;
    let activated!: (succeeded: boolean) => void;
    this.#active = new Promise((resolve) => (activated = resolve));
    await this.#calls.call({ name: 'ActivateLayer', input: { layer }, layer, options, over: activated });
    let prepared!: (succeeded: boolean) => void;
    this.#prepared = new Promise((resolve) => (prepared = resolve));
    await prepareLayer(this.#calls, layer, parents, options, prepared);
  }

  /** Undoes what there is of it after `error`, whose place nothing else takes. */
  async undo(error: unknown): Promise<void> {
    const undone = this.detach({}).catch(() => undefined);
    // What is inside the host is undone when it is back; nobody waits for that who does not wait for the call.
    if (!(error instanceof HcsTimeoutError || error instanceof HcsAbortError)) await undone;
  }

  /** Goes on where it has failed before. */
  async detach(options: OperationOptions): Promise<void> {
    const layer = this.#layer;
    if (await this.#prepared) await this.#calls.call({ name: 'UnprepareLayer', input: { layer }, layer, options });
    this.#prepared = Promise.resolve(false);
    if (await this.#active) await this.#calls.call({ name: 'DeactivateLayer', input: { layer }, layer, options });
    this.#active = Promise.resolve(false);
  }
}

/** What {@link LayerStore.mount} gives back. */
export class Mount implements MountedLayer {
  readonly id: string;
  readonly folder: string;
  readonly volume: string;
  readonly storage: { readonly Path: string; readonly Layers: readonly ParentLayer[] };
  readonly #calls: StorageCalls;
  readonly #attachment: Attachment;
  readonly #closeOnce = new CloseOnce();

  constructor(
    calls: StorageCalls,
    attachment: Attachment,
    id: string,
    folder: string,
    volume: string,
    parents: LayerList,
    openedAt: string | undefined,
  ) {
    this.#calls = calls;
    this.#attachment = attachment;
    this.id = id;
    this.folder = folder;
    this.volume = volume;
    const layers: ParentLayer[] = [];
    for (let i = 0; i < parents.length; i += 2) layers.push({ Id: parents[i]!, Path: parents[i + 1]! });
    this.storage = { Path: `${volume}\\`, Layers: layers };
    calls.session.resources.mounted.set(this, { layer: folder, ...(openedAt !== undefined && { openedAt }) });
  }

  close(options: OperationOptions = {}): Promise<void> {
    return this.#closeOnce.run(() => this.#close(options));
  }

  async #close(options: OperationOptions): Promise<void> {
    checkOptions(options);
    await this.#attachment.detach(options);
    this.#calls.session.resources.mounted.delete(this);
  }

  toJSON(): object {
    const { id, folder, volume } = this;
    const state = this.#calls.session.resources.mounted.has(this) ? 'mounted' : 'closed';
    return { id, folder, volume, state };
  }

  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected('MountedLayer', this.toJSON(), depth, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
