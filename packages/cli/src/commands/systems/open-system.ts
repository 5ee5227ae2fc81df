/**
 * Systems by the names that people type.
 *
 * @module
 */
import { ComputeSystem, isNotFound } from 'hostcompute';

import { Failure } from '../../failure.js';
import type { Context } from '../../host/context.js';

/** Opens a system. What is open is not ended by the end of who created it: close it soon. */
export async function openSystem(id: string, { host, signal }: Context): Promise<ComputeSystem> {
  try {
    return await ComputeSystem.open(id, { host, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Failure(`There is no container "${id}"`, {
      code: 'HCS_E_SYSTEM_NOT_FOUND',
      remedy: 'List those that run by "hostcompute ps", of all owners by "ps --all-owners".',
      cause: error,
    });
  }
}

/** The ids of the systems of the owner that run, in their order. */
export async function runningIds({ host, owner, signal }: Context): Promise<string[]> {
  const systems = await ComputeSystem.list({ Owners: [owner] }, { host, signal });
  return systems.flatMap(({ Id, State }) => (Id !== undefined && State === 'Running' ? [Id] : [])).sort();
}
