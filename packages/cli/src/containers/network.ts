/**
 * What a container has of networks: an endpoint and, where its document names one, a namespace. Their ids are chosen and written down
 * before they are made, so that whoever looks for what was left behind can tell them from those of containers that run.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { Host } from 'hostcompute';
import { isNotFound } from 'hostcompute';
import { Endpoint, endpoints, Namespace, Network, networks } from 'hostcompute/network';

import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { HostAndSignal } from '../host/context.js';
import type { RunPlan } from './plan.js';
import type { Undo } from './undo.js';

/** The ids of what a container gets. */
export interface NetworkIds {
  readonly endpoint: string;
  /** Absent where the document names the endpoint. */
  readonly namespace?: string;
}

export interface ContainerNetwork {
  readonly endpoint: Endpoint;
  readonly namespace: Namespace | undefined;
}

/** Undefined without a network. */
export function chooseIds({ network }: RunPlan, hasNamespace: boolean): NetworkIds | undefined {
  if (network === 'none') return undefined;
  return { endpoint: randomUUID(), ...(hasNamespace && { namespace: randomUUID() }) };
}

/** Makes the endpoint, with its ports, and the namespace. */
export async function makeNetwork(
  plan: RunPlan,
  ids: NetworkIds,
  limits: HostAndSignal,
  undo: Undo,
): Promise<ContainerNetwork> {
  const endpoint = await makeEndpoint(plan, ids.endpoint, limits);
  undo.push(`endpoint ${ids.endpoint}`, async (within) => endpoint.delete(within));
  if (ids.namespace === undefined) return { endpoint, namespace: undefined };
  const namespace = await Namespace.create({ ID: ids.namespace, Owner: plan.owner }, limits);
  undo.push(`namespace ${ids.namespace}`, async () => deleteNamespace(namespace));
  return { endpoint, namespace };
}

async function deleteNamespace(namespace: Namespace): Promise<void> {
  // Where the container died with the service, its entry is left.
  for (const id of await namespace.containers().catch(() => []))
    await namespace.removeContainer(id).catch(() => undefined);
  await namespace.delete();
}

/** How often a network is made anew that somebody deletes before the endpoint is in it. */
const attempts = 3;

async function makeEndpoint(plan: RunPlan, id: string, limits: HostAndSignal): Promise<Endpoint> {
  for (let attempt = 1; ; attempt++) {
    const network = await networkOf(plan, limits);
    try {
      const options = { name: plan.id, ports: plan.ports, owner: plan.owner };
      const document = endpoints.of(await network.properties({ signal: limits.signal }), options);
      return await Endpoint.create(network, { ...document, ID: id }, limits);
    } catch (error) {
      if (attempt === attempts || !isNotFound(error)) throw error;
    } finally {
      await network.close();
    }
  }
}

/** The network that is there; `nat` is made where it is not. */
async function networkOf({ network: name, owner }: RunPlan, limits: HostAndSignal): Promise<Network> {
  if (name === 'nat') return Network.create(networks.nat({ name, owner }), { ...limits, ifExists: 'open' });
  const found = await Network.find(name, limits);
  if (found !== undefined) return found;
  const byId = (await Network.list({}, limits)).find(({ ID }) => ID.toLowerCase() === name.toLowerCase());
  if (byId !== undefined) return Network.open(byId.ID, limits);
  throw new Failure(`There is no network "${name}"`, {
    code: 'ERR_HC_NO_NETWORK',
    exitCode: exitCodes.host,
    remedy: 'List those that there are by "hostcompute networks ls", or make it by "hostcompute networks create".',
  });
}

/** Deletes by their ids what a process that was killed had. What is not there is no error. */
export async function deleteLeftNetwork(
  { endpoint, namespace }: { readonly endpoint: string; readonly namespace?: string | undefined },
  host: Host,
  limits: { readonly timeoutMs: number },
): Promise<void> {
  const options = { ...limits, host };
  if (namespace !== undefined) {
    await deleteLeftNamespace(namespace, options);
  }
  await unlessGone(async () => (await Endpoint.open(endpoint, options)).delete(limits));
}

/** Deletes a namespace with what is in it. */
export async function deleteLeftNamespace(
  id: string,
  options: { readonly host: Host; readonly timeoutMs: number },
): Promise<void> {
  await unlessGone(async () => {
    const namespace = await Namespace.open(id, options);
    for (const { ID } of await namespace.endpoints()) await namespace.removeEndpoint(ID).catch(() => undefined);
    await deleteNamespace(namespace);
  });
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
