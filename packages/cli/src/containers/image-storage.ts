/**
 * What a container of an image is made of: the layers of the image, and a writable one in the store of images, which keeps them.
 *
 * @module
 */
import type { Image, ImageStore } from 'hostcompute-images';
import { ImageError } from 'hostcompute-images';

import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { HostAndSignal } from '../host/context.js';
import { openImages } from '../host/images.js';
import type { RunPlan } from './plan.js';
import type { ContainerStorage } from './storage.js';
import type { Undo } from './undo.js';

export async function imageStorage(
  reference: string,
  { id, root }: RunPlan,
  { host, signal }: HostAndSignal,
  undo: Undo,
): Promise<ContainerStorage> {
  const images = await openImages({ host, root });
  undo.push('the store of images', async () => images.close());
  const image = await images.get(reference);
  checkPlatform(reference, image);
  return {
    folders: image.layers.map((layer) => images.layers.pathOf(layer)),
    configuration: image.configuration,
    scratch: 'images',
    scratchFolder: images.layers.pathOf(id),
    async createScratch(undo, isKept) {
      // Before the call, as a call that was cancelled may be made all the same.
      undo.push(`the writable layer of ${id}`, async (within) => {
        if (!isKept()) await destroyScratch(images, id, within);
      });
      const scratch = await images.createScratch(image, id, { signal });
      return {
        folder: images.layers.pathOf(id),
        async mount(undo) {
          const mounted = await scratch.mount({ signal });
          undo.push(`the mount of ${id}`, async (limits) => mounted.close(limits));
          return mounted.storage.Path;
        },
      };
    },
  };
}

function checkPlatform(reference: string, { platform }: Image): void {
  if (platform.os === 'windows') return;
  throw new Failure(`${reference} is for ${platform.os}/${platform.architecture}, and containers here are of Windows`, {
    code: 'ERR_HC_IMAGE_PLATFORM',
    exitCode: exitCodes.host,
    remedy: 'Name an image for Windows.',
  });
}

/** Destroys the writable layer of a container, where there is one. */
export async function destroyScratch(
  images: ImageStore,
  id: string,
  limits: { readonly timeoutMs: number },
): Promise<void> {
  try {
    const scratch = await images.openScratch(id);
    await scratch.destroy(limits);
  } catch (error) {
    if (!(error instanceof ImageError) || error.code !== 'ERR_HC_IMAGE_NOT_FOUND') throw error;
  }
}
