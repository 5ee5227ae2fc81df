// A registry of this process that has what a test puts into it.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { pack } from 'tar-stream';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface MadePlatform {
  readonly os: string;
  readonly 'os.version'?: string;
}

export class SmallRegistry implements AsyncDisposable {
  readonly #contents = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  readonly #server = createServer((request, response) => {
    this.requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    const { authorization } = request.headers;
    if (this.password !== undefined && authorization !== `Basic ${Buffer.from(this.password).toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const found = this.#contents.get((request.url ?? '').replace(/^\/v2\//, '').replace(/\?.*$/, ''));
    if (request.url === '/v2/') response.writeHead(200).end('{}');
    else if (found === undefined) response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    else response.writeHead(200, { 'content-type': found.type, 'content-length': found.bytes.length }).end(found.bytes);
  });
  readonly requests: string[] = [];
  /** `USER:PASSWORD`, when it wants one. */
  password: string | undefined;

  static async open(): Promise<SmallRegistry> {
    const registry = new SmallRegistry();
    await new Promise<void>((done) => registry.#server.listen(0, '127.0.0.1', done));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An image of one layer, with one file. */
  async image(repository: string, tag: string, platform: MadePlatform, config: object = { Cmd: ['cmd'] }) {
    const layer = await layerTar(`${tag}.txt`);
    const blob = this.#blob(repository, 'application/vnd.oci.image.layer.v1.tar', layer);
    const configuration = {
      ...platform,
      architecture: 'amd64',
      created: '2026-01-02T03:04:05Z',
      config,
      rootfs: { type: 'layers', diff_ids: [blob.digest] },
    };
    const described = this.#blob(repository, 'application/vnd.oci.image.config.v1+json', json(configuration));
    const manifest = { schemaVersion: 2, mediaType: manifestType, config: described, layers: [blob] };
    return this.#manifest(repository, tag, manifestType, json(manifest));
  }

  async index(repository: string, tag: string, platforms: readonly MadePlatform[]): Promise<void> {
    const manifests = [];
    for (const [at, platform] of platforms.entries()) {
      const described = await this.image(repository, `${tag}-${at}`, platform);
      manifests.push({ ...described, platform: { architecture: 'amd64', ...platform } });
    }
    this.#manifest(repository, tag, indexType, json({ schemaVersion: 2, mediaType: indexType, manifests }));
  }

  #blob(repository: string, mediaType: string, bytes: Buffer): Described {
    const digest = digestOf(bytes);
    this.#contents.set(`${repository}/blobs/${digest}`, { type: 'application/octet-stream', bytes });
    return { mediaType, digest, size: bytes.length };
  }

  #manifest(repository: string, tag: string, mediaType: string, bytes: Buffer): Described {
    const digest = digestOf(bytes);
    for (const name of [tag, digest]) this.#contents.set(`${repository}/manifests/${name}`, { type: mediaType, bytes });
    return { mediaType, digest, size: bytes.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function layerTar(file: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'Files', type: 'directory' });
  tar.entry({ name: `Files/${file}` }, file);
  // What a Hyper-V isolated container boots.
  for (const name of ['UtilityVM', 'UtilityVM/Files']) tar.entry({ name, type: 'directory' });
  tar.finalize();
  return buffer(tar);
}
