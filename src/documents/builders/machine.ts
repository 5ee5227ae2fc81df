/**
 * What virtual machines have in common, whatever they boot.
 *
 * @module
 */
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { Members } from './option-checks.js';
import { flag, members, plain, record, whole } from './option-checks.js';
import { storageQoS } from './container-of-schema2.js';
import type { StorageQoSOptions } from './container-options.js';
import { storageCheck } from './container-options.js';
import type { SystemOptions } from './envelope.js';
import { given, systemChecks } from './envelope.js';
import { guid, macAddress, machineMemory, pipePath, uint64 } from './names-and-paths.js';

/** The processors of a virtual machine. The three may be combined. */
export interface MachineCpu {
  /** No more than the host has. */
  readonly count?: number;
  /** Thousandths of a percent of the machine's processors, from 1 to 100000. */
  readonly limit?: number;
  /** Share beside other machines, from 0 to 10000; the host's default is 100. */
  readonly weight?: number;
}

/** A network adapter on an endpoint of the host's network. */
export interface AdapterOptions {
  readonly endpointId: string;
  /** As the endpoint has it. */
  readonly macAddress?: string;
}

/** Options of every virtual machine. */
export interface MachineOptions extends SystemOptions {
  /** An even number of MiB. */
  readonly memoryMiB?: number | bigint;
  readonly cpu?: MachineCpu;
  /** Backs the memory with the page file instead of physical memory of its own; on by default. */
  readonly allowOvercommit?: boolean;
  /** Commits a page when it is first used; only with `allowOvercommit`. */
  readonly enableDeferredCommit?: boolean;
  /** Room for devices below 4 GiB; schema 2.3. */
  readonly lowMmioGapMiB?: number;
  /** Where the room for devices above 4 GiB begins; schema 2.3. */
  readonly highMmioBaseMiB?: number;
  /** Room for devices above 4 GiB; schema 2.3. */
  readonly highMmioGapMiB?: number;
  /** The group of processors, which excludes `resourcePartitionId`; schema 2.5, though hosts take it from build 19043. */
  readonly cpuGroupId?: string;
  readonly resourcePartitionId?: string;
  readonly storageQoS?: StorageQoSOptions;
  /** The pipe of the host that the first serial port leads to. */
  readonly consolePipe?: string;
  /** Adapters by a name of your choice, which becomes the id of the device; a GUID stays as it is. */
  readonly networkAdapters?: Readonly<Record<string, AdapterOptions>>;
  /** Hyper-V socket services by their GUID, in the spelling of HCS. */
  readonly hvSocketServices?: Readonly<Record<string, Schema2.HvSocketServiceConfig>>;
  /** The link to the guest service that the host keeps, in the spelling of HCS; `false` for none. */
  readonly guestConnection?: Schema2.GuestConnection | false;
}

export const machineCpuCheck = members<MachineCpu>({
  count: whole(1, 2 ** 32 - 1),
  limit: whole(1, 100000),
  weight: whole(0, 10000),
});

export const machineChecks: Members<MachineOptions> = {
  ...systemChecks,
  memoryMiB: machineMemory,
  cpu: machineCpuCheck,
  allowOvercommit: flag,
  enableDeferredCommit: flag,
  lowMmioGapMiB: uint64,
  highMmioBaseMiB: uint64,
  highMmioGapMiB: uint64,
  cpuGroupId: guid,
  resourcePartitionId: guid,
  storageQoS: storageCheck,
  consolePipe: pipePath,
  networkAdapters: record(members<AdapterOptions>({ endpointId: guid, macAddress }, 'endpointId')),
  hvSocketServices: (value, field) => {
    record(plain)(value, field);
    for (const service of Object.keys(value as object)) guid(service, `${field}[${JSON.stringify(service)}]`);
  },
  guestConnection: (value, field) =>
    value === false ||
    members<Schema2.GuestConnection>({ UseVsock: flag, UseConnectedSuspend: flag, UseHostTimeZone: flag })(
      value,
      field,
    ),
};

