/**
 * The filters that let the volume of a layer show what its parents have.
 *
 * @module
 */
import type { CallableName, Input } from '../backend/backend.js';
import type { HostOptions } from '../host/open-handle.js';
import { CloseOnce } from '../host/close-once.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import type { LayerDataDocument } from './layer-data.js';
import { layerDataText } from './layer-data.js';
import type { StorageOptions } from './storage-call.js';
import { callStorage, checkPlace, readStorageOptions, sessionFor } from './storage-call.js';

/** A filter that is attached to a volume, until it is closed. */
export interface AttachedFilter extends AsyncDisposable {
  /** The volume, as it was given. */
  readonly volume: string;
  /** Detaches the filter. Idempotent; one that failed may be tried again. */
  close(options?: OperationOptions): Promise<void>;
}

type Detach = 'HcsDetachLayerStorageFilter' | 'HcsDetachOverlayFilter';

class Attached implements AttachedFilter {
  readonly volume: string;
  readonly #close = new CloseOnce();
  readonly #detach: (options: OperationOptions) => Promise<void>;

  constructor(volume: string, detach: (options: OperationOptions) => Promise<void>) {
    this.volume = volume;
    this.#detach = detach;
  }

  async close(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    await this.#close.run(() => this.#detach(options));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Attaches the filter that lets a volume show the files of the layers below it. Close it before the disk is detached.
 *
 * An attempt that timed out or was cancelled is undone when the host has completed it. No deadline unless one is given.
 *
 * @param volume - the root of the volume, such as `\\\\?\\Volume{...}`, or the folder where it is mounted
 * @param data - the layers below it, see {@link layerData}
 * @example
 * import { attachFilter, layerData } from 'hostcompute/storage';
 *
 * async function show(volume: string, parents: string[]) {
 *   await using filter = await attachFilter(volume, await layerData(parents));
 *   console.log(`${filter.volume} has the files of ${parents.length} layers`);
 * }
 */
export async function attachFilter(
  volume: string,
  data: LayerDataDocument,
  options: StorageOptions = {},
): Promise<AttachedFilter> {
  const started = performance.now();
  const layerPath = checkPlace(volume, 'volume');
  options = readStorageOptions(options);
  const session = await sessionFor('HcsAttachLayerStorageFilter', options.host);
  const input = { layerPath, layerData: await layerDataText(data, session, options) };
  const undo = { name: 'HcsDetachLayerStorageFilter', input: { layerPath } } as const;
  return attach(session, { name: 'HcsAttachLayerStorageFilter', input, undo, volume }, options, started);
}

/** Detaches the filter that {@link attachFilter} has attached, perhaps in another process. */
export async function detachFilter(volume: string, options: HostOptions = {}): Promise<void> {
  const started = performance.now();
  const layerPath = checkPlace(volume, 'volume');
  options = readOperationOptions(options, ['host']);
  const name = 'HcsDetachLayerStorageFilter';
  const session = await sessionFor(name, options.host);
  await callStorage(session, { name, layer: volume, input: { layerPath } }, options, started);
}

/**
 * Attaches the filter for overlays, UnionFS, to a volume. Microsoft's own client uses it; no documentation has it.
 *
 * @param volume - the root of the volume
 * @param data - the layers, and `FilterType: 'UnionFS'`
 */
export async function attachOverlay(
  volume: string,
  data: LayerDataDocument,
  options: StorageOptions = {},
): Promise<AttachedFilter> {
  const started = performance.now();
  const volumePath = checkPlace(volume, 'volume');
  options = readStorageOptions(options);
  const session = await sessionFor('HcsAttachOverlayFilter', options.host);
  const input = { volumePath, layerData: await layerDataText(data, session, options) };
  const undo = { name: 'HcsDetachOverlayFilter', input: { volumePath, layerData: overlayData } } as const;
  return attach(session, { name: 'HcsAttachOverlayFilter', input, undo, volume }, options, started);
}

/** Detaches the filter that {@link attachOverlay} has attached, perhaps in another process. */
export async function detachOverlay(volume: string, options: HostOptions = {}): Promise<void> {
  const started = performance.now();
  const volumePath = checkPlace(volume, 'volume');
  options = readOperationOptions(options, ['host']);
  const name = 'HcsDetachOverlayFilter';
  const session = await sessionFor(name, options.host);
  const input = { volumePath, layerData: overlayData };
  await callStorage(session, { name, layer: volume, input }, options, started);
}

// What Microsoft's own client sends.
const overlayData = '{"SchemaVersion":{"Major":2,"Minor":1},"FilterType":"UnionFS"}';

interface Attachment<F extends CallableName, D extends Detach> {
  readonly name: F;
  readonly input: Input<F>;
  readonly undo: { readonly name: D; readonly input: Input<D> };
  readonly volume: string;
}

async function attach<F extends CallableName, D extends Detach>(
  session: Session,
  { name, input, undo, volume }: Attachment<F, D>,
  limits: OperationOptions,
  started: number,
): Promise<AttachedFilter> {
  const detach = async (options: OperationOptions): Promise<void> => {
    await callStorage(session, { ...undo, layer: volume }, options, performance.now());
  };
  let isOver = false;
  const settled = (succeeded: boolean): void => {
    // Nobody has it: it timed out or was cancelled. What else can be done when it cannot be detached?
    if (succeeded && isOver) void detach({}).catch(() => undefined);
  };
  try {
    await callStorage(session, { name, layer: volume, input, settled }, limits, started);
  } catch (error) {
    isOver = true;
    throw error;
  }
  return new Attached(volume, detach);
}
