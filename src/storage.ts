/**
 * Layers, scratch disks and virtual disks by the documented interface of Windows: `computestorage.dll` and `virtdisk.dll`.
 *
 * @packageDocumentation
 */
export type { AttachedFilter } from './storage/attached-filter.js';
export { attachFilter, attachOverlay, detachFilter, detachOverlay } from './storage/attached-filter.js';
export type { OsLayerSetup, SetupBaseOSVolumeOptions } from './storage/base-layers.js';
export { setupBaseOSVolume } from './storage/base-layers.js';
export type { CreateScratchOptions, ScratchLayer } from './storage/create-scratch.js';
export { createScratch } from './storage/create-scratch.js';
export type { SetupBaseOSLayerOptions } from './storage/disks.js';
export { formatWritableVhd, setupBaseOSLayer, vhdMountPath } from './storage/disks.js';
export type { ExportFolderOptions } from './storage/folders.js';
export { destroyLayer, exportFolder, exportLegacyFolder, importFolder } from './storage/folders.js';
export type { LayerDataDocument } from './storage/layer-data.js';
export { layerData } from './storage/layer-data.js';
export type { BaseLayerDisks, SetupBaseLayerOptions } from './storage/setup-base-layer.js';
export { setupBaseLayer } from './storage/setup-base-layer.js';
export type { StorageOptions } from './storage/storage-call.js';
export type { InitializeLegacyOptions } from './storage/writable-layers.js';
export { initializeLegacyLayer, initializeWritableLayer } from './storage/writable-layers.js';
export { DiskAttachment } from './storage/disk-attachment.js';
export type { DiskInformation } from './storage/disk-information.js';
export type {
  AttachDiskOptions,
  CreateDifferencingOptions,
  CreateDiskOptions,
  OpenDiskOptions,
} from './storage/disk-options.js';
export { VirtualDisk } from './storage/virtual-disk.js';
