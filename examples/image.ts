// What an image is made of: a folder in the layout of OCI, or a tar that `docker save` wrote, which has the same or the older form.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Host } from 'hostcompute';
import { extract } from 'tar-stream';

/** One layer, from the base upwards. */
export interface ImageLayer {
  readonly path: string;
  /** Of the archive as it is stored; older tars do not say. */
  readonly digest?: string;
  /** Of the archive when it is decompressed. */
  readonly diffId?: string;
}

export interface Image {
  readonly os: string;
  /** Such as `10.0.20348.2700`. */
  readonly osVersion?: string;
  /** What the image says to run, for `documents.processFromOciImage()`. */
  readonly configuration: object;
  readonly layers: readonly ImageLayer[];
}

interface Configuration {
  readonly os?: string;
  readonly 'os.version'?: string;
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

interface Descriptor {
  readonly digest: string;
  readonly platform?: { readonly os?: string };
}

/**
 * @param source - a folder, or a tar, which is unpacked below `place`
 */
export async function readImage(source: string, place: string): Promise<Image> {
  const folder = (await stat(source)).isDirectory() ? source : await unpacked(source, join(place, 'image'));
  const index = await read<{ readonly manifests: readonly Descriptor[] }>(folder, 'index.json');
  if (index !== undefined) return fromLayout(folder, index.manifests);
  const saved = await read<readonly { readonly Config: string; readonly Layers: readonly string[] }[]>(
    folder,
    'manifest.json',
  );
  if (saved?.[0] === undefined) throw new Error(`${source} is no image: it has neither index.json nor manifest.json`);
  const { Config, Layers } = saved[0];
  return described(
    await needed<Configuration>(folder, Config),
    Layers.map((path) => ({ path: within(folder, path) })),
  );
}

/** What runs process-isolated: the same build; the revision does not matter from 20348 on. */
export function checkPlatform(source: string, { os, osVersion }: Image, host: Host): void {
  if (os !== 'windows')
    throw new Error(`${source} is an image of ${os}: a process-isolated container needs one of windows`);
  if (host.kind !== 'windows' || osVersion === undefined) return;
  const [own, image] = [release(), osVersion].map((version) => Number(version.split('.')[2]));
  if (image! > own! || (own! < 20348 && image !== own)) {
    throw new Error(
      `${source} is of Windows ${osVersion}, and this host is ${release()}: use an image of the same build`,
    );
  }
}

/** An index may name others, one for each platform. */
async function fromLayout(folder: string, manifests: readonly Descriptor[]): Promise<Image> {
  const chosen = manifests.find(({ platform }) => platform?.os === 'windows') ?? manifests[0];
  if (chosen === undefined) throw new Error(`${folder}: index.json names no image`);
  const manifest = await needed<{
    readonly manifests?: readonly Descriptor[];
    readonly config?: Descriptor;
    readonly layers?: readonly Descriptor[];
  }>(folder, blob(chosen));
  if (manifest.manifests !== undefined) return fromLayout(folder, manifest.manifests);
  const layers = (manifest.layers ?? []).map((each) => ({ path: within(folder, blob(each)), digest: each.digest }));
  return described(await needed<Configuration>(folder, blob(manifest.config!)), layers);
}

function described(configuration: Configuration, layers: readonly ImageLayer[]): Image {
  const { os = 'unknown', 'os.version': osVersion, rootfs } = configuration;
  const diffIds = rootfs?.diff_ids ?? [];
  return {
    os,
    ...(osVersion !== undefined && { osVersion }),
    configuration,
    layers: layers.map((layer, index) => {
      const diffId = diffIds[index];
      return diffId === undefined ? layer : { ...layer, diffId };
    }),
  };
}

function blob({ digest }: Descriptor): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`"${digest}" is no digest by SHA-256`);
  return `blobs/${digest.replace(':', '/')}`;
}

// An image is not trusted: what it names has to be in its own folder.
function within(folder: string, path: string): string {
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(path) || path.split('/').includes('..')) {
    throw new Error(`"${path}" is no path of a file in an image`);
  }
  return join(folder, path);
}

async function read<T>(folder: string, path: string): Promise<T | undefined> {
  const text = await readFile(within(folder, path), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

async function needed<T>(folder: string, path: string): Promise<T> {
  const value = await read<T>(folder, path);
  if (value === undefined) throw new Error(`${folder} has no ${path}`);
  return value;
}

async function unpacked(tar: string, folder: string): Promise<string> {
  const archive = extract();
  createReadStream(tar)
    .on('error', (error) => archive.destroy(error))
    .pipe(archive);
  for await (const entry of archive) {
    const { name, type } = entry.header;
    if (type === 'file') {
      const path = within(folder, name.replace(/^\.\//, ''));
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path, { flags: 'wx' }));
    } else entry.resume();
  }
  return folder;
}
