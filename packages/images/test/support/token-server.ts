// Gives tokens for a name and a password, or to anybody.
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import { serve } from './served.js';

export interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  /** What was asked, in order: method, credentials, and parameters. */
  readonly asked: {
    readonly method: string;
    readonly authorization: string | undefined;
    readonly form: URLSearchParams;
  }[];
}

export interface TokenServerOptions {
  /** The answer to a request that is allowed. */
  readonly give: (form: URLSearchParams) => object | Promise<object>;
  readonly allows?: (request: { authorization: string | undefined; form: URLSearchParams; method: string }) => boolean;
  /** Without OAuth a POST is answered by 405. */
  readonly oauth?: boolean;
}

export async function startTokenServer({ give, allows, oauth = true }: TokenServerOptions): Promise<TokenServer> {
  const asked: TokenServer['asked'] = [];
  const server = await serve(async (request, response) => {
    const form = await formOf(request);
    const { method = '' } = request;
    const { authorization } = request.headers;
    asked.push({ method, authorization, form });
    if (method === 'POST' && !oauth) return void response.writeHead(405).end();
    if (allows?.({ authorization, form, method }) === false) return void response.writeHead(401).end();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await give(form)));
  });
  return { realm: `http://${server.host}/token`, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  if (request.method === 'POST') return new URLSearchParams(await text(request));
  return new URL(request.url ?? '/', 'http://localhost').searchParams;
}
