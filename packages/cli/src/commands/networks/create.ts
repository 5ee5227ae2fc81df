/**
 * `networks create`.
 *
 * @module
 */
import type { NetworkDocument } from 'hostcompute/network';
import { Network, networks } from 'hostcompute/network';

import type { Action } from '../../command-line/declare.js';
import { usageFailure } from '../../failure.js';
import { openContext } from '../../host/context.js';
import { Output } from '../../output/output.js';
import { printedNetwork } from './networks.js';

interface CreateOptions {
  readonly type: 'nat' | 'internal' | 'transparent' | 'l2bridge' | 'overlay';
  readonly subnet?: readonly string[];
  readonly gateway?: readonly string[];
  readonly dns?: readonly string[];
  readonly adapter?: string;
  readonly vlan?: number;
  readonly vsid?: number;
}

/** Creates a network. */
export const createNetwork: Action<CreateOptions> = async ({ words: [name = ''], options, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const document = documentOf(name, context.owner, options);
  const network = await Network.create(document, { host: context.host, signal: context.signal });
  const properties = await network.properties({ signal: context.signal });
  new Output(globals).one(printedNetwork(properties), [network.id]);
};

function documentOf(name: string, owner: string, options: CreateOptions): NetworkDocument {
  const { type, subnet = [], gateway = [], dns = [], adapter, vlan, vsid } = options;
  const common = {
    name,
    owner,
    ...(subnet.length > 0 && { subnet }),
    ...(gateway.length > 0 && { gateway }),
    ...(dns.length > 0 && { dns: { servers: dns } }),
  };
  const onAdapter = { ...common, ...(adapter !== undefined && { adapter }) };
  const inVlan = { ...onAdapter, ...(vlan !== undefined && { vlan }) };
  const needs = (option: string): never => {
    throw usageFailure(`A network of type ${type} needs ${option}`, 'See "hostcompute networks create --help".');
  };
  switch (type) {
    case 'nat':
      return networks.nat(common);
    case 'internal':
      return networks.internal(common);
    case 'transparent':
      return networks.transparent(inVlan);
    case 'l2bridge':
      return subnet.length === 0 ? needs('--subnet') : networks.l2bridge({ ...inVlan, subnet });
    case 'overlay':
      if (subnet.length === 0) return needs('--subnet');
      return vsid === undefined ? needs('--vsid') : networks.overlay({ ...onAdapter, subnet, vsid });
  }
}
