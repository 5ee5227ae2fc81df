/**
 * The images of an archive in the layout of OCI.
 *
 * @module
 */
import { CheckedJson, longestDocument } from '../oci/checked-json.js';
import { digestOf } from '../oci/chain-id.js';
import type { Descriptor } from '../oci/descriptor.js';
import { descriptorOf } from '../oci/manifest.js';
import { mediaTypes } from '../oci/media-types.js';
import { parseReference } from '../reference.js';
import { archiveError } from './archive-error.js';
import type { ArchivedImage } from './archived-image.js';
import { ArchivedSource, blobPath } from './archived-image.js';
import type { ArchiveFiles } from './archive-files.js';
import { readSmall } from './archive-files.js';

const mostImages = 1000;
const longestVersion = 4096;

/** @param index - the bytes of index.json */
export async function imagesOfLayout(files: ArchiveFiles, index: Buffer): Promise<ArchivedImage[]> {
  await checkVersion(files);
  const json = CheckedJson.parse(index, `index.json of ${files.name}`);
  const named = new Map<string, Descriptor[]>();
  for (const descriptor of json.member('manifests').list(mostImages, (item) => descriptorOf(item))) {
    const name = referenceOf(descriptor) ?? '';
    named.set(name, [...(named.get(name) ?? []), descriptor]);
  }
  const images: ArchivedImage[] = [];
  for (const [name, descriptors] of named) {
    const references = name === '' ? [] : [name];
    // Several of one name are one image for several platforms.
    const isOne = descriptors.length > 1 && descriptors.every(({ platform }) => platform !== undefined);
    if (isOne) images.push({ references, source: sourceOfIndex(files, descriptors) });
    else for (const each of descriptors) images.push({ references, source: await sourceOf(files, each) });
  }
  return images;
}

/** An archive without the file is taken for one of version 1, as other tools do. */
async function checkVersion(files: ArchiveFiles): Promise<void> {
  const bytes = await readSmall(files, 'oci-layout', longestVersion);
  if (bytes === undefined) return;
  const version = CheckedJson.parse(bytes, `oci-layout of ${files.name}`).member('imageLayoutVersion').text();
  if (/^1\.\d+\.\d+$/.test(version)) return;
  const what = `is an OCI layout of version ${JSON.stringify(version.slice(0, 40))}, and only version 1 is known`;
  throw archiveError(`${files.name} ${what}`, 'Save it in version 1.0.0.');
}

async function sourceOf(files: ArchiveFiles, descriptor: Descriptor): Promise<ArchivedSource> {
  const path = blobPath(descriptor.digest);
  const bytes = await readSmall(files, path, longestDocument);
  if (bytes === undefined || digestOf(bytes) !== descriptor.digest) {
    const what = bytes === undefined ? `has no ${path}` : `${path} has not that digest`;
    throw archiveError(`${files.name} ${what}`, 'Save or copy the archive again.');
  }
  return new ArchivedSource(files, { descriptor, bytes });
}

/** An index of those that there are, as a registry would have it. */
function sourceOfIndex(files: ArchiveFiles, descriptors: readonly Descriptor[]): ArchivedSource {
  const manifests = descriptors.map(({ mediaType, digest, size, platform }) => ({
    mediaType,
    digest,
    size,
    platform: {
      os: platform?.os,
      architecture: platform?.architecture,
      'os.version': platform?.osVersion,
      'os.features': platform?.osFeatures,
      variant: platform?.variant,
    },
  }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
  const descriptor = { mediaType: mediaTypes.index, digest: digestOf(bytes), size: bytes.length };
  return new ArchivedSource(files, { descriptor, bytes });
}

/** The whole name. What is a tag alone, as skopeo writes it, names nothing. */
function referenceOf({ annotations = {} }: Descriptor): string | undefined {
  const given = annotations['io.containerd.image.name'] ?? annotations['org.opencontainers.image.ref.name'];
  if (given === undefined || !/[/:]/.test(given)) return undefined;
  return parseReference(given).name;
}
