/**
 * Tokens of registries, from the server that a challenge names.
 *
 * @module
 */
import { readBody } from './body.js';
import type { Answer, Connections } from './connections.js';
import type { Endpoint } from './endpoints.js';
import { quoted, registryError } from './failures.js';
import { follow } from './follow.js';
import type { Credentials } from './registry-options.js';
import { refuseOverload } from './overload.js';

export interface TokenRequest {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
}

export interface Token {
  readonly text: string;
  /** By `performance.now()`. */
  readonly until: number;
  /** A request with it has been answered. */
  used: boolean;
}

export interface TokenOptions {
  readonly endpoint: Endpoint;
  readonly connections: Connections;
  readonly credentials: Credentials | undefined;
  readonly signal: AbortSignal;
}

const longestAnswer = 256 * 1024;
// What the specification says of a token that says nothing.
const usualSeconds = 60;
const longestMarginMs = 10_000;

export function basicOf(credentials: Credentials): string {
  const [name, secret] =
    'identityToken' in credentials ? ['', credentials.identityToken] : [credentials.username, credentials.password];
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

/**
 * A token, or nothing where the server refuses it.
 *
 * @throws Interruption, ImageError
 */
export async function fetchToken(request: TokenRequest, options: TokenOptions): Promise<Token | undefined> {
  const realm = realmOf(request, options.endpoint);
  const { credentials } = options;
  const answer =
    (credentials === undefined ? undefined : await post(realm, request, credentials, options)) ??
    (await get(realm, request, options));
  if (answer.status === 401 || answer.status === 403) {
    answer.body.destroy();
    return undefined;
  }
  refuseOverload(answer);
  if (answer.status !== 200) {
    answer.body.destroy();
    throw registryError(`${realm.host} answers ${answer.status} in place of a token`, 'Check the registry');
  }
  const began = performance.now();
  return parseToken(await readBody(answer, longestAnswer, 'the token'), realm.host, began);
}

// Where the registry is asked by https, so is whoever gets the password.
function realmOf({ realm }: TokenRequest, { url, host }: Endpoint): URL {
  const parsed = URL.canParse(realm, url) ? new URL(realm, url) : undefined;
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && url.startsWith('http:'))) return parsed;
  throw registryError(`${host} says that tokens come from ${quoted(realm)}`, 'Check the registry');
}

// OAuth, which not all servers know: these are asked in the older way.
async function post(
  realm: URL,
  { service = '', scopes }: TokenRequest,
  credentials: Credentials,
  { connections, endpoint, signal }: TokenOptions,
): Promise<Answer | undefined> {
  const form = new URLSearchParams({ service, scope: scopes.join(' '), client_id: 'hostcompute-images' });
  if ('identityToken' in credentials) {
    form.set('grant_type', 'refresh_token');
    form.set('refresh_token', credentials.identityToken);
  } else {
    form.set('grant_type', 'password');
    form.set('username', credentials.username);
    form.set('password', credentials.password);
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const tls = tlsFor(realm, endpoint);
  const answer = await connections.send(realm, { method: 'POST', headers, body: form.toString(), tls }, signal);
  if (answer.status < 300 || answer.status === 429 || answer.status >= 500) return answer;
  answer.body.destroy();
  return undefined;
}

async function get(
  realm: URL,
  { service, scopes }: TokenRequest,
  { connections, credentials, endpoint, signal }: TokenOptions,
): Promise<Answer> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const personal: Record<string, string> = credentials === undefined ? {} : { authorization: basicOf(credentials) };
  return follow(connections, url, { headers: {}, tls: tlsFor(url, endpoint) }, { headers: personal }, signal);
}

// What the configuration says of the registry's own host.
function tlsFor(url: URL, { url: registry, tls }: Endpoint): Endpoint['tls'] {
  return url.origin === new URL(registry).origin ? tls : undefined;
}

function parseToken(bytes: Buffer, host: string, began: number): Token {
  let answer: unknown;
  try {
    answer = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw registryError(`${host} gives a token that is no JSON`, 'Check the registry');
  }
  const { token, access_token: other, expires_in: seconds } = (answer ?? {}) as Record<string, unknown>;
  const text = typeof token === 'string' && token !== '' ? token : other;
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) {
    throw registryError(`${host} answers without a token`, 'Check the registry');
  }
  const lifetimeMs = (typeof seconds === 'number' && seconds > 0 ? seconds : usualSeconds) * 1000;
  // It is on its way for a while, and so is the request that has it.
  return { text, until: began + lifetimeMs - Math.min(longestMarginMs, lifetimeMs / 4), used: false };
}
