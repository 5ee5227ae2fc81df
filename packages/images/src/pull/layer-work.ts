/**
 * Makes the layers of images: each is downloaded, and unpacked while it arrives as soon as the one below is there.
 *
 * @module
 */
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { hexOf } from '../oci/descriptor.js';
import type { ImageSource } from '../registry/image-source.js';
import { WrongDigest } from './download.js';
import { destroyFolder, isThere } from '../store/half-layer.js';
import type { Store } from '../store/store.js';
import { storeLock } from '../store/store.js';
import { LayerAttempt, UselessBlob } from './layer-attempt.js';
import type { Hold } from '../hold.js';
import type { ImageProgress } from './progress.js';
import { SharedWork } from './shared-work.js';
import type { Slots } from './slots.js';

/** A layer of an image that is pulled. */
export interface PlannedLayer {
  readonly blob: Descriptor;
  readonly diffId: Digest;
  readonly chainId: Digest;
}

/** The layers of an image, and where they come from. */
export interface LayerPlan {
  readonly source: ImageSource;
  /** Names the image in errors. */
  readonly name: string;
  readonly keepBlobs: boolean;
  /** What has to stay as long as somebody works by this plan. */
  readonly hold: Hold;
  /** Downloads at once. */
  readonly slots: Slots;
  /** The base first. */
  readonly layers: readonly PlannedLayer[];
}

export type LayerReport = Omit<ImageProgress, 'layer'>;
export type OnReport = (report: LayerReport) => void;

export class LayerWork {
  readonly #store: Store;
  readonly #shared = new SharedWork<LayerReport>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whether the layer is whole. */
  async isThere({ chainId }: PlannedLayer): Promise<boolean> {
    const id = hexOf(chainId);
    if ((await this.#store.records.layers.get(id)) === undefined) return false;
    // Somebody may have deleted the folder alone.
    return isThere(this.#store.layers.pathOf(id));
  }

  /** Whether a caller has it made at the moment. */
  isMaking({ chainId }: PlannedLayer): boolean {
    return this.#shared.has(chainId);
  }

  /** Makes the layer, unless it is there. Callers who want the same one share the work. */
  ensure(plan: LayerPlan, index: number, signal: AbortSignal, onReport: OnReport): Promise<void> {
    const key = plan.layers[index]!.chainId;
    return this.#shared.join(key, signal, onReport, (stop, report) => this.#make(plan, index, stop, report));
  }

  /** Resolves when nothing is being made. */
  idle(): Promise<void> {
    return this.#shared.idle();
  }

  async #make(plan: LayerPlan, index: number, signal: AbortSignal, report: OnReport): Promise<void> {
    const layer = plan.layers[index]!;
    const leave = plan.hold.take();
    let giveSlot: (() => void) | undefined;
    try {
      giveSlot = await plan.slots.take(signal);
      if (await this.isThere(layer)) return report(existing(layer));
      report({ phase: 'download', state: 'waiting', bytes: 0, totalBytes: layer.blob.size });
      await this.#store.locks.with(`layer:${layer.chainId}`, signal, async () => {
        if (await this.isThere(layer)) return report(existing(layer));
        await this.#makeLocked(plan, index, signal, report, giveSlot!);
      });
    } finally {
      giveSlot?.();
      await leave();
    }
  }

  async #makeLocked(
    plan: LayerPlan,
    index: number,
    signal: AbortSignal,
    report: OnReport,
    giveSlot: () => void,
  ): Promise<void> {
    const { layers, locks, records } = this.#store;
    const { chainId, diffId, blob } = plan.layers[index]!;
    const parent = plan.layers[index - 1]?.chainId ?? null;
    const id = hexOf(chainId);
    // What a program that ended has left of it.
    await records.layers.delete(id);
    await destroyFolder(layers, id, signal);
    const below = (stop: AbortSignal): Promise<void> => this.#below(plan, index, stop);
    const attempt = (): Promise<{ unpackedBytes: number }> =>
      new LayerAttempt(this.#store, plan, index, signal, report).run(below, giveSlot);
    const { unpackedBytes } = await attempt().catch((error: unknown) => {
      const isWorthIt = error instanceof WrongDigest || error instanceof UselessBlob;
      if (!isWorthIt || !error.isWorthAnotherTry || signal.aborted) throw error;
      return attempt();
    });
    try {
      await locks.with(storeLock, signal, () => records.layers.put(id, { chainId, diffId, parent, unpackedBytes }));
    } catch (error) {
      // It may have been written, and not forced to the disk.
      await records.layers.delete(id);
      await destroyFolder(layers, id);
      throw error;
    }
    report({ phase: 'unpack', state: 'done', bytes: blob.size, totalBytes: blob.size });
  }

  /** Resolves when the layer below is there. */
  async #below(plan: LayerPlan, index: number, signal: AbortSignal): Promise<void> {
    const layer = plan.layers[index - 1];
    if (layer === undefined || (await this.isThere(layer))) return;
    await this.ensure(plan, index - 1, signal, () => undefined);
  }
}

export function existing({ blob: { size } }: PlannedLayer): LayerReport {
  return { phase: 'download', state: 'exists', bytes: size, totalBytes: size };
}
