/**
 * Networks.
 *
 * This folder has what the network service has: networks, endpoints, namespaces, load balancers, routes, and the older route to
 * them. It imports what systems are made of, and systems.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import type { ModifyObjectOptions } from './network-object.js';
import type { CreateObjectOptions, Make } from './object-methods.js';
import { ServiceObject } from './network-object.js';
import { create, find, list, open } from './object-methods.js';
import type { Filter, NetworkDocument, NetworkProperties } from './properties.js';

/**
 * A network of the host. It belongs to the host, not to this program: it stays until it is deleted.
 *
 * @example
 * const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), { ifExists: 'open' });
 * console.log((await network.properties()).Ipams);
 */
export class Network extends ServiceObject<'network'> {
  static readonly #make: Make<Network> = (session, id) => new Network('network', session, id);

  /**
   * Creates a network, by one call. When the call times out or is cancelled, the network is deleted once it has been created.
   *
   * @throws `HcsValidationError` when the document is not valid
   */
  static create(document: NetworkDocument, options: CreateObjectOptions = {}): Promise<Network> {
    return create({ kind: 'network', document }, options, Network.#make);
  }

  /** Opens a network that exists. */
  static open(id: string, options: HostOptions = {}): Promise<Network> {
    return open('network', id, options, Network.#make);
  }

  /** Opens the network of a name; undefined where there is none. */
  static find(name: string, options: HostOptions = {}): Promise<Network | undefined> {
    return find('network', name, options, Network.#make);
  }

  /**
   * The properties of the networks that match: all without a filter. One that is deleted meanwhile is left out.
   *
   * @param filter - members that must be equal, or the JSON text of a query of HCN
   */
  static list(
    filter: Filter<Hcn.HostComputeNetwork> | string = {},
    options: HostOptions = {},
  ): Promise<NetworkProperties[]> {
    return list('network', filter, options);
  }

  /** Changes the network by a request document, which is validated first, or its JSON text. */
  modify(request: Hcn.ModifyNetworkSettingRequest | string, options: ModifyObjectOptions = {}): Promise<void> {
    return this.change(request, options);
  }

  /** Adds policies to those that it has. */
  addPolicies(Policies: readonly Hcn.NetworkPolicy[], options: ModifyObjectOptions = {}): Promise<void> {
    return this.change({ ResourceType: 'Policy', RequestType: 'Add', Settings: { Policies } }, options);
  }

  /** Removes the policies that are of these types and, where they have settings, have those. */
  removePolicies(Policies: readonly Hcn.NetworkPolicy[], options: ModifyObjectOptions = {}): Promise<void> {
    return this.change({ ResourceType: 'Policy', RequestType: 'Remove', Settings: { Policies } }, options);
  }

  /** Adds subnets; several are for L2Bridge, L2Tunnel and Overlay networks only. */
  addSubnets(Subnets: readonly Hcn.Subnet[], options: ModifyObjectOptions = {}): Promise<void> {
    return this.change({ ResourceType: 'Subnet', RequestType: 'Add', Settings: { Subnets } }, options);
  }

  /** Removes subnets by the ids that the properties of the network have. */
  removeSubnets(ids: readonly string[], options: ModifyObjectOptions = {}): Promise<void> {
    if (!Array.isArray(ids)) {
      return Promise.reject(new HcsArgumentError('ids', 'must be an array of the ids of subnets', ids));
    }
    const Subnets = (ids as readonly string[]).map((ID) => ({ ID }));
    return this.change({ ResourceType: 'Subnet', RequestType: 'Remove', Settings: { Subnets } }, options);
  }
}
