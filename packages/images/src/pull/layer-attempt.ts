/**
 * One attempt to make a layer: its blob is downloaded, and what has arrived is imported meanwhile.
 *
 * @module
 */
import type { Readable } from 'node:stream';

import type { ImportProgress } from 'hostcompute';
import { HcsError, importLayer, LayerError } from 'hostcompute';

import { ImageError } from '../image-error.js';
import { heardByMany } from '../limits.js';
import { hexOf } from '../oci/descriptor.js';
import { closed } from '../store/file-streams.js';
import { download, removeBlob } from './download.js';
import type { Store } from '../store/store.js';
import type { LayerPlan, OnReport, PlannedLayer } from './layer-work.js';

/** A blob has the digest that it should have, and is no layer, or another one. */
export class UselessBlob extends ImageError {
  readonly #wasThere: boolean;

  constructor(message: string, remedy: string, wasThere: boolean, cause: unknown) {
    super(message, { code: 'ERR_HC_IMAGE_CONTENT', remedy, cause });
    this.#wasThere = wasThere;
  }

  /** A blob that was in the store already may have been damaged there. */
  get isWorthAnotherTry(): boolean {
    return this.#wasThere;
  }
}

export class LayerAttempt {
  readonly #store: Store;
  readonly #plan: LayerPlan;
  readonly #index: number;
  readonly #layer: PlannedLayer;
  readonly #signal: AbortSignal;
  readonly #report: OnReport;
  /** Ends the other half when one has failed. */
  readonly #stop = new AbortController();

  constructor(store: Store, plan: LayerPlan, index: number, signal: AbortSignal, report: OnReport) {
    this.#store = store;
    this.#plan = plan;
    this.#index = index;
    this.#layer = plan.layers[index]!;
    this.#signal = heardByMany(AbortSignal.any([signal, this.#stop.signal]));
    this.#report = report;
  }

  /**
   * @param below - resolves when the layer below is there
   * @param downloaded - called when the download is over
   */
  async run(below: (signal: AbortSignal) => Promise<void>, downloaded: () => void): Promise<{ unpackedBytes: number }> {
    const { blob } = this.#layer;
    const { layout, locks } = this.#store;
    let stream: Readable | undefined;
    let start!: (stream: Readable) => void;
    const started = new Promise<Readable>((resolve) => (start = resolve));
    const receiving = this.#download((file) => start((stream = file.follow()))).finally(downloaded);
    // Where there is nothing to follow the download itself says why.
    const unpacking = Promise.race([started, receiving.then(() => started)]).then(async (arriving) => {
      await below(this.#signal);
      return this.#import(arriving);
    });
    try {
      const [, imported] = await Promise.all([receiving, unpacking]);
      if (!this.#plan.keepBlobs) await removeBlob(layout, locks, blob.digest, this.#signal);
      return imported;
    } catch (error) {
      this.#stop.abort(error);
      const [received] = await Promise.allSettled([receiving, unpacking]);
      // When the download has failed, that is why the import did.
      const cause = stream?.errored ?? error;
      if (!isAboutContent(cause)) throw cause;
      await removeBlob(layout, locks, blob.digest, new AbortController().signal);
      const wasThere = received.status === 'fulfilled' && !received.value;
      throw this.#useless(cause, wasThere);
    } finally {
      if (stream !== undefined) await closed(stream);
    }
  }

  #download(follow: Parameters<typeof download>[1]): Promise<boolean> {
    const { layout, locks } = this.#store;
    const { source, keepBlobs: keep } = this.#plan;
    const { blob: descriptor } = this.#layer;
    const report = (bytes: number): void =>
      this.#report({
        phase: 'download',
        state: bytes === descriptor.size ? 'done' : 'active',
        bytes,
        totalBytes: descriptor.size,
      });
    return download({ layout, locks, source, descriptor, keep, signal: this.#signal, onBytes: report }, follow);
  }

  async #import(stream: Readable): Promise<{ unpackedBytes: number }> {
    const { blob, chainId, diffId } = this.#layer;
    const onProgress = ({ bytes, entries }: ImportProgress): void =>
      this.#report({ phase: 'unpack', state: 'active', bytes, totalBytes: blob.size, entries });
    return importLayer(stream, {
      store: this.#store.layers,
      id: hexOf(chainId),
      parents: idsBelow(this.#plan, this.#index),
      // The stream does not end before its digest is known to be right.
      verify: { diffId, size: blob.size },
      signal: this.#signal,
      onProgress,
    });
  }

  #useless(error: LayerError, wasThere: boolean): UselessBlob {
    const { entry, reason, remedy } = error;
    const what = entry === undefined ? '' : `: ${JSON.stringify(entry)}`;
    const message = `the layer ${this.#layer.blob.digest} of ${this.#plan.name}${what} ${reason}`;
    return new UselessBlob(message, remedy, wasThere, error);
  }
}

/** The ids of the layers below, the nearest first. */
function idsBelow({ layers }: LayerPlan, index: number): string[] {
  return layers
    .slice(0, index)
    .map(({ chainId }) => hexOf(chainId))
    .reverse();
}

/** Whether the import failed for what the archive is, and not for the host or the disk. */
function isAboutContent(error: unknown): error is LayerError {
  if (!(error instanceof LayerError)) return false;
  const { cause } = error;
  return !(cause instanceof HcsError) && (cause as NodeJS.ErrnoException | undefined)?.code === undefined;
}
