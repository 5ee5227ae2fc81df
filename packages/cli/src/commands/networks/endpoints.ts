/**
 * `endpoints ls`, `inspect` and `rm`.
 *
 * @module
 */
import type { EndpointProperties } from 'hostcompute/network';
import { Endpoint, Network } from 'hostcompute/network';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import { Output } from '../../output/output.js';
import { found } from './found.js';

/** Lists endpoints: all, or those of a network. */
export const listEndpoints: Action<{ readonly network?: string }> = async ({ options, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const limits = { host: context.host, signal: context.signal };
  const networks = await Network.list({}, limits);
  const { network } = options;
  const wanted = network === undefined ? undefined : found(networks, network, 'network').ID;
  const endpoints = (await Endpoint.list({}, limits))
    .filter(({ HostComputeNetwork }) => wanted === undefined || isSame(HostComputeNetwork, wanted))
    .map((each) => ({ ...printedEndpoint(each), networkName: nameOf(networks, each.HostComputeNetwork) }));
  new Output(globals).list(endpoints, {
    NAME: ({ name }) => name ?? '',
    ID: ({ id }) => id,
    NETWORK: ({ networkName, network: id }) => networkName ?? id ?? '',
    ADDRESSES: ({ addresses }) => addresses.join(', '),
  });
};

/** Prints all that is known of some. */
export const inspectEndpoints: Action<object> = async ({ words, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const limits = { host: context.host, signal: context.signal };
  const [networks, all] = [await Network.list({}, limits), await Endpoint.list({}, limits)];
  const output = new Output(globals);
  for (const endpoint of words.map((word) => found(all, word, 'endpoint'))) {
    const networkName = nameOf(networks, endpoint.HostComputeNetwork);
    output.one({ ...printedEndpoint(endpoint), networkName }, [JSON.stringify(endpoint, null, 2)]);
  }
};

/** Removes endpoints, all of which have to be there. */
export const removeEndpoints: Action<object> = async ({ words, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const options = { host: context.host, signal: context.signal };
  const all = await Endpoint.list({}, options);
  const output = new Output(globals);
  for (const { ID: id, Name: name = null } of words.map((word) => found(all, word, 'endpoint'))) {
    const endpoint = await Endpoint.open(id, options);
    await endpoint.delete({ signal: context.signal });
    output.one({ kind: 'endpoint-removed', id, name }, [name ?? id]);
  }
};

function printedEndpoint(properties: EndpointProperties) {
  const { ID, Name, HostComputeNetwork, HostComputeNamespace, MacAddress, IpConfigurations = [] } = properties;
  return {
    kind: 'endpoint',
    id: ID,
    name: Name ?? null,
    network: HostComputeNetwork ?? null,
    namespace: HostComputeNamespace ?? null,
    mac: MacAddress ?? null,
    addresses: IpConfigurations.flatMap(({ IpAddress }) => IpAddress ?? []),
    properties,
  };
}

interface Named {
  readonly ID?: string | undefined;
  readonly Name?: string | undefined;
}

function nameOf(networks: readonly Named[], id: string | undefined): string | null {
  return networks.find(({ ID }) => isSame(ID, id))?.Name ?? null;
}

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.toLowerCase() === other?.toLowerCase();
