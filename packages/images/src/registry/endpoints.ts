/**
 * The hosts that are asked for the images of a registry: its mirrors, and itself at last.
 *
 * @module
 */
import type { Reference } from '../reference.js';
import { hostsFromFolder } from './hosts-file.js';
import { isLoopback } from './loopback.js';
import type { Mirror, RegistryOptions, TlsOptions } from './registry-options.js';

export interface Endpoint {
  /** Up to `/v2`, without a slash at the end. */
  readonly url: string;
  /** For messages, and for `docker login`. */
  readonly host: string;
  /** Whose credentials it gets, as Docker's configuration names it. */
  readonly server: string;
  readonly isMirror: boolean;
  /** What a mirror is told that it stands for. */
  readonly namespace?: string;
  readonly resolves: boolean;
  readonly pulls: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

/** What a `hosts.toml` says: mirrors, and what else there is to know of the registry itself. */
export interface Hosts {
  readonly mirrors: readonly Mirror[];
  readonly server?: Partial<Mirror>;
}

const hub = 'https://index.docker.io/v1/';

export async function endpointsOf({ registry }: Reference, options: RegistryOptions): Promise<Endpoint[]> {
  const { mirrors = {}, hostsFolder, plainHttp } = options;
  const named = Object.hasOwn(mirrors, registry) ? (mirrors[registry] ?? []) : [];
  const { mirrors: listed, server }: Hosts =
    hostsFolder === undefined ? { mirrors: [] } : await hostsFromFolder(hostsFolder, registry);
  const all = [...named.map((mirror) => (typeof mirror === 'string' ? { url: mirror } : mirror)), ...listed];
  return [
    ...all.map((mirror) => endpointOf(mirror, { registry, isMirror: true })),
    endpointOf({ url: urlOf(registry, plainHttp), ...server }, { registry, isMirror: false }),
  ];
}

function urlOf(registry: string, plainHttp: boolean | undefined): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  const { hostname, port } = new URL(`https://${registry}`);
  // Port 443 is the default of https, which URL leaves out.
  const isHere = isLoopback(hostname) && !(port === '' && registry.endsWith(':443'));
  return `${(plainHttp ?? isHere) ? 'http' : 'https'}://${registry}`;
}

function endpointOf(mirror: Mirror, { registry, isMirror }: { registry: string; isMirror: boolean }): Endpoint {
  const url = new URL(mirror.url);
  const path = url.pathname.replace(/\/+$/, '');
  const isWhole = mirror.overridePath === true || path.endsWith('/v2');
  const { capabilities = ['resolve', 'pull'], headers = {}, tls } = mirror;
  const ofHub = registry === 'docker.io' && url.host === 'registry-1.docker.io';
  return {
    url: `${url.origin}${path}${isWhole ? '' : '/v2'}`,
    host: ofHub ? 'docker.io' : url.host,
    server: ofHub ? hub : url.host,
    isMirror,
    ...(isMirror ? { namespace: registry } : {}),
    resolves: capabilities.includes('resolve'),
    pulls: capabilities.includes('pull'),
    headers,
    ...(tls === undefined ? {} : { tls }),
  };
}
