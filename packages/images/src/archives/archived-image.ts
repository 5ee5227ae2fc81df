/**
 * An image in an archive, as a source like a registry.
 *
 * @module
 */
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { hexOf } from '../oci/descriptor.js';
import { longestDocument } from '../oci/checked-json.js';
import { isForeignLayer } from '../oci/media-types.js';
import type { ImageSource, ResolvedDocument } from '../registry/image-source.js';
import { archiveError } from './archive-error.js';
import type { ArchiveFiles } from './archive-files.js';
import { readSmall } from './archive-files.js';

/** An image of an archive, and the names that it has there. */
export interface ArchivedImage {
  readonly references: readonly string[];
  readonly source: ArchivedSource;
}

export class ArchivedSource implements ImageSource {
  readonly #files: ArchiveFiles;
  readonly #root: ResolvedDocument;
  /** Where blobs are that are not among those by digest. */
  readonly #paths: ReadonlyMap<Digest, string>;
  #end: () => Promise<void> = () => Promise.resolve();

  constructor(files: ArchiveFiles, root: ResolvedDocument, paths: ReadonlyMap<Digest, string> = new Map()) {
    this.#files = files;
    this.#root = root;
    this.#paths = paths;
  }

  resolve(): Promise<ResolvedDocument> {
    return Promise.resolve(this.#root);
  }

  /** Its digest is checked by whoever takes it. */
  async document(descriptor: Descriptor): Promise<Buffer> {
    const bytes = await readSmall(this.#files, this.#pathOf(descriptor), longestDocument);
    return bytes ?? this.#missing(descriptor);
  }

  async *blob(descriptor: Descriptor, offset: number): AsyncIterable<Uint8Array> {
    const path = this.#pathOf(descriptor);
    const size = await this.#files.sizeOf(path);
    if (size === undefined) this.#missing(descriptor);
    if (size !== descriptor.size) {
      const what = `has ${size} bytes, and not the ${descriptor.size} that it is said to have`;
      throw archiveError(`${this.#files.name}: ${path} ${what}`, 'Save or copy the archive again.');
    }
    yield* this.#files.read(path, offset);
  }

  /** @param end - called when nobody reads from it any more */
  endsBy(end: () => Promise<void>): this {
    this.#end = end;
    return this;
  }

  close(): Promise<void> {
    return this.#end();
  }

  #pathOf({ digest }: Descriptor): string {
    return this.#paths.get(digest) ?? blobPath(digest);
  }

  #missing({ digest, mediaType }: Descriptor): never {
    const remedy = isForeignLayer(mediaType)
      ? 'It is a foreign layer, which archives leave out: pull the image from its registry.'
      : 'Save or copy the archive again.';
    throw archiveError(`${this.#files.name} has no ${blobPath(digest)}`, remedy);
  }
}

export function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}
