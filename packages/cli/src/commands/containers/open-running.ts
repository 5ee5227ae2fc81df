/**
 * Containers that more processes are started in.
 *
 * @module
 */
import { ComputeSystem, isNotFound } from 'hostcompute';

import { exitCodes } from '../../exit-codes.js';
import { endWith } from '../../failure.js';
import type { Context } from '../../host/context.js';
import { hasEnded, knownContainer, notKnown } from './known.js';

export async function openRunning(id: string, { limits, root }: Context): Promise<ComputeSystem> {
  try {
    return await ComputeSystem.open(id, limits);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const isKnown = (await knownContainer(root, id)) !== undefined;
    throw endWith(exitCodes.host, isKnown ? hasEnded(id) : notKnown(id));
  }
}
