/**
 * New volumes of scratch layers.
 *
 * @module
 */
import type { HcsDocument } from '../documents/document-text.js';
import { optionalDocumentText } from '../documents/document-text.js';
import { checkFolder } from '../layers/layer-names.js';
import type { LayerDataDocument } from './layer-data.js';
import { layerDataText } from './layer-data.js';
import type { StorageOptions } from './storage-call.js';
import { callStorage, checkPlace, readStorageOptions, sessionFor } from './storage-call.js';

/**
 * Prepares a volume that is formatted and empty to be a writable layer. No deadline unless one is given.
 *
 * @param volume - its root, such as `\\\\?\\Volume{...}`, or the folder where it is mounted
 * @param data - the layers below it, see {@link layerData}
 */
export async function initializeWritableLayer(
  volume: string,
  data: LayerDataDocument,
  options: StorageOptions = {},
): Promise<void> {
  const started = performance.now();
  const layerPath = checkPlace(volume, 'volume');
  options = readStorageOptions(options);
  const name = 'HcsInitializeWritableLayer';
  const session = await sessionFor(name, options.host);
  // The documentation reserves the options.
  const input = { layerPath, layerData: await layerDataText(data, session, options), options: null };
  await callStorage(session, { name, layer: volume, input }, options, started);
}

export interface InitializeLegacyOptions extends StorageOptions {
  /** Passed on as it is: its form is not published. */
  readonly settings?: HcsDocument;
}

/**
 * The same for a scratch layer that `vmcompute.dll` is to use, whose registry is in a folder. No deadline unless one is given.
 *
 * @param volume - the root of its volume
 * @param hives - the folder for its registry, absolute
 * @param data - the layers below it
 */
export async function initializeLegacyLayer(
  volume: string,
  hives: string,
  data: LayerDataDocument,
  options: InitializeLegacyOptions = {},
): Promise<void> {
  const started = performance.now();
  const mountPath = checkPlace(volume, 'volume');
  const folderPath = checkFolder(hives, 'hives');
  options = readStorageOptions(options, ['settings']);
  const settings = optionalDocumentText(options.settings, 'options.settings');
  const name = 'HcsInitializeLegacyWritableLayer';
  const session = await sessionFor(name, options.host);
  const layerDataOfCall = await layerDataText(data, session, options);
  const input = { mountPath, folderPath, layerData: layerDataOfCall, options: settings };
  await callStorage(session, { name, layer: volume, input }, options, started);
}
