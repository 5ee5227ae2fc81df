/**
 * How images are kept in a store, and taken into it.
 *
 * @module
 */
import type { Host } from 'hostcompute';

import type { LimitOptions } from './limits.js';
import type { Platform } from './oci/descriptor.js';
import type { Isolation } from './oci/platform.js';
import type { ImageProgress } from './pull/progress.js';
import type { RegistryOptions } from './registry/registry-options.js';

export interface ImageStoreOptions {
  /** Default: the default host. */
  readonly host?: Host | undefined;
  /** Mirrors, credentials, and how registries are asked. */
  readonly registry?: RegistryOptions | undefined;
  /** Whether the blobs of layers are kept when they have been unpacked: to be saved with the digests that they have. Default true. */
  readonly keepBlobs?: boolean | undefined;
}

/** How images are taken into a store. */
export interface LoadOptions extends LimitOptions {
  /** Default: the host's. Without `osVersion` any version does. */
  readonly platform?: Partial<Platform> | undefined;
  /** `hyperv` takes older images as well. Default `process`. */
  readonly isolation?: Isolation | undefined;
  /** Called about ten times per second for each layer. What it throws ends the call, which rejects with the same. */
  readonly onProgress?: ((progress: ImageProgress) => unknown) | undefined;
  /** Layers that are read at once. Default 3. */
  readonly concurrency?: number | undefined;
}

export type PullOptions = LoadOptions;

export interface LoadArchiveOptions extends LoadOptions {
  /** The name of the image: of one that has none or another, or which of several. */
  readonly reference?: string | undefined;
}
