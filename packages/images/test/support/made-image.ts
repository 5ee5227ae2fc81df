// Images that tests make and push: bytes with their descriptors.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { pack } from 'tar-stream';

import type { Descriptor, Digest, Platform } from '../../src/oci/descriptor.js';
import { mediaTypes } from '../../src/oci/media-types.js';

export interface Content {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** A manifest and what it names. */
export interface MadeImage {
  readonly manifest: Content;
  readonly configuration: Content;
  readonly layers: readonly Content[];
}

/** An index and the images in it. */
export interface MadeIndex {
  readonly index: Content;
  readonly images: readonly MadeImage[];
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function content(mediaType: string, bytes: Buffer, rest: Partial<Descriptor> = {}): Content {
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, ...rest }, bytes };
}

/** As documents write it. */
export function platformJson({ os, architecture, osVersion, osFeatures, variant }: Platform): object {
  return { architecture, os, 'os.version': osVersion, 'os.features': osFeatures, variant };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function descriptorJson({ platform, ...rest }: Descriptor): object {
  return platform === undefined ? rest : { ...rest, platform: platformJson(platform) };
}

/** A tar with files of these contents below `Files`, as layers of Windows have them. */
export async function layerTar(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const tar = pack();
  const pieces: Buffer[] = [];
  const read = (async () => {
    for await (const piece of tar as AsyncIterable<Buffer>) pieces.push(piece);
  })();
  const mtime = new Date(0);
  tar.entry({ name: 'Files', type: 'directory', mtime });
  for (const [name, text] of Object.entries(files)) tar.entry({ name: `Files/${name}`, mtime }, text);
  tar.finalize();
  await read;
  return Buffer.concat(pieces);
}

/** @param tars - the base first; they are compressed */
export function makeImage(platform: Platform, tars: readonly Buffer[]): MadeImage {
  const layers = tars.map((tar) => content(mediaTypes.layerGzip, gzipSync(tar)));
  const rootfs = { type: 'layers', diff_ids: tars.map(digestOf) };
  const configuration = content(
    mediaTypes.configuration,
    json({ created: '2026-01-02T03:04:05Z', ...platformJson(platform), config: {}, rootfs }),
  );
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: configuration.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  return { manifest: content(mediaTypes.manifest, manifest, { platform }), configuration, layers };
}

export function makeIndex(images: readonly MadeImage[]): MadeIndex {
  const manifests = images.map(({ manifest }) => descriptorJson(manifest.descriptor));
  const document = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  return { index: content(mediaTypes.index, json(document)), images };
}

/** Four builds of Windows, Linux, and an attestation, which is no image. */
export async function makeUsualIndex(): Promise<MadeIndex> {
  const windows = (osVersion: string, rest: Partial<Platform> = {}): Platform => ({
    os: 'windows',
    architecture: 'amd64',
    osVersion,
    ...rest,
  });
  const platforms: Platform[] = [
    windows('10.0.17763.6414'),
    windows('10.0.20348.866'),
    windows('10.0.20348.3091'),
    windows('10.0.26100.1742', { osFeatures: ['win32k'] }),
    { os: 'linux', architecture: 'amd64' },
    { os: 'unknown', architecture: 'unknown' },
  ];
  const images = platforms.map(async (platform) => {
    const name = platform.osVersion ?? platform.os;
    const base = await layerTar({ 'base.txt': `the base of ${name}\n`, 'random.bin': noise(name, 200_000) });
    return makeImage(platform, [base, await layerTar({ 'top.txt': `the top of ${name}\n` })]);
  });
  return makeIndex(await Promise.all(images));
}

/** Bytes that cannot be compressed, the same for the same seed. */
export function noise(seed: string, length: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at * 64 < length; at += 1) pieces.push(createHash('sha512').update(`${seed} ${at}`).digest());
  return Buffer.concat(pieces).subarray(0, length);
}
