// A registry that does as it is told: what nobody has changed it does as others do.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions } from 'node:https';

import type { Content } from './made-image.js';
import type { Served } from './served.js';
import { serve } from './served.js';

export interface Asked {
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** Answers one request, or says that it should be answered as usual. */
export type Lie = (request: IncomingMessage, response: ServerResponse, turn: number) => unknown;

export interface LyingRegistry extends Served {
  /** What was asked, in order. */
  readonly asked: readonly Asked[];
}

export interface LyingOptions {
  /** By tags. */
  readonly tags?: Readonly<Record<string, Content>>;
  readonly contents?: readonly Content[];
  /** `turn` counts the requests that it has got, from 0. */
  readonly lie?: Lie;
  readonly secure?: ServerOptions;
}

export async function startLyingRegistry({
  tags = {},
  contents = [],
  lie,
  secure,
}: LyingOptions): Promise<LyingRegistry> {
  const asked: Asked[] = [];
  const all = [...contents, ...Object.values(tags)];
  const server = await serve((request, response) => {
    const path = request.url ?? '';
    const turn = asked.push({ path, headers: request.headers }) - 1;
    if (lie !== undefined && lie(request, response, turn) !== 'usual') return;
    const name = /\/v2\/.+\/(?:manifests|blobs)\/([^/?]+)/.exec(path)?.[1] ?? '';
    const found = tags[name] ?? all.find(({ descriptor }) => descriptor.digest === name);
    if (found === undefined) {
      const errors = [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }];
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
    } else send(request, response, found);
  }, secure);
  return Object.assign(server, { asked });
}

/** A blob or a document, or the part of it that is asked for. */
export function send(request: IncomingMessage, response: ServerResponse, { descriptor, bytes }: Content): void {
  const at = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
  const headers = { 'content-type': descriptor.mediaType, etag: `"${descriptor.digest}"` };
  if (at < 0) {
    response.writeHead(200, { ...headers, 'content-length': bytes.length, 'docker-content-digest': descriptor.digest });
    response.end(bytes);
  } else if (at >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  } else {
    const range = `bytes ${at}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { ...headers, 'content-length': bytes.length - at, 'content-range': range });
    response.end(bytes.subarray(at));
  }
}