/** The GUIDs by which hcsshim names its SCSI controllers. */
export const scsiControllers = [
  'df6d0690-79e5-55b6-a5ec-c1e2f77f580a',
  '0110f83b-de10-5172-a266-78bca56bf50a',
  'b5d2d8d4-3a75-51bf-945b-3444dc6b8579',
  '305891a9-b251-5dfe-91a2-c25d9212275b',
] as const;

/** Memory and processors; `hints` are members of the memory that depend on the guest. */
export function topologyOf(
  options: MachineOptions,
  defaults: { readonly memoryMiB: number; readonly processors: number },
  hints: Schema2.VirtualMachine_Memory = {},
): Schema2.Topology {
  const {
    memoryMiB = defaults.memoryMiB,
    cpu = {},
    allowOvercommit = true,
    enableDeferredCommit,
    cpuGroupId,
  } = options;
  if (enableDeferredCommit === true && !allowOvercommit) {
    throw new HcsArgumentError(
      'options.enableDeferredCommit',
      'must be used with allowOvercommit',
      enableDeferredCommit,
    );
  }
  if (cpuGroupId !== undefined && options.resourcePartitionId !== undefined) {
    throw new HcsArgumentError('options.cpuGroupId', 'must not be combined with resourcePartitionId', cpuGroupId);
  }
  return {
    Memory: {
      SizeInMB: memoryMiB,
      ...given('AllowOvercommit', allowOvercommit || undefined),
      ...given('EnableDeferredCommit', enableDeferredCommit === true ? true : undefined),
      ...given('LowMmioGapInMB', options.lowMmioGapMiB),
      ...given('HighMmioBaseInMB', options.highMmioBaseMiB),
      ...given('HighMmioGapInMB', options.highMmioGapMiB),
      ...hints,
    },
    Processor: {
      Count: cpu.count ?? defaults.processors,
      ...given('Limit', cpu.limit),
      ...given('Weight', cpu.weight),
      ...given('CpuGroup', cpuGroupId === undefined ? undefined : { Id: cpuGroupId }),
    },
  };
}

/** Devices that any machine may have. */
export function commonDevices({ consolePipe, networkAdapters = {} }: MachineOptions): Schema2.Devices {
  const adapters = Object.entries(networkAdapters).map(
    ([name, { endpointId, macAddress: address }]) =>
      [name, { EndpointId: endpointId, ...given('MacAddress', address) }] as const,
  );
  return {
    ...given('ComPorts', consolePipe === undefined ? undefined : { '0': { NamedPipe: consolePipe } }),
    ...given('NetworkAdapters', adapters.length > 0 ? Object.fromEntries(adapters) : undefined),
  };
}

/** What hcsshim gives a utility VM to look at. */
export const graphicDevices = { Keyboard: {}, EnhancedModeVideo: {}, VideoMonitor: {} } as const;

/** Administrators and the system reach the guest service over Hyper-V sockets. */
export function guestSockets({ hvSocketServices = {} }: MachineOptions): Schema2.Devices {
  const DefaultBindSecurityDescriptor = 'D:P(A;;FA;;;SY)(A;;FA;;;BA)';
  return { HvSocket: { HvSocketConfig: { DefaultBindSecurityDescriptor, ServiceTable: hvSocketServices } } };
}

/** Members of the machine itself that any machine may have. */
export function commonMembers(
  options: MachineOptions,
  guestConnection: Schema2.GuestConnection | undefined,
): Schema2.VirtualMachine {
  const link = options.guestConnection ?? guestConnection;
  return {
    ...given('StorageQoS', options.storageQoS && storageQoS(options.storageQoS)),
    ...given('ResourcePartitionId', options.resourcePartitionId),
    ...given('GuestConnection', link === false ? undefined : link),
  };
}
