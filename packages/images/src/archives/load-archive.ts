/**
 * Takes the images of an archive into a store.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import type { Image } from '../image.js';
import { imageOf, referencesOf } from '../image.js';
import { longestDocument } from '../oci/checked-json.js';
import { Hold } from '../hold.js';
import type { ImageSource, Limits } from '../registry/image-source.js';
import { unfinished } from '../store/durable-file.js';
import type { ImageRecord } from '../store/image-records.js';
import type { Store } from '../store/store.js';
import { storeLock } from '../store/store.js';
import { archiveError } from './archive-error.js';
import type { ArchivedImage } from './archived-image.js';
import type { ArchiveFiles } from './archive-files.js';
import { readSmall } from './archive-files.js';
import { otherTree } from './archive-kind.js';
import { imagesOfDocker } from './docker-archive.js';
import { imagesOfLayout } from './oci-layout.js';
import { openArchive } from './open-archive.js';

/** Takes one image into the store under names, and with a name for errors. */
export type Take = (
  source: ImageSource,
  references: readonly string[],
  name: string,
  limits: Limits,
) => Promise<ImageRecord>;

/** @param reference - the whole name that the image gets, or has in the archive */
export async function loadArchive(
  store: Store,
  source: string | Readable,
  reference: string | undefined,
  limits: Limits,
  take: Take,
): Promise<Image[]> {
  const { locks, leases, layout } = store;
  // As long as it is there, nobody takes the file that is written for a left one.
  const lease = await locks.with(storeLock, limits.signal, () =>
    leases.begin({ kind: 'pull', layers: [], blobs: [] }, limits.signal),
  );
  // Another caller may go on with what this one has begun.
  const hold = new Hold(() => lease.release());
  const leave = hold.take();
  try {
    const place = join(layout.downloads, `load-${randomUUID()}${unfinished}`);
    const files = await openArchive(source, place, limits.signal);
    hold.add(() => files.close());
    const records: ImageRecord[] = [];
    for (const each of chosen(files, await imagesOf(files, limits.signal), reference)) {
      const { references } = each;
      records.push(await take(each.source.endsBy(hold.take()), references, references[0] ?? files.name, limits));
    }
    // Read once: an archive may have a thousand names.
    const names = await referencesOf(store);
    return await Promise.all(records.map((each) => imageOf(store, each, names.get(each.manifest.digest) ?? [])));
  } finally {
    await leave();
  }
}

async function imagesOf(files: ArchiveFiles, signal: AbortSignal): Promise<ArchivedImage[]> {
  const index = await readSmall(files, 'index.json', longestDocument);
  if (index !== undefined) return imagesOfLayout(files, index);
  const manifest = await readSmall(files, 'manifest.json', longestDocument);
  if (manifest !== undefined) return imagesOfDocker(files, manifest, signal);
  throw otherTree(files.name, await files.names());
}

/** A name chooses one of several images, and names one that stands alone. */
function chosen(
  { name }: ArchiveFiles,
  images: readonly ArchivedImage[],
  reference: string | undefined,
): readonly ArchivedImage[] {
  if (images.length === 0) throw archiveError(`${name} has no images`, 'Save the image again.');
  if (reference === undefined) return images;
  const named = images.filter(({ references }) => references.includes(reference));
  const [only] = named.length === 1 || images.length > 1 ? named : images;
  if (only !== undefined) return [{ ...only, references: [reference] }];
  const names = images.flatMap(({ references }) => references).slice(0, 12);
  throw archiveError(
    `${name} has ${images.length} images, none of the name ${reference}`,
    `It has ${names.join(', ') || 'none with a name'}.`,
  );
}
