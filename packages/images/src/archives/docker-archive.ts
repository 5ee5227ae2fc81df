/**
 * The images of a tar that `docker save` wrote: in its old form, and in the one with blobs that has no index.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { CheckedJson, longestDocument } from '../oci/checked-json.js';
import { digestOf } from '../oci/chain-id.js';
import { parseConfiguration } from '../oci/configuration.js';
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { mediaTypes } from '../oci/media-types.js';
import { parseReference } from '../reference.js';
import { archiveError } from './archive-error.js';
import type { ArchivedImage } from './archived-image.js';
import { ArchivedSource } from './archived-image.js';
import type { ArchiveFiles } from './archive-files.js';
import { checkedPath, readSmall } from './archive-files.js';
import { decompressorOf } from './spool.js';

const mostImages = 1000;
const mostNames = 1000;
const mostLayers = 500;

interface Saved {
  readonly configuration: string;
  readonly names: readonly string[];
  readonly layers: readonly string[];
}

/** @param manifest - the bytes of manifest.json */
export async function imagesOfDocker(
  files: ArchiveFiles,
  manifest: Buffer,
  signal: AbortSignal,
): Promise<ArchivedImage[]> {
  const json = CheckedJson.parse(manifest, `manifest.json of ${files.name}`);
  const saved = json.list(mostImages, (item): Saved => {
    const path = (text: CheckedJson): string => checkedPath(files.name, text.text());
    return {
      configuration: path(item.member('Config')),
      names: item.optional('RepoTags', (tags) => tags.list(mostNames, (tag) => tag.text())) ?? [],
      layers: item.optional('Layers', (layers) => layers.list(mostLayers, path)) ?? [],
    };
  });
  // Images of one archive share layers.
  const known = new Map<string, Promise<Descriptor>>();
  const images: ArchivedImage[] = [];
  for (const each of saved) images.push(await imageOf(files, each, known, signal));
  return images;
}

/** Makes the manifest that the image would have in a registry. */
async function imageOf(
  files: ArchiveFiles,
  saved: Saved,
  known: Map<string, Promise<Descriptor>>,
  signal: AbortSignal,
): Promise<ArchivedImage> {
  const bytes = await readSmall(files, saved.configuration, longestDocument);
  if (bytes === undefined) throw archiveError(`${files.name} has no ${saved.configuration}`, 'Save the image again.');
  const digest = digestOf(bytes);
  const { diffIds } = parseConfiguration(bytes, digest);
  const paths = new Map<Digest, string>([[digest, saved.configuration]]);
  const layers: Descriptor[] = [];
  for (const [index, path] of saved.layers.entries()) {
    const described = known.get(path) ?? describe(files, path, diffIds[index], signal);
    known.set(path, described);
    const layer = await described;
    paths.set(layer.digest, path);
    layers.push(layer);
  }
  const config = { mediaType: mediaTypes.dockerConfiguration, digest, size: bytes.length };
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers }));
  const descriptor = { mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length };
  const references = saved.names.map((name) => parseReference(name).name);
  return { references, source: new ArchivedSource(files, { descriptor, bytes: manifest }, paths) };
}

/** The digest of a layer that is not compressed is the one that the configuration has, which is checked when it is read. */
async function describe(
  files: ArchiveFiles,
  path: string,
  diffId: Digest | undefined,
  signal: AbortSignal,
): Promise<Descriptor> {
  const size = await files.sizeOf(path);
  if (size === undefined) throw archiveError(`${files.name} has no ${path}`, 'Save the image again.');
  let hash: ReturnType<typeof createHash> | undefined;
  let mediaType: string = mediaTypes.layer;
  for await (const chunk of files.read(path)) {
    signal.throwIfAborted();
    if (hash === undefined) {
      const head = Buffer.from(chunk);
      if (decompressorOf(head) === undefined && diffId !== undefined) return { mediaType, digest: diffId, size };
      if (head[0] === 0x1f) mediaType = mediaTypes.layerGzip;
      else if (head[0] === 0x28) mediaType = mediaTypes.layerZstd;
      hash = createHash('sha256');
    }
    hash.update(chunk);
  }
  if (hash === undefined) throw archiveError(`${files.name}: ${path} is empty`, 'Save the image again.');
  return { mediaType, digest: `sha256:${hash.digest('hex')}`, size };
}
