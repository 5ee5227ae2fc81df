/**
 * A registry as the source of one image.
 *
 * @module
 */
import { ImageError } from '../image-error.js';
import type { Descriptor } from '../oci/descriptor.js';
import type { Reference } from '../reference.js';
import { Authorizer } from './authorizer.js';
import { BlobPlace } from './blob-place.js';
import { blobStream } from './blob-stream.js';
import type { Answer } from './connections.js';
import { Connections } from './connections.js';
import type { FoundCredentials } from './credentials.js';
import { findCredentials } from './credentials.js';
import { documentAt, resolveAt } from './documents.js';
import type { Endpoint } from './endpoints.js';
import { endpointsOf } from './endpoints.js';
import { registryError } from './failures.js';
import { follow } from './follow.js';
import type { ImageSource, Limits, ResolvedDocument } from './image-source.js';
import { isLoopback } from './loopback.js';
import { refuseOverload } from './overload.js';
import { RegistryHost } from './registry-host.js';
import type { RegistryOptions } from './registry-options.js';
import { checkRegistryOptions } from './registry-options.js';
import { retried } from './retries.js';

const usualIdleMs = 60_000;
const usualRetryMs = 250;
/** A manifest may name thousands of places. */
const mostUrls = 8;

/**
 * Opens the registry of a reference. Nothing is asked of it before something is wanted.
 *
 * @example
 * const source = openRegistry(parseReference('mcr.microsoft.com/windows/nanoserver:ltsc2022'));
 */
export function openRegistry(reference: Reference, options: RegistryOptions = {}): ImageSource {
  checkRegistryOptions(options);
  return new RegistrySource(reference, options);
}

class RegistrySource implements ImageSource {
  readonly #reference: Reference;
  readonly #options: RegistryOptions;
  readonly #connections: Connections;
  readonly #retryMs: number;
  readonly #closing = new AbortController();
  #hosts: Promise<RegistryHost[]> | undefined;

  constructor(reference: Reference, options: RegistryOptions) {
    const { idleMs = usualIdleMs, retryMs = usualRetryMs, environment = process.env } = options;
    this.#reference = reference;
    this.#options = options;
    this.#retryMs = retryMs;
    this.#connections = new Connections(idleMs, environment);
  }

  async resolve({ signal }: Limits): Promise<ResolvedDocument> {
    const { repository, tag, digest } = this.#reference;
    const name = digest === undefined ? { tag: tag ?? 'latest' } : { digest };
    const hosts = await this.#hostsThat(digest === undefined ? 'resolves' : 'pulls');
    return this.#first(hosts, this.#with(signal), (host, both) => resolveAt(host, repository, name, both));
  }

  async document(descriptor: Descriptor, { signal }: Limits): Promise<Buffer> {
    const { repository } = this.#reference;
    const hosts = await this.#hostsThat('pulls');
    return this.#first(hosts, this.#with(signal), (host, both) => documentAt(host, repository, descriptor, both));
  }

  async *blob(descriptor: Descriptor, offset: number, { signal }: Limits): AsyncGenerator<Buffer, void, undefined> {
    const { digest, size, urls = [] } = descriptor;
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > size) {
      throw new RangeError(`a blob of ${size} bytes has nothing from ${offset} on`);
    }
    const hosts = await this.#hostsThat('pulls');
    const path = `${this.#reference.repository}/blobs/${digest}`;
    const atHosts = hosts.map((host) => {
      return new BlobPlace((headers, both) => host.get(path, headers, [206, 416], both));
    });
    const elsewhere = urls.slice(0, mostUrls).flatMap((url) => this.#placeAt(url));
    yield* blobStream({
      what: `the blob ${digest}`,
      size,
      offset,
      places: [...atHosts, ...elsewhere],
      // That of the registry itself: after its mirrors, and before what is elsewhere.
      told: (errors) => toldOf(errors, hosts.length - 1),
      retryMs: this.#retryMs,
      signal: this.#with(signal),
    });
  }

  async close(): Promise<void> {
    this.#closing.abort(registryError(`The source of ${this.#reference.name} is closed`, 'Open another one'));
    await this.#connections.close();
  }

  #with(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  async #hostsThat(capability: 'resolves' | 'pulls'): Promise<RegistryHost[]> {
    this.#hosts ??= this.#makeHosts();
    const hosts = (await this.#hosts).filter(({ endpoint }) => endpoint[capability]);
    if (hosts.length > 0) return hosts;
    throw registryError(`No host of ${this.#reference.registry} may be asked`, 'Check capabilities in its hosts.toml');
  }

  async #makeHosts(): Promise<RegistryHost[]> {
    const endpoints = await endpointsOf(this.#reference, this.#options);
    return endpoints.map((endpoint) => {
      const authorizer = new Authorizer({
        endpoint,
        repository: this.#reference.repository,
        name: this.#reference.name,
        connections: this.#connections,
        credentials: this.#credentialsOf(endpoint),
        closing: this.#closing.signal,
      });
      return new RegistryHost(endpoint, this.#connections, authorizer, this.#reference.name);
    });
  }

  #credentialsOf(endpoint: Endpoint): () => Promise<FoundCredentials> {
    let found: Promise<FoundCredentials> | undefined;
    return () => (found ??= findCredentials(endpoint, this.#options, this.#closing.signal));
  }

  /** From the first host that has it. */
  async #first<T>(
    hosts: readonly RegistryHost[],
    signal: AbortSignal,
    ask: (host: RegistryHost, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const errors: unknown[] = [];
    for (const host of hosts) {
      try {
        return await retried(this.#retryMs, signal, () => ask(host, signal));
      } catch (error) {
        signal.throwIfAborted();
        errors.push(error);
      }
    }
    throw toldOf(errors, hosts.length - 1);
  }

  /** A place that a manifest names: it gets no credentials. */
  #placeAt(text: string): BlobPlace[] {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const { plainHttp } = this.#options;
    const byHttp = url?.protocol === 'http:' && (plainHttp ?? isLoopback(url.hostname));
    if (url === undefined || (url.protocol !== 'https:' && !byHttp)) return [];
    const ask = async (headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> => {
      const answer = await follow(this.#connections, url, { headers }, { headers: {} }, signal);
      if ([200, 206, 416].includes(answer.status)) return answer;
      refuseOverload(answer);
      answer.body.destroy();
      throw registryError(`${answer.url.host} answers ${answer.status}`, 'Check the registry');
    };
    return [new BlobPlace(ask)];
  }
}

// Of several errors the others are kept as causes.
function toldOf(errors: readonly unknown[], index: number): unknown {
  const told = errors[Math.min(index, errors.length - 1)];
  const others = errors.filter((error) => error !== told);
  if (others.length === 0 || !(told instanceof ImageError)) return told;
  const { code, reference, remedy, cause } = told;
  const message = told.message.slice(0, -remedy.length - 2);
  const all = new AggregateError([...(cause === undefined ? [] : [cause]), ...others], 'what the other places said');
  const seen = others.map((error) => (error instanceof ImageError ? error.message : String(error)));
  return new ImageError(`${message} (elsewhere: ${seen.join('; ').slice(0, 500)})`, {
    code,
    reference,
    remedy,
    cause: all,
  });
}
