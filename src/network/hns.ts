/**
 * The older route to the network service, typed: what HCN lacks, and hosts before it.
 *
 * @module
 */
import type * as Hns from '../../types/hns/index.js';
import { checkedText, documentText } from '../documents/document-text.js';
import type { HcsDocument } from '../documents/document-text.js';
import { HcsArgumentError, isNotFound } from '../errors/errors.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import { callHns } from './hns-call.js';
import { checkObjectId } from './object-families.js';

/** A method of the older route. */
export type HnsMethod = 'GET' | 'POST' | 'DELETE';

async function callRoute<T>(
  method: HnsMethod,
  path: string,
  body: HcsDocument | undefined,
  options: HostOptions,
  type?: string,
  isList = false,
): Promise<T> {
  const started = performance.now();
  options = readOperationOptions(options, ['host']);
  const text = body === undefined ? undefined : documentText(body, 'body');
  throwIfAborted('HNSCall', {}, options);
  const session = sessionOf(options.host ?? (await defaultHost()), 'HNSCall');
  return callHns(session, method, path, text, remaining(options, started), type, isList);
}

/** The objects of one kind. */
export interface HnsObjects<T> {
  list(options?: HostOptions): Promise<T[]>;
  get(id: string, options?: HostOptions): Promise<T>;
  create(document: T | string, options?: HostOptions): Promise<T>;
  /** One that is gone is no error. */
  delete(id: string, options?: HostOptions): Promise<void>;
}

/** Endpoints of the older route. */
export interface HnsEndpoints extends HnsObjects<Hns.Endpoint> {
  /** Puts a document in the place of that of an endpoint. */
  update(id: string, document: Hns.Endpoint | string, options?: HostOptions): Promise<Hns.Endpoint>;
  attach(id: string, request: Hns.EndpointAttachDetachRequest, options?: HostOptions): Promise<void>;
  detach(id: string, request: Hns.EndpointAttachDetachRequest, options?: HostOptions): Promise<void>;
  statistics(id: string, options?: HostOptions): Promise<Hns.EndpointStats>;
}

/** Namespaces of the older route. */
export interface HnsNamespaces extends HnsObjects<Hns.Namespace> {
  addEndpoint(id: string, endpoint: string, options?: HostOptions): Promise<void>;
  removeEndpoint(id: string, endpoint: string, options?: HostOptions): Promise<void>;
}

const at = (path: string, id: string, action = ''): string => `/${path}/${checkObjectId('id', id)}${action}`;

function objects<T extends object>(path: string, type: string): HnsObjects<T> {
  return {
    list: async (options = {}) => callRoute('GET', `/${path}/`, undefined, options, type, true),
    get: async (id, options = {}) => callRoute('GET', at(path, id), undefined, options, type),
    create: async (document, options = {}) => callRoute('POST', `/${path}/`, document, options, type),
    async delete(id, options = {}) {
      try {
        await callRoute('DELETE', at(path, id), undefined, options);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

const endpointsOfHns: HnsEndpoints = {
  ...objects<Hns.Endpoint>('endpoints', 'Endpoint'),
  update: async (id, document, options = {}) => callRoute('POST', at('endpoints', id), document, options, 'Endpoint'),
  attach: async (id, request, options = {}) => callRoute('POST', at('endpoints', id, '/attach'), request, options),
  detach: async (id, request, options = {}) => callRoute('POST', at('endpoints', id, '/detach'), request, options),
  statistics: async (id, options = {}) =>
    callRoute('GET', at('endpointstats', id), undefined, options, 'EndpointStats'),
};

const resource = (endpoint: string): Hns.NamespaceResource => ({
  Type: 'Endpoint',
  Data: { Id: checkObjectId('endpoint', endpoint) },
});

const namespacesOfHns: HnsNamespaces = {
  ...objects<Hns.Namespace>('namespaces', 'Namespace'),
  addEndpoint: async (id, endpoint, options = {}) =>
    callRoute('POST', at('namespaces', id, '/addresource'), resource(endpoint), options),
  removeEndpoint: async (id, endpoint, options = {}) =>
    callRoute('POST', at('namespaces', id, '/removeresource'), resource(endpoint), options),
};

/** The older route: everything that it has, by `call()`, and what is used most by itself. Ids are in lower case. */
export interface HnsRoute {
  readonly networks: HnsObjects<Hns.Network>;
  readonly endpoints: HnsEndpoints;
  readonly namespaces: HnsNamespaces;
  readonly policyLists: HnsObjects<Hns.PolicyList>;
  /**
   * Makes a call, and fulfils with the `Output` of the answer as it came; undefined where it has none.
   *
   * @param body - a document, or its JSON text
   */
  call(method: HnsMethod, path: string, body?: HcsDocument, options?: HostOptions): Promise<unknown>;
}

const methods: readonly string[] = ['GET', 'POST', 'DELETE'];

/**
 * The older route to the network service, by `HNSCall`.
 *
 * @example
 * for (const { Name, Type } of await hns.networks.list()) console.log(Name, Type);
 * const mac = await hns.call('GET', '/accelnet/');
 */
export const hns: HnsRoute = {
  networks: objects('networks', 'Network'),
  endpoints: endpointsOfHns,
  namespaces: namespacesOfHns,
  policyLists: objects('policylists', 'PolicyList'),
  async call(method, path, body, options = {}) {
    if (!methods.includes(method)) throw new HcsArgumentError('method', 'must be "GET", "POST" or "DELETE"', method);
    if (!checkedText(path, 'path').startsWith('/')) {
      throw new HcsArgumentError('path', 'must begin with "/", such as "/networks/"', path);
    }
    return callRoute(method, path, body, options);
  },
};
