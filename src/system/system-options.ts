/**
 * The options and results of the methods of a compute system.
 *
 * @module
 */
import type * as Schema1 from '../../types/schema1/index.js';
import type * as Schema2 from '../../types/schema2/index.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { Notification } from '../host/notification.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationResource } from './operation-resources.js';

/** Options of a lifecycle call. */
export interface LifecycleOptions<D extends object = object> extends OperationOptions {
  /** The options document of the call, such as `{ Type: 'Shutdown' }`; most calls need none. */
  readonly options?: D | string;
}

/** Options of what finds or makes systems by their ids. */
export interface SystemHostOptions extends HostOptions {
  /**
   * The namespace of ids that is meant, where it is not the host's own. On a host that was opened with `api: 'computecore'`, and
   * whose computecore.dll has the functions with `InNamespace` in their names.
   */
  readonly idNamespace?: string;
}

/** Options of create(). */
export interface CreateOptions extends SystemHostOptions, ValidationOptions {
  /**
   * Files, jobs and sockets that the host gets with the call, by their URIs. On a host that was opened with `api: 'computecore'`, and whose
   * computecore.dll has `HcsAddResourceToOperation`.
   */
  readonly resources?: readonly OperationResource[];
}

/** Options of save(). */
export interface SaveOptions extends LifecycleOptions<Schema2.SaveOptions> {
  /**
   * Called with each notification of how far the save is, as the host words it. On a host that was opened with `api: 'computecore'`, and
   * whose computecore.dll has `HcsCreateOperationWithNotifications`.
   */
  readonly onProgress?: (notification: Notification) => void;
}

/** Options of modify(). */
export interface ModifyOptions extends OperationOptions, ValidationOptions {}

/** Which systems to list: those that match every member, by any of its values. */
export type SystemQuery = Readonly<Schema2.SystemQuery>;

// Schema 1 has all of schema 2's statistics, and those of the network.
/** Every property, as far as the host reports it. */
export type AnyProperties = Readonly<
  Omit<Schema2.Properties, 'Statistics'> &
    Pick<Schema1.ContainerProperties, 'Statistics' | 'MappedVirtualDiskControllers'>
>;

/** For each property that can be requested, the member that has it in the answer. */
export interface PropertyMembers {
  /** What is answered without any. */
  Basic: 'Id';
  Memory: 'Memory';
  Statistics: 'Statistics';
  ProcessList: 'ProcessList';
  TerminateOnLastHandleClosed: 'TerminateOnLastHandleClosed';
  SharedMemoryRegion: 'SharedMemoryRegionInfo';
  GuestConnection: 'GuestConnectionInfo';
  ICHeartbeatStatus: 'ICHeartbeatStatus';
  SystemGUID: 'SystemGUID';
  /** Schema 1 only. */
  MappedVirtualDisk: 'MappedVirtualDiskControllers';
}

/** A property that can be requested. */
export type SystemPropertyType = keyof PropertyMembers;

/** The properties that every answer may have. */
export type BasicProperties = Readonly<
  Pick<
    Schema2.Properties,
    | 'Id'
    | 'SystemType'
    | 'RuntimeOsType'
    | 'Name'
    | 'Owner'
    | 'RuntimeId'
    | 'RuntimeTemplateId'
    | 'State'
    | 'Stopped'
    | 'ExitType'
    | 'HostingSystemId'
  >
>;

/** The basic properties and the requested ones, in HCS's own spelling; undefined where the host has no value. */
export type SystemProperties<T extends SystemPropertyType = never> = BasicProperties & {
  readonly [P in T as PropertyMembers[P]]: AnyProperties[PropertyMembers[P]] | undefined;
};

/** One entry of `ProcessList` in HCS's own spelling, as far as the host gave it. Times are in units of 100 ns. */
export type ProcessListEntry = Readonly<Schema2.ProcessDetails>;

/** Options of stop(). Without `timeoutMs` it takes `graceMs` and `forceMs` at most. */
export interface StopOptions extends OperationOptions {
  /** Milliseconds to wait for the shutdown; default 30,000. */
  readonly graceMs?: number;
  /** Milliseconds to wait for the exit after terminate; default 30,000. */
  readonly forceMs?: number;
}

/** `stopped`: by shutdown. `terminated`: by force. `abandoned`: it has not ended in time. */
export type StopOutcome = 'stopped' | 'terminated' | 'abandoned';

/** Throws unless stop() can wait this long. */
export function checkLimit(field: string, limit: unknown): void {
  if (typeof limit === 'number' && limit >= 0) return;
  throw new HcsArgumentError(`options.${field}`, 'must be a number of at least 0', limit);
}
