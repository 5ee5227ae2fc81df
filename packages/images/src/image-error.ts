/**
 * What goes wrong with images. What goes wrong in the host or with a layer is an error of `hostcompute`.
 *
 * @module
 */

/**
 * - `ERR_HC_IMAGE_REFERENCE`: the name of an image is wrong.
 * - `ERR_HC_IMAGE_NOT_FOUND`: neither the store nor the registry has it.
 * - `ERR_HC_IMAGE_PLATFORM`: it is not for this host.
 * - `ERR_HC_IMAGE_DENIED`: the registry wants credentials, or others.
 * - `ERR_HC_IMAGE_REGISTRY`: the registry cannot be reached, or answers what no registry should.
 * - `ERR_HC_IMAGE_CONTENT`: bytes are not those that their digest or size promises, or a document is malformed.
 * - `ERR_HC_IMAGE_ARCHIVE`: a file is no archive of images.
 * - `ERR_HC_IMAGE_IN_USE`: something that is there needs it.
 * - `ERR_HC_IMAGE_STORE`: the folder is of another version, or damaged.
 */
export type ImageErrorCode =
  | 'ERR_HC_IMAGE_REFERENCE'
  | 'ERR_HC_IMAGE_NOT_FOUND'
  | 'ERR_HC_IMAGE_PLATFORM'
  | 'ERR_HC_IMAGE_DENIED'
  | 'ERR_HC_IMAGE_REGISTRY'
  | 'ERR_HC_IMAGE_CONTENT'
  | 'ERR_HC_IMAGE_ARCHIVE'
  | 'ERR_HC_IMAGE_IN_USE'
  | 'ERR_HC_IMAGE_STORE';

export interface ImageErrorDetails {
  readonly code: ImageErrorCode;
  /** The image, as it was named. */
  readonly reference?: string | undefined;
  /** What to do next. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** An image cannot be had, kept or written. `code` is stable; `message` is for people. */
export class ImageError extends Error {
  readonly code: ImageErrorCode;
  declare readonly reference?: string;
  /** What to do next. */
  readonly remedy: string;

  static {
    this.prototype.name = 'ImageError';
  }

  constructor(message: string, { code, reference, remedy, cause }: ImageErrorDetails) {
    super(`${message}. ${remedy}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
    if (reference !== undefined) this.reference = reference;
  }
}
