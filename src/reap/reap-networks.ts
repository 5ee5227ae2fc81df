/**
 * Finds and deletes what a killed program has left in the network service. Loaded when a host has one.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import { HcsAbortError, HcsError } from '../errors/errors.js';
import { sessionOf } from '../host/host.js';
import type { OperationOptions } from '../host/operation-options.js';
import { limitsOf } from '../host/operation-options.js';
import { Endpoint } from '../network/endpoint.js';
import { LoadBalancer } from '../network/load-balancer.js';
import { Namespace } from '../network/namespace.js';
import { isObjectOpen } from '../network/open-objects.js';
import type { Properties } from '../network/properties.js';
import { Route } from '../network/route.js';
import { ComputeSystem } from '../system/compute-system.js';
import type { Wanted } from './reap-systems.js';
import { sameName } from './reap-systems.js';

/** What is deleted; networks stay, as other programs may use them. */
export type ReapedKind = 'load balancer' | 'route' | 'namespace' | 'endpoint';

/** An object of the network service that was left behind, and what was done about it. */
export interface ReapedObject {
  /** `network service`: the objects of one kind could not be listed; see `error`. */
  readonly kind: ReapedKind | 'network service';
  readonly id: string;
  /** Its properties before anything was done. */
  readonly properties: Partial<
    Properties<Hcn.HostComputeLoadBalancer | Hcn.HostComputeRoute | Hcn.HostComputeNamespace | Hcn.HostComputeEndpoint>
  >;
  /** `found`: nothing was done, because of `dryRun`. `left`: it could not be deleted; see `error`. */
  readonly outcome: 'found' | 'deleted' | 'left';
  readonly error?: HcsError;
}

type Class = typeof LoadBalancer | typeof Route | typeof Namespace | typeof Endpoint;

// In the order in which they can be deleted: first what refers to others.
const kinds: readonly (readonly [kind: ReapedKind, of: Class])[] = [
  ['load balancer', LoadBalancer],
  ['route', Route],
  ['namespace', Namespace],
  ['endpoint', Endpoint],
];

/** Deletes the load balancers, routes, namespaces and endpoints of an owner that this program has not open. */
export async function reapNetworks(wanted: Wanted): Promise<ReapedObject[]> {
  const { host, owner, dryRun, limits } = wanted;
  const session = sessionOf(host, 'reap');
  const reaped: ReapedObject[] = [];
  for (const [kind, of] of kinds) {
    let found: readonly Properties<{ Owner?: string }>[] = [];
    try {
      found = await of.list({}, limits());
    } catch (error) {
      reaped.push({ kind: 'network service', id: '', properties: {}, outcome: 'left', error: hostErrorOf(error) });
    }
    for (const properties of found) {
      const { ID: id } = properties;
      if (!sameName(properties.Owner, owner) || isObjectOpen(session, id)) continue;
      const outcome = dryRun ? ({ outcome: 'found' } as const) : await remove(of, id, wanted);
      reaped.push({ kind, id, properties, ...outcome });
    }
  }
  return reaped;
}

async function remove(of: Class, id: string, wanted: Wanted): Promise<Pick<ReapedObject, 'outcome' | 'error'>> {
  try {
    await using object = await of.open(id, wanted.limits());
    if (object instanceof Namespace) await empty(object, wanted);
    await object.delete(limitsOf(wanted.limits()));
    return { outcome: 'deleted' };
  } catch (error) {
    return { outcome: 'left', error: hostErrorOf(error) };
  }
}

// A namespace that has endpoints, or containers that the host does not know any longer, could not be deleted.
async function empty(namespace: Namespace, { limits }: Wanted): Promise<void> {
  const alive = new Set((await ComputeSystem.list({}, limits())).map(({ Id }) => Id?.toUpperCase()));
  const within = (): OperationOptions => limitsOf(limits());
  for (const id of await namespace.containers(within())) {
    if (!alive.has(id.toUpperCase())) await namespace.removeContainer(id, within());
  }
  for (const { ID } of await namespace.endpoints(within())) await namespace.removeEndpoint(ID, within());
}

function hostErrorOf(error: unknown): HcsError {
  if (error instanceof HcsError && !(error instanceof HcsAbortError)) return error;
  throw error;
}
