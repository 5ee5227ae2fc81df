import { ImageError } from '../image-error.js';

/** A file or folder is no archive of images, or a damaged one. */
export function archiveError(message: string, remedy: string, cause?: unknown): ImageError {
  return new ImageError(message, { code: 'ERR_HC_IMAGE_ARCHIVE', remedy, cause });
}
