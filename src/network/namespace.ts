/**
 * Namespaces: what a container has of networks, with all its endpoints.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import { isMembers } from '../documents/check.js';
import { HcsArgumentError, isNotFound } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { readOperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import { ComputeSystem } from '../system/compute-system.js';
import { listIn } from './answers.js';
import type { ModifyObjectOptions } from './network-object.js';
import type { CreateObjectOptions, Make } from './object-methods.js';
import { idOf, ServiceObject } from './network-object.js';
import { create, list, open } from './object-methods.js';
import { queryObject } from './object-calls.js';
import { families, subjectOf } from './object-families.js';
import type { EndpointProperties, Filter, NamespaceProperties } from './properties.js';

/**
 * A namespace of the host. It belongs to the host, not to this program: it stays until it is deleted.
 *
 * @example
 * const namespace = await Namespace.create();
 * const { NamespaceId, Resources } = await namespace.properties();
 * const network = { namespace: namespace.id }; // for the document of a container
 */
export class Namespace extends ServiceObject<'namespace'> {
  static readonly #make: Make<Namespace> = (session, id) => new Namespace('namespace', session, id);

  /** @internal */
  static of(session: Session, id: string): Namespace {
    return Namespace.#make(session, id);
  }

  /**
   * Creates a namespace, by one call. When the call times out or is cancelled, it is deleted once it has been created.
   *
   * @param document - without one, or without `Type`, the namespace is of the type `Host`: its own, for containers
   * @throws `HcsValidationError` when the document is not valid
   */
  static create(
    document: Hcn.HostComputeNamespace | string = {},
    options: CreateObjectOptions = {},
  ): Promise<Namespace> {
    return create({ kind: 'namespace', document }, options, Namespace.#make);
  }

  /** Opens a namespace that exists. */
  static open(id: string, options: HostOptions = {}): Promise<Namespace> {
    return open('namespace', id, options, Namespace.#make);
  }

  /**
   * The properties of the namespaces that match: all without a filter. One that is deleted meanwhile is left out.
   *
   * @param filter - members that must be equal, or the JSON text of a query of HCN
   */
  static list(
    filter: Filter<Hcn.HostComputeNamespace> | string = {},
    options: HostOptions = {},
  ): Promise<NamespaceProperties[]> {
    return list('namespace', filter, options);
  }

  /** Changes the namespace by a request document, which is validated first, or its JSON text. */
  modify(request: Hcn.ModifyNamespaceSettingRequest | string, options: ModifyObjectOptions = {}): Promise<void> {
    return this.change(request, options);
  }

  /** Adds an endpoint, given as such or by its id. An endpoint is in one namespace at most. */
  async addEndpoint(endpoint: ServiceObject<'endpoint'> | string, options: OperationOptions = {}): Promise<void> {
    const EndpointId = idOf('endpoint', endpoint);
    await this.change({ ResourceType: 'Endpoint', RequestType: 'Add', Settings: { EndpointId } }, options);
  }

  /** Removes an endpoint. What is gone or was not in it is no error. */
  async removeEndpoint(endpoint: ServiceObject<'endpoint'> | string, options: OperationOptions = {}): Promise<void> {
    const EndpointId = idOf('endpoint', endpoint);
    await this.#remove({ ResourceType: 'Endpoint', RequestType: 'Remove', Settings: { EndpointId } }, options);
  }

  /** Adds a container, given as such or by its id. The service does it by itself for a system whose document has a namespace. */
  async addContainer(container: ComputeSystem | string, options: OperationOptions = {}): Promise<void> {
    const ContainerId = containerId(container);
    await this.change({ ResourceType: 'Container', RequestType: 'Add', Settings: { ContainerId } }, options);
  }

  /** Removes a container, such as one that an ended service has left in it. What is gone is no error. */
  async removeContainer(container: ComputeSystem | string, options: OperationOptions = {}): Promise<void> {
    const ContainerId = containerId(container);
    await this.#remove({ ResourceType: 'Container', RequestType: 'Remove', Settings: { ContainerId } }, options);
  }

  async #remove(request: Hcn.ModifyNamespaceSettingRequest, options: OperationOptions): Promise<void> {
    try {
      await this.change(request, options);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** The properties of the endpoints that are in it. One that is deleted meanwhile is left out. */
  async endpoints(options: OperationOptions = {}): Promise<EndpointProperties[]> {
    options = readOperationOptions(options);
    const started = performance.now();
    const session = this.openSession('HcnQueryEndpointProperties', options);
    const ids = await this.#resources('Endpoint', options);
    const found: EndpointProperties[] = [];
    for (const id of ids) {
      try {
        found.push(await queryObject(session, families.endpoint, id.toLowerCase(), remaining(options, started)));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return found;
  }

  /** The ids of the containers that are in it. */
  containers(options: OperationOptions = {}): Promise<string[]> {
    return this.#resources('Container', options);
  }

  async #resources(type: Hcn.NamespaceResourceType, options: OperationOptions): Promise<string[]> {
    const asked = {
      operation: 'HcnQueryNamespaceProperties',
      subject: subjectOf(families.namespace, this.id),
      what: 'resources',
    };
    const resources = listIn(await this.properties(options), 'Resources', isMembers, asked);
    return resources.flatMap(({ Type, Data }) => {
      const id = isMembers(Data) ? Data.Id : undefined;
      return Type === type && typeof id === 'string' ? [id] : [];
    });
  }
}

// Not in it, or the namespace or the endpoint is gone.
function isGone(error: unknown): boolean {
  return isNotFound(error) || (error as { readonly code?: unknown }).code === 'HCN_E_ENDPOINT_NOT_ATTACHED';
}

function containerId(container: ComputeSystem | string): string {
  if (container instanceof ComputeSystem) return container.id;
  if (typeof container === 'string' && container !== '' && !container.includes('\0')) return container;
  throw new HcsArgumentError('container', 'must be a ComputeSystem, or its id', container);
}
