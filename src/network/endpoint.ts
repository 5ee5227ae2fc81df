/**
 * Endpoints: what a container or machine has of a network.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import type * as Hns from '../../types/hns/index.js';
import type { Members } from '../documents/check.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import { ComputeSystem } from '../system/compute-system.js';
import { memberOf } from './network-document.js';
import { endpointStatistics } from './endpoint-statistics.js';
import { Namespace } from './namespace.js';
import type { Network } from './network.js';
import type { ModifyObjectOptions } from './network-object.js';
import type { CreateObjectOptions, Make } from './object-methods.js';
import { idOf, ServiceObject } from './network-object.js';
import { create, find, list, open } from './object-methods.js';
import type { EndpointDocument, EndpointProperties, Filter } from './properties.js';
import type { SystemAdapter } from './system-adapter.js';
import { addAdapter, natureOf, newAdapter, removeAdapter } from './system-adapter.js';

/** Options of detach(). */
export interface DetachOptions extends OperationOptions {
  /** What to detach it from; default what this object has attached it to, else the namespace that it is in. */
  readonly from?: Namespace | ComputeSystem;
}

/**
 * An endpoint of the host. It belongs to the host, not to this program: it stays, with its address and its ports, until it is
 * deleted, or its network is.
 *
 * @example
 * const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }));
 * const endpoint = await Endpoint.create(network, endpoints.of(network.id, { name: 'web', ports: ['80:8888'] }));
 * const namespace = await Namespace.create();
 * await endpoint.attach(namespace);
 */
export class Endpoint extends ServiceObject<'endpoint'> {
  static readonly #make: Make<Endpoint> = (session, id) => new Endpoint('endpoint', session, id);
  #adapter: SystemAdapter | undefined;

  /**
   * Creates an endpoint of a network, by one call. When the call times out or is cancelled, the endpoint is deleted once it has
   * been created.
   *
   * @throws `HcsValidationError` when the document is not valid
   */
  static create(
    network: Network | string,
    document: EndpointDocument,
    options: CreateObjectOptions = {},
  ): Promise<Endpoint> {
    return createEndpoint(network, document, options, Endpoint.#make);
  }

  /** Opens an endpoint that exists. */
  static open(id: string, options: HostOptions = {}): Promise<Endpoint> {
    return open('endpoint', id, options, Endpoint.#make);
  }

  /**
   * Opens the endpoint of a name; undefined where there is none. Endpoints may share a name.
   *
   * @throws `HcsError` `ERR_HC_AMBIGUOUS` where several do
   */
  static find(name: string, options: HostOptions = {}): Promise<Endpoint | undefined> {
    return find('endpoint', name, options, Endpoint.#make);
  }

  /**
   * The properties of the endpoints that match: all without a filter. One that is deleted meanwhile is left out.
   *
   * @param filter - members that must be equal, such as `{ HostComputeNetwork: network.id }`, or the JSON text of a query of HCN
   */
  static list(
    filter: Filter<Hcn.HostComputeEndpoint> | string = {},
    options: HostOptions = {},
  ): Promise<EndpointProperties[]> {
    return list('endpoint', filter, options);
  }

  /** Changes the endpoint by a request document, which is validated first, or its JSON text. */
  modify(request: Hcn.ModifyEndpointSettingRequest | string, options: ModifyObjectOptions = {}): Promise<void> {
    return this.change(request, options);
  }

  /** Adds policies to those that it has. */
  addPolicies(Policies: readonly Hcn.EndpointPolicy[], options: ModifyObjectOptions = {}): Promise<void> {
    return this.change({ ResourceType: 'Policy', RequestType: 'Add', Settings: { Policies } }, options);
  }

  /** Removes the policies that are of these types and, where they have settings, have those. */
  removePolicies(Policies: readonly Hcn.EndpointPolicy[], options: ModifyObjectOptions = {}): Promise<void> {
    return this.change({ ResourceType: 'Policy', RequestType: 'Remove', Settings: { Policies } }, options);
  }

  /** Puts these policies in the place of those that it has. */
  replacePolicies(Policies: readonly Hcn.EndpointPolicy[], options: ModifyObjectOptions = {}): Promise<void> {
    return this.change({ ResourceType: 'Policy', RequestType: 'Update', Settings: { Policies } }, options);
  }

  /**
   * Adds it to a namespace, or to a system that runs: a container gets it by a request of schema 1, a virtual machine as a
   * network adapter.
   */
  async attach(target: Namespace | ComputeSystem, options: OperationOptions = {}): Promise<void> {
    if (target instanceof Namespace) return target.addEndpoint(this, options);
    if (!(target instanceof ComputeSystem)) {
      throw new HcsArgumentError('target', 'must be a Namespace or a ComputeSystem', target);
    }
    options = readOperationOptions(options);
    const started = performance.now();
    const properties = await this.properties(options);
    const nature = await natureOf(target, remaining(options, started));
    const adapter = await newAdapter(target, this.id, nature);
    await addAdapter(adapter, properties, remaining(options, started));
    this.#adapter = adapter;
  }

  /** Undoes attach(). What is gone meanwhile, and an endpoint that is attached to nothing, is no error. */
  async detach(options: DetachOptions = {}): Promise<void> {
    const started = performance.now();
    const { from, ...limits } = readOperationOptions(options, ['from']);
    const system = from ?? this.#adapter?.system;
    if (system instanceof ComputeSystem) {
      const adapter = this.#adapter?.system === system ? this.#adapter : { system, endpoint: this.id };
      await removeAdapter(adapter, limits);
      this.#adapter = undefined;
      return;
    }
    if (from instanceof Namespace) return from.removeEndpoint(this, limits);
    if (from !== undefined) throw new HcsArgumentError('options.from', 'must be a Namespace or a ComputeSystem', from);
    const { HostComputeNamespace: id } = await this.properties(limits);
    const session = this.openSession('HcnModifyNamespace');
    if (id === undefined) return;
    // reap() leaves alone what is open.
    await using namespace = Namespace.of(session, id);
    await namespace.removeEndpoint(this, remaining(limits, started));
  }

  /** How much it has sent and received, as far as the host's HNS says. */
  async statistics(options: OperationOptions = {}): Promise<Readonly<Hns.EndpointStats>> {
    options = readOperationOptions(options);
    return endpointStatistics(this.openSession('HcnQueryEndpointStats', options), this.id, options);
  }
}

// What throws rejects: the document is read at the call, once.
async function createEndpoint(
  network: Network | string,
  document: EndpointDocument,
  options: CreateObjectOptions,
  make: Make<Endpoint>,
): Promise<Endpoint> {
  const id = idOf('network', network);
  const session = typeof network === 'string' ? {} : { session: network.openSession('HcnCreateEndpoint') };
  const check = (members: Members): void => checkNetwork(members, id);
  const more = { HostComputeNetwork: id };
  return create({ kind: 'endpoint', document, input: { network: id }, more, check, ...session }, options, make);
}

function checkNetwork(document: Members, id: string): void {
  for (const name of ['HostComputeNetwork', 'VirtualNetwork']) {
    const own = memberOf(document, name);
    if (own === undefined || (typeof own === 'string' && own.toLowerCase() === id)) continue;
    throw new HcsArgumentError(`document.${name}`, 'must be the id of the network', own, 'Leave it out.');
  }
}
