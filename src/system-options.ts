/**
 * What the methods of a compute system take and give.
 *
 * @module
 */
import type { HcsDocument } from './documents.js';
import { HcsArgumentError } from './errors.js';
import type { OperationOptions } from './limits.js';

/** Options of a lifecycle call. */
export interface LifecycleOptions extends OperationOptions {
  /** The options document of the call, such as `{ Type: 'Shutdown' }`; most calls take none. */
  readonly options?: HcsDocument;
}

/** Which systems to list. Members narrow the list together; the values of one member are alternatives. */
export interface SystemQuery {
  readonly Ids?: readonly string[];
  readonly Names?: readonly string[];
  readonly Types?: readonly string[];
  readonly Owners?: readonly string[];
}

/** Properties of a system in HCS's own spelling, as far as the host gave them. */
export interface SystemProperties {
  readonly Id?: string;
  readonly SystemType?: string;
  readonly RuntimeOsType?: string;
  readonly Name?: string;
  readonly Owner?: string;
  readonly RuntimeId?: string;
  readonly State?: string;
  readonly Stopped?: boolean;
  readonly ExitType?: string;
  readonly [property: string]: unknown;
}

/** One entry of `ProcessList` in HCS's own spelling, as far as the host gave it. Times are in units of 100 ns. */
export interface ProcessListEntry {
  readonly ProcessId: number;
  readonly ImageName?: string;
  readonly CreateTimestamp?: string;
  readonly UserTime100ns?: number;
  readonly KernelTime100ns?: number;
  readonly MemoryCommitBytes?: number;
  readonly MemoryWorkingSetPrivateBytes?: number;
  readonly MemoryWorkingSetSharedBytes?: number;
}

export interface StopOptions {
  /** Milliseconds that the system has to shut down by itself; default 30,000. */
  readonly graceMs?: number;
  /** Milliseconds that it has to go once it is terminated; default 30,000. */
  readonly forceMs?: number;
}

/** `stopped`: by itself. `terminated`: by force. `abandoned`: the host has not ended it in time. */
export type StopOutcome = 'stopped' | 'terminated' | 'abandoned';

/** Throws unless this is a time that stop() can wait. */
export function checkLimit(field: string, limit: unknown): void {
  if (typeof limit === 'number' && limit >= 0) return;
  throw new HcsArgumentError(`options.${field}`, `is ${String(limit)}`, 'Pass milliseconds, 0 or more.');
}
