/**
 * Container images: pulled from registries, kept as layers, read from archives and written to them.
 *
 * @module
 */
export type { ImageErrorCode, ImageErrorDetails } from './image-error.js';
export { ImageError } from './image-error.js';
