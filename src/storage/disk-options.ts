/**
 * The options of virtual disks, checked.
 *
 * @module
 */
import { checkedText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import { checkFolder } from '../layers/layer-names.js';

/** What is said of the blocks of a new disk. */
interface BlockOptions extends HostOptions {
  /** 1 MiB to 256 MiB, a power of two; default 1 MiB, as the platform's own disks have it. */
  readonly blockSizeBytes?: number;
}

/** How to create a disk. One of the two sizes is required. */
export interface CreateDiskOptions extends BlockOptions {
  /** The size of the disk in units of 2^30 bytes. */
  readonly sizeGB?: number;
  /** The size in bytes: 3 MiB to 64 TiB, whole sectors. */
  readonly sizeBytes?: number;
  /** Whether the file grows with what is written, which is the default, or has its full size at once. */
  readonly type?: 'dynamic' | 'fixed';
  /** 512 or 4096; default 512. */
  readonly sectorSizeBytes?: number;
  /** 512 or 4096; default 4096. */
  readonly physicalSectorSizeBytes?: number;
}

/** How to create a disk on a parent. */
export interface CreateDifferencingOptions extends BlockOptions {
  /** The file of the parent: absolute. It must not be written to any more. */
  readonly parent: string;
}

/** How to open a disk. */
export interface OpenDiskOptions extends HostOptions {
  /** Whether the disk is only read; default false. */
  readonly readOnly?: boolean;
  /** Looks for the parent at its absolute path alone; default false: first beside the disk, as when it was created. */
  readonly ignoreRelativeParent?: boolean;
}

/** How to attach a disk. */
export interface AttachDiskOptions extends OperationOptions {
  /** Default false. A disk that was opened for reading can be attached for reading only. */
  readonly readOnly?: boolean;
  /** Whether the volumes of the disk get drive letters; default false. */
  readonly driveLetter?: boolean;
  /** Whether it stays attached when the disk is closed, until it is detached or Windows restarts; default false. */
  readonly permanent?: boolean;
}

const mebibyte = 2 ** 20;
const leastBytes = 3 * mebibyte;
const mostBytes = 64 * 2 ** 40;

/** The path of the file of a disk. */
export function checkDiskPath(path: unknown, field: string): string {
  const text = checkFolder(checkedText(path, field), field);
  if (/\.a?vhdx?$/i.test(text)) return text;
  throw new HcsArgumentError(field, 'must have the extension .vhdx', text);
}

function oneOf(options: Readonly<Record<string, unknown>>, name: string, allowed: readonly unknown[]): void {
  const value = options[name];
  if (value === undefined || allowed.includes(value)) return;
  const last = String(allowed.at(-1));
  throw new HcsArgumentError(`options.${name}`, `must be ${allowed.slice(0, -1).join(', ')} or ${last}`, value);
}

function checkSwitches(options: object, names: readonly string[]): void {
  for (const name of names) oneOf(options as Readonly<Record<string, unknown>>, name, [true, false]);
}

function checkBlockSize({ blockSizeBytes }: BlockOptions): void {
  if (blockSizeBytes === undefined) return;
  const megabytes = typeof blockSizeBytes === 'number' ? blockSizeBytes / mebibyte : NaN;
  if (Number.isInteger(megabytes) && megabytes >= 1 && megabytes <= 256 && (megabytes & (megabytes - 1)) === 0) return;
  const problem = 'must be a power of two from 1048576 to 268435456';
  throw new HcsArgumentError('options.blockSizeBytes', problem, blockSizeBytes);
}

/** The size of a new disk in bytes. */
function sizeOf({ sizeGB, sizeBytes, sectorSizeBytes = 512 }: CreateDiskOptions): number {
  if ((sizeGB === undefined) === (sizeBytes === undefined)) {
    const problem = 'must be given, or else options.sizeBytes; not both';
    throw new HcsArgumentError('options.sizeGB', problem, sizeGB);
  }
  const [field, value] = sizeGB === undefined ? ['options.sizeBytes', sizeBytes] : ['options.sizeGB', sizeGB];
  const bytes = typeof value !== 'number' ? NaN : sizeGB === undefined ? value : value * 2 ** 30;
  const inRange = Number.isSafeInteger(bytes) && bytes >= leastBytes && bytes <= mostBytes;
  if (inRange && bytes % sectorSizeBytes === 0) return bytes;
  throw new HcsArgumentError(field, `must come to ${leastBytes} to ${mostBytes} bytes, and to whole sectors`, value);
}

const blockOptions = ['blockSizeBytes', 'host'];

/** Reads the options of create(); `size` is in bytes. */
export function readCreateOptions(given: CreateDiskOptions): { options: CreateDiskOptions; size: number } {
  const names = ['sizeGB', 'sizeBytes', 'type', 'sectorSizeBytes', 'physicalSectorSizeBytes', ...blockOptions];
  const options = readOperationOptions(given, names);
  const values = options as Readonly<Record<string, unknown>>;
  if (options.type !== undefined && !['dynamic', 'fixed'].includes(options.type)) {
    throw new HcsArgumentError('options.type', 'must be "dynamic" or "fixed"', options.type);
  }
  oneOf(values, 'sectorSizeBytes', [512, 4096]);
  oneOf(values, 'physicalSectorSizeBytes', [512, 4096]);
  checkBlockSize(options);
  return { options, size: sizeOf(options) };
}

/** Reads the options of createDifferencing(). */
export function readDifferencingOptions(given: CreateDifferencingOptions): CreateDifferencingOptions {
  const options = readOperationOptions(given, ['parent', ...blockOptions]);
  checkDiskPath(options.parent, 'options.parent');
  checkBlockSize(options);
  return options;
}

/** Reads the options of open(). */
export function readOpenOptions(given: OpenDiskOptions): OpenDiskOptions {
  const names = ['readOnly', 'ignoreRelativeParent'];
  const options = readOperationOptions(given, [...names, 'host']);
  checkSwitches(options, names);
  return options;
}

/** Reads the options of attach(). */
export function readAttachOptions(given: AttachDiskOptions): AttachDiskOptions {
  const names = ['readOnly', 'driveLetter', 'permanent'];
  const options = readOperationOptions(given, names);
  checkSwitches(options, names);
  return options;
}

/** `CREATE_VIRTUAL_DISK_FLAG_FULL_PHYSICAL_ALLOCATION`. */
export const fullyAllocated = 1;
/** `OPEN_VIRTUAL_DISK_FLAG`. */
export const openFlags = { noParents: 1, cachedIo: 8, ignoreRelativeParentLocator: 0x80 } as const;

/** `ATTACH_VIRTUAL_DISK_FLAG`. */
export function attachFlags({ readOnly, driveLetter, permanent }: AttachDiskOptions): number {
  return (readOnly === true ? 1 : 0) | (driveLetter === true ? 0 : 2) | (permanent === true ? 4 : 0);
}
