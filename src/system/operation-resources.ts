/**
 * What a call hands over with its operation: files, jobs and sockets, each under a URI.
 *
 * @module
 */
import type { OperationExtras } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import { checkedText } from '../documents/document-text.js';

const types = { file: 1, job: 2, socket: 4 } as const;

/** A resource that a call hands over with its operation. */
export interface OperationResource {
  /** What the handle is of. */
  readonly type: keyof typeof types;
  /** By which the host finds it, such as `hcs:/VirtualMachine/LiveMigrationSocket`. */
  readonly uri: string;
  /**
   * The handle of the system: on Windows a `HANDLE` or `SOCKET`, elsewhere a file descriptor. It stays the caller's, and must stay open until
   * the call has completed.
   */
  readonly handle: number | bigint;
}

/** The handle of a resource, as the backend takes it. */
export function readResourceHandle(handle: unknown, field: string): bigint {
  if (typeof handle === 'number' && Number.isSafeInteger(handle) && handle > 0) return BigInt(handle);
  if (typeof handle === 'bigint' && handle > 0n && handle < 1n << 64n) return handle;
  throw new HcsArgumentError(field, 'must be a handle of the system: a whole number or a bigint above 0', handle);
}

function readResource(given: unknown, field: string): readonly [type: number, uri: string, handle: bigint] {
  if (typeof given !== 'object' || given === null) throw new HcsArgumentError(field, 'must be an object', given);
  const { type, uri, handle } = readOptions(given as OperationResource, ['type', 'uri', 'handle'], field);
  if (!Object.hasOwn(types, type)) {
    throw new HcsArgumentError(`${field}.type`, 'must be "file", "job" or "socket"', type);
  }
  if (checkedText(uri, `${field}.uri`) === '') throw new HcsArgumentError(`${field}.uri`, 'must be a URI', uri);
  return [types[type], uri, readResourceHandle(handle, `${field}.handle`)];
}

/** The resources that a caller gives; undefined where there are none. */
export function readResources(given: unknown): OperationExtras | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw new HcsArgumentError('options.resources', 'must be an array', given);
  if (given.length === 0) return undefined;
  return { resources: given.map((each, i) => readResource(each, `options.resources[${i}]`)) };
}
