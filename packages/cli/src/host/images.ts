/**
 * The store of images that a command works with, and how it reaches registries.
 *
 * @module
 */
import { resolve } from 'node:path';

import type { Credentials } from 'hostcompute-images';
import { ImageStore } from 'hostcompute-images';

import type { Context } from './context.js';
import { imagesFolder, makeFolder } from './root-folder.js';

export interface RegistryChoice {
  readonly plainHttp?: boolean;
  /** A folder as containerd's `certs.d`; else that of HOSTCOMPUTE_REGISTRY_HOSTS. */
  readonly registryHosts?: string;
  readonly credentials?: Credentials;
}

/** Opens the store below the root folder, which is made where it is not there. */
export async function openImages(
  { host, root }: Pick<Context, 'host' | 'root'>,
  { plainHttp, registryHosts, credentials }: RegistryChoice = {},
): Promise<ImageStore> {
  const folder = imagesFolder(root);
  await makeFolder(folder);
  const hosts = registryHosts ?? process.env.HOSTCOMPUTE_REGISTRY_HOSTS ?? '';
  return ImageStore.open(folder, {
    host,
    registry: { plainHttp, credentials, ...(hosts !== '' && { hostsFolder: resolve(hosts) }) },
  });
}
