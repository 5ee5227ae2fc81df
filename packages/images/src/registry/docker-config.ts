/**
 * The credentials in Docker's `config.json`.
 *
 * @module
 */
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { askHelper } from './credential-helper.js';
import type { Credentials } from './registry-options.js';

export interface DockerConfigOptions {
  /** Its folder. */
  readonly folder?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const longestFile = 1024 * 1024;

/**
 * The credentials of a server, as `docker login` has stored them; nothing where it has none.
 *
 * @param server - a host with its port, or `https://index.docker.io/v1/`
 * @throws Error where file or helper are malformed
 */
export async function dockerCredentials(
  server: string,
  { folder, environment }: DockerConfigOptions,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const place = folder ?? environment.DOCKER_CONFIG ?? join(homeOf(environment), '.docker');
  const file = join(place, 'config.json');
  const config = await readConfig(file);
  if (config === undefined) return undefined;
  const helper = textOf(objectOf(config.credHelpers)?.[server]) ?? textOf(config.credsStore);
  if (helper !== undefined) {
    const found = await askHelper(helper, server, environment, signal);
    if (found !== undefined) return found;
  }
  return fromAuths(objectOf(config.auths) ?? {}, server, file);
}

function homeOf(environment: Readonly<Record<string, string | undefined>>): string {
  return (process.platform === 'win32' ? environment.USERPROFILE : environment.HOME) ?? homedir();
}

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestFile + 1), 0, longestFile + 1, 0);
    if (bytesRead > longestFile) throw new Error(`${file} has more than ${longestFile} bytes`);
    text = buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return objectOf(JSON.parse(text)) ?? {};
  } catch {
    // The message of JSON.parse() shows a piece of the text.
    throw new Error(`${file} is no JSON`);
  }
}

function fromAuths(auths: Readonly<Record<string, unknown>>, server: string, file: string): Credentials | undefined {
  // Older versions of Docker wrote urls: what counts is the host.
  const key = Object.hasOwn(auths, server)
    ? server
    : Object.keys(auths).find((name) => hostOf(name) === hostOf(server));
  const entry = key === undefined ? undefined : objectOf(auths[key]);
  const identityToken = textOf(entry?.identitytoken);
  if (identityToken !== undefined) return { identityToken };
  const auth = textOf(entry?.auth);
  if (auth === undefined) return undefined;
  const decoded = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon < 1) throw new Error(`${file} has no name and password for ${server}`);
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
