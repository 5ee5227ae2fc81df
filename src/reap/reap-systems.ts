/**
 * Finds and terminates the systems that a killed program has left behind.
 *
 * @module
 */
import { HcsAbortError, HcsError, isAlreadyStopped, isNotFound } from '../errors/errors.js';
import type { Host } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import { limitsOf } from '../host/operation-options.js';
import { ComputeSystem } from '../system/compute-system.js';
import type { SystemProperties } from '../system/system-options.js';

/** A system that was left behind, and what was done about it. */
export interface ReapedSystem {
  readonly kind: 'system';
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

/** What is to be found: what the options of reap() come to. */
export interface Wanted {
  readonly host: Host;
  readonly owner: string;
  readonly dryRun: boolean;
  /** What is left of the caller's limits. */
  readonly limits: () => HostOptions;
}

/** Terminates the systems of an owner that the host has not open. */
export async function reapSystems({ host, owner, dryRun, limits }: Wanted): Promise<ReapedSystem[]> {
  const found = await ComputeSystem.list({ Owners: [owner] }, limits());
  const own = new Set(host.ledger().open.map(({ systemId }) => systemId));
  const left = found.filter(({ Id, Owner }) => Id !== undefined && !own.has(Id) && sameName(Owner, owner));
  const reaped: ReapedSystem[] = left.map((properties) => ({
    kind: 'system',
    id: properties.Id!,
    properties,
    outcome: 'found',
  }));
  if (dryRun) return reaped;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < reaped.length; index = next++) {
      const { id, properties } = reaped[index]!;
      reaped[index] = { kind: 'system', id, properties, ...(await end(id, limits)) };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return reaped;
}

// Not left to the filter of the host alone, as what follows terminates systems.
export function sameName(one: unknown, other: string): boolean {
  return typeof one === 'string' && one.toUpperCase() === other.toUpperCase();
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
