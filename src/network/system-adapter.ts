/**
 * How an endpoint gets into a system that runs: a container takes it by a request of schema 1, a virtual machine as a network
 * adapter, of which a guest that is connected is notified before and after.
 *
 * @module
 */
import { isMembers } from '../documents/check.js';
import { isOver } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import type { ComputeSystem } from '../system/compute-system.js';
import type { EndpointProperties, NamespaceProperties } from './properties.js';

/** The guest of a machine, where the host is connected to it. */
export interface ConnectedGuest {
  readonly isLinux: boolean;
  /** Whether it is notified of namespaces. */
  readonly takesNamespaces: boolean;
}

/** An endpoint in a system. */
export interface SystemAdapter {
  readonly system: ComputeSystem;
  /** The id of the endpoint. */
  readonly endpoint: string;
  /** The id of the network adapter of a virtual machine. */
  readonly adapter?: string;
  /** The guest of the machine, which is notified. */
  readonly guest?: ConnectedGuest | undefined;
}

/** What a system is, as far as networks are concerned. */
export interface SystemNature {
  readonly isMachine: boolean;
  readonly guest?: ConnectedGuest;
}

/** Asks for it. */
export async function natureOf(system: ComputeSystem, options: OperationOptions): Promise<SystemNature> {
  const started = performance.now();
  const { SystemType, RuntimeOsType } = await system.properties([], options);
  if (SystemType !== 'VirtualMachine') return { isMachine: false };
  const { GuestConnectionInfo } = await system.properties(['GuestConnection'], remaining(options, started));
  if (GuestConnectionInfo === undefined) return { isMachine: true };
  const { GuestDefinedCapabilities } = GuestConnectionInfo as { readonly GuestDefinedCapabilities?: unknown };
  const can = isMembers(GuestDefinedCapabilities) && GuestDefinedCapabilities.NamespaceAddRequestSupported === true;
  return { isMachine: true, guest: { isLinux: RuntimeOsType === 'Linux', takesNamespaces: can } };
}

/** Notifies the guest of a machine of a namespace. */
export async function notifyOfNamespace(
  system: ComputeSystem,
  RequestType: 'Add' | 'Remove',
  Settings: Partial<NamespaceProperties>,
  options: OperationOptions,
): Promise<void> {
  const GuestRequest = { ResourceType: 'NetworkNamespace', RequestType, Settings };
  await system.modify(JSON.stringify({ GuestRequest }), options);
}

/** How an endpoint is to get into a system: nothing is done yet. */
export async function newAdapter(
  system: ComputeSystem,
  endpoint: string,
  { isMachine, guest }: SystemNature,
): Promise<SystemAdapter> {
  if (!isMachine) return { system, endpoint };
  const { v4 } = await import('uuid');
  return { system, endpoint, adapter: v4(), guest };
}

/** Adds an endpoint to a system. */
export async function addAdapter(
  { system, endpoint, adapter, guest }: SystemAdapter,
  properties: EndpointProperties,
  options: OperationOptions,
): Promise<void> {
  const started = performance.now();
  if (adapter === undefined) {
    await system.modify({ ResourceType: 'Network', RequestType: 'Add', Settings: endpoint }, options);
    return;
  }
  // A Windows guest learns of the addresses before it sees the adapter.
  if (guest?.isLinux === false) await system.modify(JSON.stringify(preAdd(adapter, properties)), options);
  const Settings = { EndpointId: endpoint, ...(properties.MacAddress && { MacAddress: properties.MacAddress }) };
  const request = { ...adapterRequest(adapter, 'Add', guest !== undefined), Settings };
  await system.modify(JSON.stringify(request), remaining(options, started));
}

function adapterRequest(adapter: string, RequestType: 'Add' | 'Remove', hasGuest: boolean): object {
  const Settings = { AdapterId: adapter, RequestType };
  return {
    ResourcePath: `VirtualMachine/Devices/NetworkAdapters/${adapter}`,
    RequestType,
    ...(hasGuest && { GuestRequest: { ResourceType: 'Network', RequestType, Settings } }),
  };
}

function preAdd(adapter: string, properties: EndpointProperties): object {
  const Settings = { AdapterId: adapter, RequestType: 'PreAdd', Settings: properties };
  return { GuestRequest: { ResourceType: 'Network', RequestType: 'Add', Settings } };
}

/** Takes an endpoint out of a system. One that has ended, or has it no longer, is no error. */
export async function removeAdapter(added: SystemAdapter, options: OperationOptions): Promise<void> {
  const { system, endpoint, adapter, guest } = added;
  try {
    if (adapter === undefined) {
      await system.modify({ ResourceType: 'Network', RequestType: 'Remove', Settings: endpoint }, options);
    } else {
      await system.modify(JSON.stringify(adapterRequest(adapter, 'Remove', guest !== undefined)), options);
    }
  } catch (error) {
    if (!isOver(error)) throw error;
  }
}
