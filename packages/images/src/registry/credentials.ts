/**
 * The credentials of a host: those of the caller for the registry, those of Docker's configuration for any.
 *
 * @module
 */
import { dockerCredentials } from './docker-config.js';
import type { Endpoint } from './endpoints.js';
import type { Credentials, RegistryOptions } from './registry-options.js';

export interface FoundCredentials {
  readonly credentials?: Credentials;
  /** Where they are from. */
  readonly from?: string;
  /** Why there are none, where somebody wanted some to be there. */
  readonly problem?: Error;
}

/** Never rejects: most images can be had without. */
export async function findCredentials(
  { server, isMirror }: Endpoint,
  { credentials, dockerConfig, environment = process.env }: RegistryOptions,
  signal: AbortSignal,
): Promise<FoundCredentials> {
  if (credentials !== undefined && !isMirror) return { credentials, from: 'registry.credentials' };
  try {
    const found = await dockerCredentials(server, { folder: dockerConfig, environment }, signal);
    return found === undefined ? {} : { credentials: found, from: "Docker's configuration" };
  } catch (error) {
    return { problem: error as Error };
  }
}
