// How much an archive may hold. Beyond any real layer by default, and far below what fills a disk by accident.
import { HcsArgumentError } from '../../errors/errors.js';
import { readOptions } from '../../known-options.js';
import { Refusal } from './refusal.js';

/** Limits of an import. An archive that goes beyond one is refused. */
export interface LayerLimits {
  /** Entries of the archive. Default 1,000,000. */
  readonly entries?: number;
  /** Bytes of the archive once it is decompressed. Default 256 GiB. */
  readonly bytes?: number;
  /** Bytes of one entry. Default 64 GiB. */
  readonly entryBytes?: number;
  /**
   * How many times larger than what was read the decompressed archive may get, the first 64 MiB not counted. Default 200:
   * real layers have less than 20.
   */
  readonly ratio?: number;
}

export type Limits = Required<LayerLimits>;

const gibibyte = 2 ** 30;
const defaults: Limits = { entries: 1_000_000, bytes: 256 * gibibyte, entryBytes: 64 * gibibyte, ratio: 200 };
const uncounted = 64 * 2 ** 20;

/** The limits with their defaults. Throws an {@link HcsArgumentError}. */
export function withDefaults(given: LayerLimits = {}): Limits {
  const limits = readOptions(given, Object.keys(defaults), 'limits');
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (typeof value !== 'number' || !(value > 0)) {
      throw new HcsArgumentError(`limits.${name}`, 'must be a number above 0', value);
    }
  }
  return { ...defaults, ...limits };
}

const raise = (name: keyof Limits): string => `Raise limits.${name} if the layer is to be trusted.`;

export function checkEntries(limits: Limits, entries: number): void {
  if (entries > limits.entries) {
    throw new Refusal(`is one more than the ${limits.entries} entries that are allowed`, raise('entries'));
  }
}

export function checkEntrySize(limits: Limits, size: number): void {
  if (size > limits.entryBytes) {
    throw new Refusal(`has ${size} bytes, more than the ${limits.entryBytes} that are allowed`, raise('entryBytes'));
  }
}

/** @param read - bytes of the source so far, of which `unpacked` came */
export function checkUnpacked(limits: Limits, read: number, unpacked: number): void {
  if (unpacked > limits.bytes) {
    throw new Refusal(`grows beyond the ${limits.bytes} bytes that are allowed`, raise('bytes'));
  }
  if (unpacked - uncounted > limits.ratio * read) {
    throw new Refusal(`grows to more than ${limits.ratio} times what was read`, raise('ratio'));
  }
}
