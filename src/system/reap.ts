/**
 * Finds and ends what a program that was killed has left behind.
 *
 * @module
 */
import { ComputeSystem } from './compute-system.js';
import { HcsAbortError, HcsArgumentError, HcsError, isAlreadyStopped, isNotFound } from '../errors/errors.js';
import { defaultHost } from '../host/host.js';
import { checkOptions } from '../host/operation-options.js';
import type { HostOptions } from '../host/open-handle.js';
import type { SystemProperties } from './system-options.js';

export interface ReapOptions extends HostOptions {
  /** Whose systems: the `Owner` of the documents they were created from, in upper or lower case. */
  readonly owner: string;
  /** Only finds them. */
  readonly dryRun?: boolean;
}

/** A system that was left behind, and what has become of it. */
export interface ReapedSystem {
  readonly id: string;
  /** What the host told of it before anything was done. */
  readonly properties: SystemProperties;
  /**
   * `found`: nothing was done, as with `dryRun`. `terminated`: by this call. `gone`: it ended meanwhile, as what a virtual
   * machine hosts does when the machine ends. `left`: it could not be ended; `error` says why.
   */
  readonly outcome: 'found' | 'terminated' | 'gone' | 'left';
  readonly error?: HcsError;
}

// Terminated at once; a host serves only so many well.
const atOnce = 8;

// A close waits for a call that is stuck inside the host. It is begun, and goes on by itself after this.
const closeMs = 1000;

/**
 * Terminates the systems of an owner that are not open in this host, which is what a program leaves that was killed: a
 * system outlives its creator unless its document has `ShouldTerminateOnLastHandleClosed`. The owner is the only tie: while
 * another program with the same owner runs, its systems are taken for left ones. The limits are those of each system.
 *
 * @throws {@link HcsArgumentError} when there is no owner: everybody's systems are never meant
 *
 * @example
 * const left = await reap({ owner: 'my-runtime', dryRun: true });
 * for (const { id, properties } of left) console.log(id, properties.State);
 */
export async function reap(options: ReapOptions): Promise<ReapedSystem[]> {
  const { owner, dryRun = false } = options;
  if (typeof owner !== 'string' || owner === '') {
    throw new HcsArgumentError('options.owner', 'must be a non-empty string: the Owner of the systems to end', owner);
  }
  checkOptions(options);
  const limits = { ...options, host: options.host ?? (await defaultHost()) };
  const found = await ComputeSystem.list({ Owners: [owner] }, limits);
  const own = new Set(limits.host.ledger().open.map(({ systemId }) => systemId));
  const left = found.filter(({ Id, Owner }) => Id !== undefined && !own.has(Id) && sameName(Owner, owner));
  const reaped: ReapedSystem[] = left.map((properties) => ({ id: properties.Id!, properties, outcome: 'found' }));
  if (dryRun) return reaped;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < reaped.length; index = next++) {
      const { id, properties } = reaped[index]!;
      reaped[index] = { id, properties, ...(await end(id, limits)) };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return reaped;
}

// What ends others is not left to a filter of the host alone.
function sameName(one: string | undefined, other: string): boolean {
  return one?.toUpperCase() === other.toUpperCase();
}

async function end(id: string, limits: HostOptions): Promise<Pick<ReapedSystem, 'outcome' | 'error'>> {
  let system: ComputeSystem | undefined;
  try {
    system = await ComputeSystem.open(id, limits);
    await system.terminate(limits);
    return { outcome: 'terminated' };
  } catch (error) {
    if (error instanceof HcsAbortError || !(error instanceof HcsError)) throw error;
    return isNotFound(error) || isAlreadyStopped(error) ? { outcome: 'gone' } : { outcome: 'left', error };
  } finally {
    await system?.close({ timeoutMs: closeMs }).catch(ignoreHcsError);
  }
}

// What the host says to a close changes nothing for the system.
function ignoreHcsError(error: unknown): void {
  if (!(error instanceof HcsError)) throw error;
}
