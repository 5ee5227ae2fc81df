/**
 * Mirrors as containerd's configuration names them: `certs.d/<registry>/hosts.toml`.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { ImageError } from '../image-error.js';
import type { Hosts } from './endpoints.js';
import { registryError } from './failures.js';
import type { Mirror, MirrorCapability, TlsOptions } from './registry-options.js';

/** @throws ImageError `ERR_HC_IMAGE_REGISTRY`: the file, or one that it names, cannot be read */
export async function hostsFromFolder(folder: string, registry: string): Promise<Hosts> {
  for (const place of placesOf(folder, registry)) {
    const file = join(place, 'hosts.toml');
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw wrong(file, error);
    });
    if (text === undefined) continue;
    const { parse } = await import('smol-toml');
    try {
      return await hostsOf(parse(text), place);
    } catch (error) {
      throw wrong(file, error);
    }
  }
  return { mirrors: [] };
}

// A colon is no part of a name on Windows.
function placesOf(folder: string, registry: string): string[] {
  const colon = registry.lastIndexOf(':');
  const withPort = colon > 0 ? `${registry.slice(0, colon)}_${registry.slice(colon + 1)}_` : registry;
  const names = [...new Set([withPort, registry, '_default'])];
  return names.map((name) => join(folder, process.platform === 'win32' ? name.replaceAll(':', '') : name));
}

type Table = Readonly<Record<string, unknown>>;

async function hostsOf(table: Table, folder: string): Promise<Hosts> {
  const hosts = table.host === undefined ? {} : tableOf(table.host, 'host');
  const mirrors: Mirror[] = [];
  // In the order of the file.
  for (const [url, host] of Object.entries(hosts)) {
    mirrors.push({ url: urlOf(url), ...(await mirrorOf(tableOf(host, `host."${url}"`), folder)) });
  }
  const url = table.server === undefined ? {} : { url: urlOf(textOf(table.server, 'server')) };
  return { mirrors, server: { ...(await mirrorOf(table, folder)), ...url } };
}

function urlOf(host: string): string {
  const url = /^https?:\/\//.test(host) ? host : `https://${host}`;
  if (!URL.canParse(url)) throw new Error(`"${host}" is no url`);
  return url;
}

async function mirrorOf(table: Table, folder: string): Promise<Omit<Mirror, 'url'>> {
  const { capabilities, header, override_path: overridePath } = table;
  const tls = await tlsOf(table, folder);
  return {
    ...(capabilities === undefined ? {} : { capabilities: capabilitiesOf(capabilities) }),
    ...(header === undefined ? {} : { headers: headersOf(tableOf(header, 'header')) }),
    ...(overridePath === true ? { overridePath } : {}),
    ...(tls === undefined ? {} : { tls }),
  };
}

function capabilitiesOf(value: unknown): MirrorCapability[] {
  const names = listOf(value, 'capabilities').map((name) => textOf(name, 'capabilities').toLowerCase());
  return names.filter((name): name is MirrorCapability => name === 'resolve' || name === 'pull');
}

function headersOf(table: Table): Record<string, string> {
  const entries = Object.entries(table).map(([name, value]) => {
    const texts = listOf(Array.isArray(value) ? value : [value], `header.${name}`);
    return [name.toLowerCase(), texts.map((text) => textOf(text, `header.${name}`)).join(', ')];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

async function tlsOf({ ca, client, skip_verify: skip }: Table, folder: string): Promise<TlsOptions | undefined> {
  const read = (name: unknown, what: string): Promise<string> => readFile(resolve(folder, textOf(name, what)), 'utf8');
  const authorities = ca === undefined ? [] : listOf(Array.isArray(ca) ? ca : [ca], 'ca');
  const pair = client === undefined ? undefined : clientOf(client);
  if (ca === undefined && pair === undefined && skip !== true) return undefined;
  return {
    ...(ca === undefined ? {} : { ca: await Promise.all(authorities.map((name) => read(name, 'ca'))) }),
    ...(pair === undefined ? {} : { cert: await read(pair[0], 'client'), key: await read(pair[1], 'client') }),
    ...(skip === true ? { skipVerify: true } : {}),
  };
}

// A file with certificate and key, a list of such files, or of pairs of files: the first is used.
function clientOf(value: unknown): [certificate: unknown, key: unknown] | undefined {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (first === undefined) return undefined;
  if (!Array.isArray(first)) return [first, first];
  if (first.length !== 2) throw new Error('client has a pair that is none');
  return [first[0], first[1]];
}

function tableOf(value: unknown, name: string): Table {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Table;
  throw new Error(`${name} must be a table`);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${name} must be a list`);
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${name} must be a text`);
}

function wrong(file: string, cause: unknown): ImageError {
  const reason = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : '';
  return registryError(`${file} cannot be used: ${reason}`, 'Mend it, or name no registry.hostsFolder', cause);
}
