// A registry on loopback with images of a test's, that counts what it is asked, and waits where it is told.
import type { ServerResponse } from 'node:http';

import type { Descriptor, Digest } from '../../src/oci/descriptor.js';
import type { BuiltImage } from './built-image.js';
import type { LyingRegistry } from './lying-registry.js';
import { send, startLyingRegistry } from './lying-registry.js';
import type { Content } from './made-image.js';

export interface ImageRegistry extends AsyncDisposable {
  /** `127.0.0.1:5000` */
  readonly host: string;
  /** The name of the image. */
  readonly reference: string;
  /** How often each blob was asked for, by the offsets that were asked for. */
  offsetsOf(blob: Descriptor): readonly number[];
  /** Paths in order. */
  readonly paths: readonly string[];
  /** Sends so many bytes of a blob, and then nothing until it is released. */
  hold(blob: Descriptor, bytes?: number): Held;
  /** Sends other bytes than the digest is of. */
  replace(blob: Descriptor, bytes: Buffer): void;
  /** Serves everything as it is again. */
  honest(): void;
}

export interface Held {
  /** Fulfilled when the blob is asked for. */
  readonly reached: Promise<void>;
  release(): void;
}

export async function startImageRegistry(images: Readonly<Record<string, BuiltImage>>): Promise<ImageRegistry> {
  const contents: Content[] = Object.values(images).flatMap(({ blobs }) =>
    [...blobs].map(([digest, bytes]) => ({
      descriptor: { mediaType: typeOf(bytes), digest, size: bytes.length },
      bytes,
    })),
  );
  const tags = Object.fromEntries(
    Object.entries(images).map(([tag, { manifest, blobs }]) => [
      tag,
      { descriptor: manifest, bytes: blobs.get(manifest.digest)! },
    ]),
  );
  const holds = new Map<Digest, (content: Content, response: ServerResponse, at: number) => void>();
  const replaced = new Map<Digest, Buffer>();
  const registry: LyingRegistry = await startLyingRegistry({
    tags,
    contents,
    lie: (request, response) => {
      const digest = /\/blobs\/(sha256:[0-9a-f]{64})/.exec(request.url ?? '')?.[1] as Digest | undefined;
      const found = contents.find(({ descriptor }) => descriptor.digest === digest);
      if (digest === undefined || found === undefined) return 'usual';
      const bytes = replaced.get(digest) ?? found.bytes;
      const hold = holds.get(digest);
      if (hold !== undefined) hold({ ...found, bytes }, response, offsetOf(request.headers.range));
      else send(request, response, { ...found, bytes });
      return undefined;
    },
  });
  return {
    host: registry.host,
    reference: `${registry.host}/app:${Object.keys(images)[0]!}`,
    offsetsOf: ({ digest }) =>
      registry.asked
        .filter(({ path }) => path.includes(`/blobs/${digest}`))
        .map(({ headers }) => offsetOf(headers.range)),
    get paths() {
      return registry.asked.map(({ path }) => path);
    },
    hold({ digest }, bytes = 0) {
      let reach!: () => void;
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const held: (() => void)[] = [];
      holds.set(digest, (content, response, at) => {
        const part = content.bytes.subarray(at, Math.max(bytes, at));
        const status = at === 0 ? 200 : 206;
        const range = { 'content-range': `bytes ${at}-${content.bytes.length - 1}/${content.bytes.length}` };
        response.writeHead(status, { 'content-length': content.bytes.length - at, ...(at > 0 && range) });
        response.flushHeaders();
        response.write(part);
        held.push(() => response.end(content.bytes.subarray(at + part.length)));
        reach();
      });
      return {
        reached,
        release() {
          holds.delete(digest);
          for (const end of held.splice(0)) end();
        },
      };
    },
    replace: ({ digest }, bytes) => void replaced.set(digest, bytes),
    honest() {
      holds.clear();
      replaced.clear();
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

function offsetOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
}

function typeOf(bytes: Buffer): string {
  const text = bytes.subarray(0, 200).toString('latin1');
  if (!text.startsWith('{')) return 'application/octet-stream';
  return text.includes('schemaVersion') ? 'application/vnd.oci.image.manifest.v1+json' : 'application/json';
}
