/**
 * Manifests, indexes and configurations, of which every byte is checked before anything is read in them.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { longestDocument } from '../oci/checked-json.js';
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { isDigest } from '../oci/descriptor.js';
import { mediaTypes } from '../oci/media-types.js';
import { readBody } from './body.js';
import type { Answer } from './connections.js';
import { contentError, quoted, registryError } from './failures.js';
import type { ResolvedDocument } from './image-source.js';
import type { RegistryHost } from './registry-host.js';

const manifestTypes: readonly string[] = [
  mediaTypes.index,
  mediaTypes.dockerIndex,
  mediaTypes.manifest,
  mediaTypes.dockerManifest,
];

/** Without all of them a registry that has an index says that it has nothing. */
const accept = manifestTypes.join(', ');

/** What a tag, or a digest, names. */
export async function resolveAt(
  host: RegistryHost,
  repository: string,
  name: { readonly tag?: string; readonly digest?: Digest },
  signal: AbortSignal,
): Promise<ResolvedDocument> {
  const what = name.digest ?? name.tag ?? 'latest';
  const answer = await host.get(`${repository}/manifests/${what}`, { accept }, [], signal);
  const bytes = await readWhole(answer, `the manifest ${what}`, longestDocument);
  const digest = digestOf(bytes);
  const promised = name.digest ?? answer.header('docker-content-digest');
  // One of another kind cannot be compared.
  if (isDigest(promised) && promised !== digest) throw wrongDigest(answer, `the manifest ${what}`, promised, digest);
  return { descriptor: { mediaType: mediaTypeOf(answer, bytes), digest, size: bytes.length }, bytes };
}

/** What a descriptor names. */
export async function documentAt(
  host: RegistryHost,
  repository: string,
  { mediaType, digest, size }: Descriptor,
  signal: AbortSignal,
): Promise<Buffer> {
  const isManifest = manifestTypes.includes(mediaType);
  const what = `${isManifest ? 'the manifest' : 'the configuration'} ${digest}`;
  if (size > longestDocument) throw contentError(`${what} has ${size} bytes, and at most ${longestDocument} are read`);
  const path = `${repository}/${isManifest ? 'manifests' : 'blobs'}/${digest}`;
  const headers = isManifest ? { accept } : {};
  const answer = await host.get(path, headers, [], signal);
  const bytes = await readWhole(answer, what, size);
  if (bytes.length !== size) {
    throw contentError(`${answer.url.host} sends ${bytes.length} bytes for ${what}, which has ${size}`);
  }
  const sent = digestOf(bytes);
  if (sent !== digest) throw wrongDigest(answer, what, digest, sent);
  return bytes;
}

async function readWhole(answer: Answer, what: string, most: number): Promise<Buffer> {
  refuseEncoding(answer, what);
  return readBody(answer, most, what);
}

/** Digests are of the bytes as they are, so that they are asked for as they are. */
export function refuseEncoding(answer: Answer, what: string): void {
  const encoding = answer.header('content-encoding');
  if (encoding === undefined || encoding === '' || encoding === 'identity') return;
  answer.body.destroy();
  throw registryError(
    `${answer.url.host} encodes ${what} by ${quoted(encoding)}, which has not been asked for`,
    'Check for a proxy that compresses what passes it',
  );
}

function digestOf(bytes: Buffer): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function wrongDigest({ url }: Answer, what: string, promised: string, sent: string): Error {
  return contentError(`${url.host} sends something else for ${what}: it must have ${promised}, and has ${sent}`);
}

function mediaTypeOf(answer: Answer, bytes: Buffer): string {
  const said = answer.header('content-type')?.replace(/;.*$/s, '').trim().toLowerCase() ?? '';
  if (manifestTypes.includes(said)) return said;
  try {
    const { mediaType } = JSON.parse(bytes.toString('utf8')) as { mediaType?: unknown };
    if (typeof mediaType === 'string') return mediaType;
  } catch {
    // Whoever reads the document says what is wrong with it.
  }
  return said;
}
