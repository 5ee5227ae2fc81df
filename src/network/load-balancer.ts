/**
 * Load balancers.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import type { HostOptions } from '../host/open-handle.js';
import type { ModifyObjectOptions } from './network-object.js';
import type { CreateObjectOptions, Make } from './object-methods.js';
import { create, list, open } from './object-methods.js';
import type { Filter, LoadBalancerProperties } from './properties.js';
import { Referrer } from './referrer.js';

/**
 * A load balancer of the host, which spreads what comes to its addresses over endpoints. It needs a network of an SDN, such as
 * Overlay. It belongs to the host, not to this program: it stays until it is deleted.
 */
export class LoadBalancer extends Referrer<'load balancer'> {
  static readonly #make: Make<LoadBalancer> = (session, id) => new LoadBalancer('load balancer', session, id);

  /**
   * Creates a load balancer, by one call. When the call times out or is cancelled, it is deleted once it has been created.
   *
   * @throws `HcsValidationError` when the document is not valid
   */
  static create(
    document: Hcn.HostComputeLoadBalancer | string,
    options: CreateObjectOptions = {},
  ): Promise<LoadBalancer> {
    return create({ kind: 'load balancer', document }, options, LoadBalancer.#make);
  }

  /** Opens a load balancer that exists. */
  static open(id: string, options: HostOptions = {}): Promise<LoadBalancer> {
    return open('load balancer', id, options, LoadBalancer.#make);
  }

  /**
   * The properties of the load balancers that match: all without a filter. One that is deleted meanwhile is left out.
   *
   * @param filter - members that must be equal, or the JSON text of a query of HCN
   */
  static list(
    filter: Filter<Hcn.HostComputeLoadBalancer> | string = {},
    options: HostOptions = {},
  ): Promise<LoadBalancerProperties[]> {
    return list('load balancer', filter, options);
  }

  /** Changes it by its whole document, where the host's HNS can: see `networkFeatures()`, `ModifyLoadbalancer`. */
  modify(document: Hcn.HostComputeLoadBalancer | string, options: ModifyObjectOptions = {}): Promise<void> {
    return this.change(document, options);
  }
}
