/**
 * Finds and terminates the systems that a killed program has left behind.
 *
 * @module
 */
import { ComputeSystem } from './compute-system.js';
import { HcsAbortError, HcsArgumentError, HcsError, isAlreadyStopped, isNotFound } from '../errors/errors.js';
import { defaultHost } from '../host/host.js';
import { limitsOf, readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import type { HostOptions } from '../host/open-handle.js';
import type { SystemProperties } from './system-options.js';

/** Options of {@link reap}. */
export interface ReapOptions extends HostOptions {
  /** The `Owner` of the documents that the systems were created from; case is ignored. */
  readonly owner: string;
  /** Finds the systems without terminating them. */
  readonly dryRun?: boolean;
}

/** A system that was left behind, and what was done about it. */
export interface ReapedSystem {
  readonly id: string;
  /** Its properties before anything was done. */
  readonly properties: SystemProperties;
  /**
   * `found`: nothing was done, because of `dryRun`. `terminated`: by this call. `gone`: it had ended meanwhile, as the systems
   * that a virtual machine hosts do with the machine. `left`: it could not be terminated; see `error`.
   */
  readonly outcome: 'found' | 'terminated' | 'gone' | 'left';
  readonly error?: HcsError;
}

// How many are terminated at the same time; more would only slow the host down.
const atOnce = 8;

// A close waits for a call that hangs inside the host. After this time it goes on by itself.
const closeMs = 1000;

/**
 * Terminates the systems of an owner that this host has not open: those that a killed program has left behind. A system
 * outlives its creator unless its document has `ShouldTerminateOnLastHandleClosed`. Only the owner tells them apart: systems
 * of another running program with the same owner are terminated, too. The limits cover everything: what has not been
 * terminated when the time is over is `left`.
 *
 * @throws {@link HcsArgumentError} without an owner
 *
 * @example
 * const left = await reap({ owner: 'my-runtime', dryRun: true });
 * for (const { id, properties } of left) console.log(id, properties.State);
 */
export async function reap(options: ReapOptions): Promise<ReapedSystem[]> {
  options = readOperationOptions(options, ['owner', 'dryRun', 'host']);
  const { owner, dryRun = false } = options;
  if (typeof owner !== 'string' || owner === '') {
    throw new HcsArgumentError('options.owner', 'must be a non-empty string: the Owner of the systems to end', owner);
  }
  if (typeof dryRun !== 'boolean') throw new HcsArgumentError('options.dryRun', 'must be a boolean', dryRun);
  throwIfAborted('reap', {}, options);
  const started = performance.now();
  const { host = await defaultHost() } = options;
  const limits = (): HostOptions => ({ ...remaining(options, started), host });
  const found = await ComputeSystem.list({ Owners: [owner] }, limits());
  const own = new Set(host.ledger().open.map(({ systemId }) => systemId));
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

// Not left to the filter of the host alone, as what follows terminates systems.
function sameName(one: string | undefined, other: string): boolean {
  return one?.toUpperCase() === other.toUpperCase();
}

async function end(id: string, limits: () => HostOptions): Promise<Pick<ReapedSystem, 'outcome' | 'error'>> {
  let system: ComputeSystem | undefined;
  try {
    system = await ComputeSystem.open(id, limits());
    await system.terminate(limitsOf(limits()));
    return { outcome: 'terminated' };
  } catch (error) {
    if (error instanceof HcsAbortError || !(error instanceof HcsError)) throw error;
    return isNotFound(error) || isAlreadyStopped(error) ? { outcome: 'gone' } : { outcome: 'left', error };
  } finally {
    const closed = system?.close({ timeoutMs: closeMs }).catch(ignoreHcsError);
    if (limits().signal?.aborted !== true) await closed;
  }
}

// A close that fails changes nothing for the system.
function ignoreHcsError(error: unknown): void {
  if (!(error instanceof HcsError)) throw error;
}
