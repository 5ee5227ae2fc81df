/**
 * What documents of images say of one another and of blobs.
 *
 * @module
 */

/** The digest of bytes, as documents, registries and folders write it. */
export type Digest = `sha256:${string}`;

/** What an image runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** Of Windows: major, minor, build and revision, `10.0.20348.2966`. */
  readonly osVersion?: string;
  /** Of Windows: `win32k` where the image has the whole of it. */
  readonly osFeatures?: readonly string[];
  readonly variant?: string;
}

/** Names bytes that are elsewhere, by their digest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  /** Where else the bytes are: foreign layers have them. */
  readonly urls?: readonly string[];
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Whether a text is a digest that this package can check. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The name of a blob's file: the digest without its algorithm. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
