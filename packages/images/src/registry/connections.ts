/**
 * Connections to hosts, by the proxies of the environment.
 *
 * @module
 */
import * as tls from 'node:tls';

import type { Dispatcher } from 'undici';
import { Agent, EnvHttpProxyAgent } from 'undici';

import { bodyOf } from './body.js';
import type { Body } from './body.js';
import { connectionFailure, IdleError, registryError } from './failures.js';
import { isLoopback } from './loopback.js';
import type { TlsOptions } from './registry-options.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tls?: TlsOptions | undefined;
}

/** An answer. Its body has to be read, or destroyed. */
export interface Answer {
  /** Who has answered, which redirects may have changed. */
  readonly url: URL;
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: Body;
}

const connectMs = 30_000;

interface Agents {
  /** To this machine no proxy leads. */
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

export class Connections {
  readonly #agents = new Map<TlsOptions | undefined, Agents>();
  readonly #idleMs: number;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(idleMs: number, environment: Readonly<Record<string, string | undefined>>) {
    this.#idleMs = idleMs;
    this.#environment = environment;
  }

  /**
   * One request, which is not redirected.
   *
   * @throws Interruption: the connection fails; or the reason of the signal
   */
  async send(url: URL, { method, headers, body, tls }: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const { direct, proxied } = this.#agentsFor(tls);
    const idle = new AbortController();
    const timer = setTimeout(() => idle.abort(new IdleError()), this.#idleMs);
    try {
      const answer = await (isLoopback(url.hostname) ? direct : proxied).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'hostcompute-images', ...headers },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.any([signal, idle.signal]),
      });
      return {
        url,
        status: answer.statusCode,
        header: (name) => firstOf(answer.headers[name]),
        body: bodyOf(answer.body, { host: url.host, idleMs: this.#idleMs, signal }),
      };
    } catch (error) {
      signal.throwIfAborted();
      throw connectionFailure(url.host, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    const all = [...this.#agents.values()].flatMap(({ direct, proxied }) => [direct, proxied]);
    this.#agents.clear();
    await Promise.all(all.map((agent) => agent.destroy()));
  }

  #agentsFor(tls: TlsOptions | undefined): Agents {
    let agents = this.#agents.get(tls);
    if (agents === undefined) this.#agents.set(tls, (agents = this.#makeAgents(tls)));
    return agents;
  }

  #makeAgents(options: TlsOptions | undefined): Agents {
    const secure = options === undefined ? {} : secureOptions(options);
    // Ours are exact, and do not run while nobody reads.
    const limits = { headersTimeout: 0, bodyTimeout: 0 };
    const connect = { ...secure, timeout: connectMs };
    const env = this.#environment;
    return {
      direct: new Agent({ ...limits, connect }),
      proxied: new EnvHttpProxyAgent({
        ...limits,
        connect,
        requestTls: connect,
        // '' is none: what is not given would be taken from process.env.
        httpProxy: proxyOf(env, ['http_proxy', 'HTTP_PROXY']),
        httpsProxy: proxyOf(env, ['https_proxy', 'HTTPS_PROXY']),
        noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
      }),
    };
  }
}

function proxyOf(env: Readonly<Record<string, string | undefined>>, names: readonly string[]): string {
  const name = names.find((each) => env[each] !== undefined);
  const text = name === undefined ? '' : env[name]!;
  if (name === undefined || text === '' || URL.canParse(text)) return text;
  throw registryError(`the environment variable ${name} is no URL`, 'Write it like http://proxy.example:3128');
}

function secureOptions({
  ca,
  cert,
  key,
  skipVerify,
}: TlsOptions): tls.SecureContextOptions & tls.CommonConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca: [...trusted(), ...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(skipVerify === true ? { rejectUnauthorized: false } : {}),
  };
}

// With those of NODE_EXTRA_CA_CERTS where this Node can tell them.
function trusted(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
