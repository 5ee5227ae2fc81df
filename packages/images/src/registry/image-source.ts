/**
 * Where an image comes from: a registry, or an archive.
 *
 * @module
 */
import type { Descriptor } from '../oci/descriptor.js';

/** What ends a call before its time: the caller's signal, with the deadline folded into it. */
export interface Limits {
  readonly signal: AbortSignal;
}

/** A document as it was received, with its descriptor. */
export interface ResolvedDocument {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** The source of one image, which has its name already. */
export interface ImageSource {
  /** The document that the name names; the digest is that of the bytes received. */
  resolve(limits: Limits): Promise<ResolvedDocument>;
  /** A manifest, an index or a configuration: bytes whose digest and size are right. */
  document(descriptor: Descriptor, limits: Limits): Promise<Buffer>;
  /**
   * A blob from `offset` on. The stream has exactly `size - offset` bytes or fails with an `ImageError`. It resumes by itself where a
   * connection breaks, and tries mirrors and urls. Whoever reads from an offset checks the digest, since only they have what is before.
   */
  blob(descriptor: Descriptor, offset: number, limits: Limits): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
