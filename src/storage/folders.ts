/**
 * Layers as folders: import, export, removal.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import { readOperationOptions } from '../host/operation-options.js';
import { checkFolder } from '../layers/layer-names.js';
import type { LayerDataDocument } from './layer-data.js';
import { layerDataText } from './layer-data.js';
import type { StorageOptions } from './storage-call.js';
import { callStorage, checkPlace, readStorageOptions, sessionFor } from './storage-call.js';

/**
 * Makes a layer of the transport form in a folder. Without layers in `data` it is the files of a base layer, which
 * {@link setupBaseOSLayer} finishes. No deadline unless one is given.
 *
 * @param layer - the folder of the new layer, absolute
 * @param folder - absolute
 * @param data - the layers below it, see {@link layerData}
 */
export async function importFolder(
  layer: string,
  folder: string,
  data: LayerDataDocument,
  options: StorageOptions = {},
): Promise<void> {
  const started = performance.now();
  const layerPath = checkFolder(layer, 'layer');
  const sourceFolderPath = checkFolder(folder, 'folder');
  options = readStorageOptions(options);
  const name = 'HcsImportLayer';
  const session = await sessionFor(name, options.host);
  const text = await layerDataText(data, session, options);
  const input = { layerPath, sourceFolderPath, layerData: text };
  await callStorage(session, { name, layer, input }, options, started);
}

/** How a layer is exported. */
export interface ExportFolderOptions extends StorageOptions {
  /** The layer is a writable one: a volume, or its folder. */
  readonly isWritableLayer?: boolean;
}

/**
 * Writes the transport form of a layer into a folder, which has to exist and be empty. No deadline unless one is given.
 *
 * @param layer - the folder of the layer, or the path of its volume
 * @param folder - absolute
 * @param data - the layers below it
 */
export async function exportFolder(
  layer: string,
  folder: string,
  data: LayerDataDocument,
  options: ExportFolderOptions = {},
): Promise<void> {
  const started = performance.now();
  const layerPath = checkPlace(layer, 'layer');
  const exportFolderPath = checkFolder(folder, 'folder');
  options = readStorageOptions(options, ['isWritableLayer']);
  const IsWritableLayer = booleanOf(options.isWritableLayer, 'options.isWritableLayer');
  const name = 'HcsExportLayer';
  const session = await sessionFor(name, options.host);
  const text = await layerDataText(data, session, options);
  const input = { layerPath, exportFolderPath, layerData: text, options: JSON.stringify({ IsWritableLayer }) };
  await callStorage(session, { name, layer, input }, options, started);
}

/**
 * Writes the transport form of a scratch layer of `vmcompute.dll` into a folder, which has to exist and be empty. No deadline
 * unless one is given.
 *
 * @param volume - where its disk is mounted, such as `\\?\Volume{...}`
 * @param hives - the folder that has its registry
 * @param folder - absolute
 * @param data - the layers below it
 */
export async function exportLegacyFolder(
  volume: string,
  hives: string,
  folder: string,
  data: LayerDataDocument,
  options: StorageOptions = {},
): Promise<void> {
  const started = performance.now();
  const mountPath = checkPlace(volume, 'volume');
  const folderPath = checkFolder(hives, 'hives');
  const exportFolderPath = checkFolder(folder, 'folder');
  options = readStorageOptions(options);
  const name = 'HcsExportLegacyWritableLayer';
  const session = await sessionFor(name, options.host);
  const text = await layerDataText(data, session, options);
  const input = { mountPath, folderPath, exportFolderPath, layerData: text };
  await callStorage(session, { name, layer: volume, input }, options, started);
}

/**
 * Deletes a layer with all its files, with the rights of a backup: check the path first. No deadline unless one is given.
 *
 * @param layer - its folder, absolute
 */
export async function destroyLayer(layer: string, options: HostOptions = {}): Promise<void> {
  const started = performance.now();
  const layerPath = checkFolder(layer, 'layer');
  options = readOperationOptions(options, ['host']);
  const name = 'HcsDestroyLayer';
  const session = await sessionFor(name, options.host);
  await callStorage(session, { name, layer, input: { layerPath } }, options, started);
}

/** Throws unless it is a boolean, or absent. */
export function booleanOf(given: unknown, field: string): boolean {
  if (given === undefined || typeof given === 'boolean') return given ?? false;
  throw new HcsArgumentError(field, 'must be a boolean', given);
}
