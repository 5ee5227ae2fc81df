/**
 * Gives an image one more name.
 *
 * @module
 */
import type { Image } from './image.js';
import { findImage, loadImage } from './image.js';
import { ImageError } from './image-error.js';
import { parseReference } from './reference.js';
import { nameOfReference } from './store/image-records.js';
import type { Store } from './store/store.js';
import { storeLock } from './store/store.js';

export async function tagImage(store: Store, image: string, reference: string, signal: AbortSignal): Promise<Image> {
  const { name, digest } = parseReference(reference);
  if (digest !== undefined) {
    throw new ImageError(`${JSON.stringify(reference)} has a digest, which nobody can choose`, {
      code: 'ERR_HC_IMAGE_REFERENCE',
      reference,
      remedy: 'Leave out the @ and what follows.',
    });
  }
  const { locks, records } = store;
  return locks.with(storeLock, signal, async () => {
    const { record } = await findImage(store, image);
    await records.references.put(nameOfReference(name), { reference: name, manifest: record.manifest.digest });
    return loadImage(store, record);
  });
}
