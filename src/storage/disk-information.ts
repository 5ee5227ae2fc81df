/**
 * What the host tells of a virtual disk.
 *
 * @module
 */
import type { DiskFacts } from '../backend/backend.js';

/** What a virtual disk is. */
export interface DiskInformation {
  /** `unknown`: of a kind that is not known here. */
  readonly type: 'fixed' | 'dynamic' | 'differencing' | 'unknown';
  /** The size of the disk in bytes. */
  readonly sizeBytes: number;
  /** The size of its file. */
  readonly fileSizeBytes: number;
  readonly blockSizeBytes: number;
  readonly sectorSizeBytes: number;
  readonly physicalSectorSizeBytes: number;
  /** The id of the virtual disk: a GUID in lower case. */
  readonly id: string;
  /** Where its parent was found. Of a differencing disk only. */
  readonly parent?: string;
  /** Whether it is attached, or in use in another way. */
  readonly inUse: boolean;
}

const types = new Map<number, DiskInformation['type']>([
  [2, 'fixed'],
  [3, 'dynamic'],
  [4, 'differencing'],
]);

/** @internal */
export function toDiskInformation(facts: DiskFacts): DiskInformation {
  const [
    sizeBytes,
    fileSizeBytes,
    blockSizeBytes,
    sectorSizeBytes,
    physicalSectorSizeBytes,
    subtype,
    used,
    id,
    parent,
  ] = facts;
  return {
    type: types.get(subtype) ?? 'unknown',
    sizeBytes,
    fileSizeBytes,
    blockSizeBytes,
    sectorSizeBytes,
    physicalSectorSizeBytes,
    id,
    ...(parent !== null && { parent }),
    inUse: used !== 0,
  };
}
