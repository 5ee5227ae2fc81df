/**
 * Routes of an SDN.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import type { HostOptions } from '../host/open-handle.js';
import type { ModifyObjectOptions } from './network-object.js';
import type { CreateObjectOptions, Make } from './object-methods.js';
import { create, list, open } from './object-methods.js';
import type { Filter, RouteProperties } from './properties.js';
import { Referrer } from './referrer.js';

/**
 * A route of the host for what endpoints send to a prefix. It needs a network of an SDN, such as Overlay. It belongs to the host,
 * not to this program: it stays until it is deleted.
 */
export class Route extends Referrer<'route'> {
  static readonly #make: Make<Route> = (session, id) => new Route('route', session, id);

  /**
   * Creates a route, by one call. When the call times out or is cancelled, it is deleted once it has been created.
   *
   * @throws `HcsValidationError` when the document is not valid
   */
  static create(document: Hcn.HostComputeRoute | string, options: CreateObjectOptions = {}): Promise<Route> {
    return create({ kind: 'route', document }, options, Route.#make);
  }

  /** Opens a route that exists. */
  static open(id: string, options: HostOptions = {}): Promise<Route> {
    return open('route', id, options, Route.#make);
  }

  /**
   * The properties of the routes that match: all without a filter. One that is deleted meanwhile is left out.
   *
   * @param filter - members that must be equal, or the JSON text of a query of HCN
   */
  static list(
    filter: Filter<Hcn.HostComputeRoute> | string = {},
    options: HostOptions = {},
  ): Promise<RouteProperties[]> {
    return list('route', filter, options);
  }

  /** Changes it by its whole document. No source says which hosts can; addEndpoint() does without. */
  modify(document: Hcn.HostComputeRoute | string, options: ModifyObjectOptions = {}): Promise<void> {
    return this.change(document, options);
  }
}
