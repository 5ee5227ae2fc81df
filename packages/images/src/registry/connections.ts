/**
 * Connections to hosts, by the proxies of the environment.
 *
 * @module
 */
import type { Readable } from 'node:stream';
import * as tls from 'node:tls';

import type { Dispatcher } from 'undici';
import { Agent, EnvHttpProxyAgent } from 'undici';

import { connectionFailure } from './failures.js';
import { isLoopback } from './loopback.js';
import type { TlsOptions } from './registry-options.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tls?: TlsOptions | undefined;
}

/** The head of an answer. Its body has to be read to its end, or destroyed. */
export interface Answer {
  /** Who has answered, which redirects may have changed. */
  readonly url: URL;
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: Readable;
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
    try {
      const answer = await (isLoopback(url.hostname) ? direct : proxied).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'hostcompute-images', ...headers },
        ...(body === undefined ? {} : { body }),
        signal,
      });
      // Whoever reads it gets its error; nobody else needs to.
      answer.body.on('error', () => undefined);
      return {
        url,
        status: answer.statusCode,
        header: (name) => firstOf(answer.headers[name]),
        body: answer.body,
      };
    } catch (error) {
      signal.throwIfAborted();
      throw connectionFailure(url.host, error);
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
    const limits = { headersTimeout: this.#idleMs, bodyTimeout: this.#idleMs };
    const connect = { ...secure, timeout: Math.min(connectMs, this.#idleMs) };
    const env = this.#environment;
    return {
      direct: new Agent({ ...limits, connect }),
      proxied: new EnvHttpProxyAgent({
        ...limits,
        connect,
        requestTls: connect,
        // '' is none: what is not given would be taken from process.env.
        httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
        httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
        noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
      }),
    };
  }
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
