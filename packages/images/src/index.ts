/**
 * Container images: pulled from registries, kept as layers, read from archives and written to them.
 *
 * @module
 */
export type { ImageErrorCode, ImageErrorDetails } from './image-error.js';
export { ImageError } from './image-error.js';
export type { Descriptor, Digest, Platform } from './oci/descriptor.js';
export type { Isolation } from './oci/platform.js';
export type {
  Credentials,
  Mirror,
  MirrorCapability,
  RegistryOptions,
  TlsOptions,
} from './registry/registry-options.js';
export type { Reference } from './reference.js';
export { familiarName, parseReference } from './reference.js';
export type { SaveOptions } from './archives/save-images.js';
export type { ArchiveFormat } from './archives/saved-files.js';
export type { CommitOptions } from './commit.js';
export type { Image } from './image.js';
export type { ImageStoreOptions, LoadArchiveOptions, LoadOptions, PullOptions } from './image-store-options.js';
export { ImageStore } from './image-store.js';
export type { LimitOptions } from './limits.js';
export type { ImageProgress } from './pull/progress.js';
export type { Pruned, Removed } from './removal.js';
export type { Scratch } from './scratch.js';
