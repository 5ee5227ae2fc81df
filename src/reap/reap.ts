/**
 * Finds and ends what a killed program has left behind: its systems, and what it has made of networks.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import type { ReapedObject } from './reap-networks.js';
import type { ReapedSystem } from './reap-systems.js';
import { reapSystems } from './reap-systems.js';

/** Options of {@link reap}. */
export interface ReapOptions extends HostOptions {
  /** The `Owner` of the documents that everything was created from; case is ignored. */
  readonly owner: string;
  /** Finds what was left behind without ending it. */
  readonly dryRun?: boolean;
}

/** What was left behind, and what was done about it. */
export type Reaped = ReapedSystem | ReapedObject;

/**
 * Terminates the systems of an owner that this host has not open, and deletes the load balancers, routes, namespaces and endpoints of
 * the owner that this program has not open: those that a killed program has left behind. Networks stay, as other programs may use
 * them.
 *
 * A system outlives its creator unless its document has `ShouldTerminateOnLastHandleClosed`; what is made of networks always does.
 * Only the owner tells them apart: what belongs to another running program with the same owner is ended, too. The limits cover
 * everything: what has not been ended when the time is over is `left`.
 *
 * @throws `HcsArgumentError` without an owner
 *
 * @example
 * const left = await reap({ owner: 'my-runtime', dryRun: true });
 * for (const { kind, id, properties } of left) console.log(kind, id, properties.State);
 */
export async function reap(options: ReapOptions): Promise<Reaped[]> {
  options = readOperationOptions(options, ['owner', 'dryRun', 'host']);
  const { owner, dryRun = false } = options;
  if (typeof owner !== 'string' || owner === '') {
    throw new HcsArgumentError('options.owner', 'must be a non-empty string: the Owner of the systems to end', owner);
  }
  if (typeof dryRun !== 'boolean') throw new HcsArgumentError('options.dryRun', 'must be a boolean', dryRun);
  throwIfAborted('reap', {}, options);
  const started = performance.now();
  const { host = await defaultHost() } = options;
  const limits = (): HostOptions => ({ ...remaining(options, started), host });
  const wanted = { host, owner, dryRun, limits };
  const systems = await reapSystems(wanted);
  // Brokers serve systems only.
  if (host.kind === 'brokered' || !sessionOf(host, 'reap').has('HcnEnumerateEndpoints')) return systems;
  const { reapNetworks } = await import('./reap-networks.js');
  return [...systems, ...(await reapNetworks(wanted))];
}
