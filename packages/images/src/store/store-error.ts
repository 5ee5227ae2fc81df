import { ImageError } from '../image-error.js';

/** The folder of a store is not as this version of the package has left it. */
export function storeError(message: string, remedy: string, cause?: unknown): ImageError {
  return new ImageError(message, { code: 'ERR_HC_IMAGE_STORE', remedy, cause });
}
