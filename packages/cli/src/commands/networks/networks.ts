/**
 * `networks ls`, `inspect` and `rm`.
 *
 * @module
 */
import type { NetworkProperties } from 'hostcompute/network';
import { Network } from 'hostcompute/network';

import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import { Output } from '../../output/output.js';
import { found } from './found.js';

/** Lists the networks of the host. */
export const listNetworks: Action<object> = async ({ globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const networks = (await Network.list({}, { host: context.host, signal: context.signal })).map(printedNetwork);
  new Output(globals).list(networks, {
    NAME: ({ name }) => name ?? '',
    ID: ({ id }) => id,
    TYPE: ({ type }) => type ?? '',
    SUBNETS: ({ subnets }) => subnets.join(', '),
  });
};

/** Prints all that is known of some. */
export const inspectNetworks: Action<object> = async ({ words, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const all = await Network.list({}, { host: context.host, signal: context.signal });
  const output = new Output(globals);
  for (const network of words.map((word) => found(all, word, 'network')))
    output.one(printedNetwork(network), [JSON.stringify(network, null, 2)]);
};

/** Removes networks, all of which have to be there. */
export const removeNetworks: Action<object> = async ({ words, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const options = { host: context.host, signal: context.signal };
  const all = await Network.list({}, options);
  const output = new Output(globals);
  for (const { ID: id, Name: name = '' } of words.map((word) => found(all, word, 'network'))) {
    const network = await Network.open(id, options);
    await network.delete({ signal: context.signal });
    output.one({ kind: 'network-removed', id, name }, [name]);
  }
};

export function printedNetwork(properties: NetworkProperties) {
  const { ID, Name, Type, Ipams = [] } = properties;
  const subnets = Ipams.flatMap(({ Subnets = [] }) => Subnets.flatMap(({ IpAddressPrefix }) => IpAddressPrefix ?? []));
  return { kind: 'network', id: ID, name: Name ?? null, type: Type ?? null, subnets, properties };
}
