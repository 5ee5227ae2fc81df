/**
 * A scratch layer that is joined with its parents, until it is closed.
 *
 * @module
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import type { LayerList } from '../backend/backend.js';
import { HcsAbortError, HcsError, HcsTimeoutError } from '../errors/errors.js';
import { inspected } from '../host/inspection.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { Subscription } from '../host/subscription.js';
import type { Remaining } from './remaining-limits.js';
import { remainingOf } from './remaining-limits.js';
import { takeTurn } from './prepare-turn.js';
import type { StorageCalls } from './storage-call.js';

/** A parent as the documents of containers name it. */
export interface ParentLayer {
  readonly Id: string;
  readonly Path: string;
}

/**
 * A layer that was mounted by {@link LayerStore.mount}. Only close() undoes that; closing the host does not.
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
   * Unprepares and deactivates the layer, within the limits of this call. close() is idempotent; one that failed may be
   * called again and continues where it failed.
   */
  close(options?: OperationOptions): Promise<void>;
  /** Id, paths and state. */
  toJSON(): object;
}

/** PrepareLayer, when its turn has come. `over` as of other calls. */
export async function prepareLayer(
  calls: StorageCalls,
  layer: string,
  parents: LayerList,
  remaining: Remaining,
  over?: (succeeded: boolean) => void,
): Promise<void> {
  await calls.watch('PrepareLayer', layer, async () => {
    const turn = takeTurn(calls.session, calls.folder);
    try {
      await boundedWait(turn.ready, 'PrepareLayer', { layer }, new Subscription({ layer }), remaining());
    } catch (error) {
      turn.over();
      over?.(false);
      throw error;
    }
    try {
      const options = remaining();
      await calls.make({ name: 'PrepareLayer', input: { layer, parents }, layer, options, ...(over && { over }) });
    } catch (error) {
      throw await explained(error, layer);
    } finally {
      // Also when it timed out or was cancelled, and the host still works on it: one layer that hangs stops no other.
      turn.over();
    }
  });
}

/** What the host says of a layer without a disk does not tell that this is what is wrong. */
async function explained(error: unknown, layer: string): Promise<unknown> {
  if (!(error instanceof HcsError) || error.status === 0) return error;
  const missing: unknown = await access(join(layer, 'sandbox.vhdx')).catch((reason: unknown) => reason);
  if ((missing as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') return error;
  const { code, status, operation, events, attribution } = error;
  return new HcsError(`${error.message} The layer has no disk, as a read-only layer has none.`, {
    code,
    status,
    operation,
    layer,
    events,
    attribution,
    remedy: 'Make a scratch layer on it with LayerStore.createScratch(), and mount that.',
    cause: error,
  });
}

/** A step of a mount and its reverse, which is called once however many callers wait for it. */
class Step {
  readonly #calls: StorageCalls;
  readonly #layer: string;
  readonly #reverse: 'UnprepareLayer' | 'DeactivateLayer';
  /** Whether there is something to undo. Pending while the host works on the step. */
  #isDone: Promise<boolean> = Promise.resolve(false);
  /** Fulfilled when the host has completed the reverse. */
  #undoing: Promise<void> | undefined;

  constructor(calls: StorageCalls, layer: string, reverse: 'UnprepareLayer' | 'DeactivateLayer') {
    this.#calls = calls;
    this.#layer = layer;
    this.#reverse = reverse;
  }

  /** Begins the step. Returns the callback for its outcome. */
  begin(): (succeeded: boolean) => void {
    let over!: (succeeded: boolean) => void;
    this.#isDone = new Promise((resolve) => (over = resolve));
    return over;
  }

  /** @param remaining - `undefined` in the background: the reverse is called when the step has completed */
  async undo(remaining: Remaining | undefined): Promise<void> {
    const [name, layer] = [this.#reverse, this.#layer];
    const wait = <T>(promise: Promise<T>): Promise<T> =>
      remaining === undefined
        ? promise
        : boundedWait(promise, name, { layer }, new Subscription({ layer }), remaining());
    for (;;) {
      if (!(await wait(this.#isDone))) return;
      if (this.#undoing === undefined) break;
      await wait(this.#undoing);
    }
    let completed!: () => void;
    this.#undoing = new Promise((resolve) => (completed = resolve));
    const over = (succeeded: boolean): void => {
      if (succeeded) this.#isDone = Promise.resolve(false);
      this.#undoing = undefined;
      completed();
    };
    await this.#calls.call({ name, input: { layer }, layer, options: remaining?.() ?? {}, over });
  }
}

/** One attempt to attach a layer. It is undone also when its calls complete after they timed out or were cancelled. */
export class Attachment {
  readonly #calls: StorageCalls;
  readonly #layer: string;
  readonly #active: Step;
  readonly #prepared: Step;

  constructor(calls: StorageCalls, layer: string) {
    this.#calls = calls;
    this.#layer = layer;
    this.#active = new Step(calls, layer, 'DeactivateLayer');
    this.#prepared = new Step(calls, layer, 'UnprepareLayer');
  }

  async attach(parents: LayerList, remaining: Remaining): Promise<void> {
    const layer = this.#layer;
    const over = this.#active.begin();
    await this.#calls.call({ name: 'ActivateLayer', input: { layer }, layer, options: remaining(), over });
    await prepareLayer(this.#calls, layer, parents, remaining, this.#prepared.begin());
  }

  /** Undoes the attempt after `error`, which stays the error of the mount. Waits no longer than the limits allow. */
  async undo(error: unknown, remaining: Remaining): Promise<void> {
    const undone = this.detach(undefined).catch(() => undefined);
    // A call that is inside the host is undone when it completes; a mount that timed out or was cancelled does not wait for that.
    if (error instanceof HcsTimeoutError || error instanceof HcsAbortError) return;
    const subject = { layer: this.#layer };
    await boundedWait(undone, 'LayerStore.mount', subject, new Subscription(subject), remaining()).catch(
      () => undefined,
    );
  }

  /** Goes on where it has failed before. */
  async detach(remaining: Remaining | undefined): Promise<void> {
    await this.#prepared.undo(remaining);
    await this.#active.undo(remaining);
  }
}

/** The result of {@link LayerStore.mount}. */
export class Mount implements MountedLayer {
  readonly id: string;
  readonly folder: string;
  readonly volume: string;
  readonly storage: { readonly Path: string; readonly Layers: readonly ParentLayer[] };
  readonly #calls: StorageCalls;
  readonly #attachment: Attachment;

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

  async close(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    const left = remainingOf(options);
    throwIfAborted('MountedLayer.close', { layer: this.folder }, options);
    await this.#attachment.detach(left);
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
