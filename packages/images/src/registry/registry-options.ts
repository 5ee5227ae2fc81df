/**
 * How registries are reached.
 *
 * @module
 */
import { HcsArgumentError } from 'hostcompute';

import { checkFields } from '../option-checks.js';

/** A name with a password, or what a registry has given in their place. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** What a mirror may be asked for: what a tag names, and content by its digest. */
export type MirrorCapability = 'resolve' | 'pull';

/** A host that has what a registry has. */
export interface Mirror {
  /** `https://mirror.example.test`, with a path in front of `/v2` where it has one. */
  readonly url: string;
  /** Both unless given. */
  readonly capabilities?: readonly MirrorCapability[];
  /** The path of the url is not followed by `/v2`. */
  readonly overridePath?: boolean;
  /** Sent to this host alone. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

/** What a host needs that others do not, as PEM. */
export interface TlsOptions {
  /** Authorities that are trusted beside those of Node. */
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  /** Takes whoever answers for the host. */
  readonly skipVerify?: boolean;
}

export interface RegistryOptions {
  /** By registry (`docker.io`): tried in this order, before the registry itself. */
  readonly mirrors?: Readonly<Record<string, readonly (string | Mirror)[]>> | undefined;
  /** A folder as containerd's `certs.d`: `<registry>/hosts.toml` in it names mirrors. */
  readonly hostsFolder?: string | undefined;
  /** `true`: registries are asked by http; `false`: by https, those of this machine as well, which otherwise are asked by http. */
  readonly plainHttp?: boolean | undefined;
  /** Of the registry, not of its mirrors; otherwise those of Docker's configuration. */
  readonly credentials?: Credentials | undefined;
  /** The folder of Docker's `config.json`; otherwise `DOCKER_CONFIG`, or `.docker` in the folder of the user. */
  readonly dockerConfig?: string | undefined;
  /** A connection that brings nothing for so long is given up, and what is missing asked for again; 60 s unless given. */
  readonly idleMs?: number | undefined;
  /** How long the first pause is before a request is made again; each further one is twice as long. 250 ms unless given. */
  readonly retryMs?: number | undefined;
  /** In place of `process.env`: proxies, `DOCKER_CONFIG`, and `PATH` for credential helpers. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Refuses what would only show when a registry is asked. */
export function checkRegistryOptions(options: RegistryOptions): void {
  const texts = { hostsFolder: 'text', dockerConfig: 'text' } as const;
  checkFields(
    options,
    { ...texts, plainHttp: 'flag', mirrors: 'object', credentials: 'object', environment: 'object' },
    'registry',
  );
  const { credentials, idleMs = 1, retryMs = 1, mirrors = {} } = options;
  for (const [name, ms] of Object.entries({ idleMs, retryMs })) {
    if (typeof ms !== 'number' || !(ms > 0 && ms <= 0x7fffffff)) {
      throw new HcsArgumentError(`registry.${name}`, 'must be a number of milliseconds above 0', ms);
    }
  }
  for (const [registry, list] of Object.entries(mirrors)) {
    if (!Array.isArray(list)) throw new HcsArgumentError(`registry.mirrors[${registry}]`, 'must be a list', list);
    for (const mirror of list as readonly (string | Mirror)[]) checkMirror(mirror, `registry.mirrors[${registry}]`);
  }
  if (credentials === undefined) return;
  const fine =
    'identityToken' in credentials
      ? isText(credentials.identityToken)
      : isText(credentials.username) && isText(credentials.password);
  // The value is not shown.
  if (!fine) {
    throw new HcsArgumentError('registry.credentials', 'must be { username, password } or { identityToken }', '...');
  }
}

function checkMirror(mirror: string | Mirror, path: string): void {
  if (typeof mirror !== 'string') {
    checkFields(
      mirror,
      { url: 'text', capabilities: 'texts', overridePath: 'flag', headers: 'headers', tls: 'object' },
      path,
    );
    checkFields(mirror.tls ?? {}, { ca: 'texts', cert: 'text', key: 'text', skipVerify: 'flag' }, `${path}.tls`);
  }
  const url = typeof mirror === 'string' ? mirror : mirror.url;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new HcsArgumentError(path, 'must have urls that begin with https:// or http://', url);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
