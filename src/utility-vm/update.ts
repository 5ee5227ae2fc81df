/**
 * New limits of a machine that runs.
 *
 * @module
 */
import type { ModifyRequest } from '../../types/documents.js';
import { guid, machineMemory, uint64 } from '../documents/builders/names-and-paths.js';
import { checkedOptions, members, whole } from '../documents/builders/option-checks.js';

/** New limits. What is left out stays as it is. */
export interface UtilityVmUpdate {
  /** An even number of MiB. */
  readonly memoryMiB?: number | bigint;
  /** From build 19042. */
  readonly cpu?: {
    /** Thousandths of a percent of the machine's processors, from 1 to 100000. */
    readonly limit?: number;
    /** Share beside other machines, from 0 to 10000. */
    readonly weight?: number;
    /** What it has in any case. Microsoft's sources give no unit. */
    readonly reservation?: number | bigint;
  };
  /** The group of processors; the null GUID leaves it. */
  readonly cpuGroupId?: string;
}

const check = members<UtilityVmUpdate>({
  memoryMiB: machineMemory,
  cpu: members<NonNullable<UtilityVmUpdate['cpu']>>({
    limit: whole(1, 100000),
    weight: whole(0, 10000),
    reservation: uint64,
  }),
  cpuGroupId: guid,
});

/** The requests that bring it about, one for each resource. */
export function updateRequests(given: UtilityVmUpdate): ModifyRequest[] {
  const { memoryMiB, cpu, cpuGroupId } = checkedOptions(given, check);
  const topology = 'VirtualMachine/ComputeTopology';
  const requests: ModifyRequest[] = [];
  if (memoryMiB !== undefined) {
    requests.push({ ResourcePath: `${topology}/Memory/SizeInMB`, RequestType: 'Update', Settings: memoryMiB });
  }
  if (cpu !== undefined && Object.keys(cpu).length > 0) {
    const { limit, weight, reservation } = cpu;
    requests.push({
      ResourcePath: `${topology}/Processor/Limits`,
      RequestType: 'Update',
      Settings: {
        ...(limit !== undefined && { Limit: limit }),
        ...(weight !== undefined && { Weight: weight }),
        ...(reservation !== undefined && { Reservation: reservation }),
      },
    });
  }
  if (cpuGroupId !== undefined) {
    requests.push({
      ResourcePath: `${topology}/Processor/CpuGroup`,
      RequestType: 'Update',
      Settings: { Id: cpuGroupId },
    });
  }
  return requests;
}
