// Images of a few files, made for tests.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';

import type { Descriptor, Digest } from '../../src/oci/descriptor.js';

export const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
export const hexOf = (bytes: Uint8Array): string => digestOf(bytes).slice('sha256:'.length);

/** An entry of a tar: a file with its content, a folder, or a link. */
export type Entry = readonly [name: string, content: string | Uint8Array | null, more?: Partial<Header>];

export async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, content, more = {}] of entries) {
    const header = { name, mtime: new Date(1_700_000_000_000), ...more };
    if (content === null) tar.entry({ type: 'directory', ...header });
    else tar.entry(header, Buffer.from(content as string));
  }
  tar.finalize();
  return buffer(tar);
}

const asFolder = { pax: { 'MSWINDOWS.fileattr': '16' } } as Partial<Header>;
const asFile = { pax: { 'MSWINDOWS.fileattr': '32' } } as Partial<Header>;

/** A layer of Windows with files by their names below `Files`. */
export function layerOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, content]): Entry => [`Files/${name}`, content, asFile]);
  return tarOf([['Files/', null, asFolder], ...entries]);
}

export interface BuiltImage {
  readonly manifest: Descriptor;
  readonly configuration: Descriptor;
  /** The base first. */
  readonly layers: readonly Descriptor[];
  /** By digest. */
  readonly blobs: ReadonlyMap<Digest, Buffer>;
  /** The tars, the base first. */
  readonly tars: readonly Buffer[];
}

export interface BuildOptions {
  readonly os?: string;
  readonly architecture?: string;
  readonly osVersion?: string;
  readonly compress?: (tar: Buffer) => Buffer;
  /** Members in place of those of the configuration. */
  readonly configuration?: object;
  /** Members in place of those of the manifest. */
  readonly manifest?: object;
}

export const built: readonly string[] = ['base', 'middle', 'top'];

/** An image of three layers. */
export async function builtImage(options: BuildOptions = {}): Promise<BuiltImage> {
  const tars = await Promise.all(built.map((name) => layerOf({ [`${name}.txt`]: name })));
  return imageOf(tars, options);
}

export function imageOf(tars: readonly Buffer[], options: BuildOptions = {}): BuiltImage {
  const { os = 'windows', architecture = 'amd64', osVersion = '10.0.20348.2966', compress = gzipSync } = options;
  const blobs = new Map<Digest, Buffer>();
  const put = (bytes: Buffer, mediaType: string): Descriptor => {
    blobs.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const layers = tars.map((tar) => put(compress(tar), 'application/vnd.oci.image.layer.v1.tar+gzip'));
  const document = {
    created: '2024-05-01T12:00:00Z',
    os,
    architecture,
    'os.version': osVersion,
    config: { Cmd: ['c:\\windows\\system32\\cmd.exe'], Env: ['PATH=c:\\windows'] },
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: tars.map((_, i) => ({ created_by: `step ${String(i)}` })),
    ...options.configuration,
  };
  const configuration = put(Buffer.from(JSON.stringify(document)), 'application/vnd.oci.image.config.v1+json');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const body = { schemaVersion: 2, mediaType, config: configuration, layers, ...options.manifest };
  const manifest = put(Buffer.from(JSON.stringify(body)), mediaType);
  return { manifest, configuration, layers, blobs, tars };
}

/** A layout of OCI with the image under a name. */
export async function writeLayout(folder: string, image: BuiltImage, name?: string): Promise<string> {
  for (const [path, bytes] of layoutFiles([[name, image]])) {
    const place = join(folder, ...path.split('/'));
    await mkdir(join(place, '..'), { recursive: true });
    await writeFile(place, bytes);
  }
  return folder;
}

export function layoutFiles(
  images: readonly (readonly [name: string | undefined, image: BuiltImage])[],
): Map<string, Buffer> {
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]]);
  const manifests = images.map(([name, { manifest }]) => ({
    ...manifest,
    ...(name !== undefined && { annotations: { 'io.containerd.image.name': name } }),
  }));
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })));
  for (const [, { blobs }] of images) {
    for (const [digest, bytes] of blobs) files.set(`blobs/${digest.replace(':', '/')}`, bytes);
  }
  return files;
}

/** The same as a tar. */
export function layoutTar(images: Parameters<typeof layoutFiles>[0]): Promise<Buffer> {
  return tarOf([...layoutFiles(images)].map(([name, bytes]): Entry => [name, bytes]));
}
