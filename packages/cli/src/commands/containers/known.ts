/**
 * Containers by the names that people type.
 *
 * @module
 */
import type { KnownContainer } from '../../containers/container-folders.js';
import { ContainerFolders } from '../../containers/container-folders.js';
import { checkName } from '../../containers/names.js';
import type { ContainerRecord } from '../../containers/record.js';
import { Failure } from '../../failure.js';

/** One that `run` has made; undefined for a system of others, and for none. */
export async function knownContainer(root: string, id: string): Promise<KnownContainer | undefined> {
  return new ContainerFolders(root).get(id);
}

/** One whose log and streams are kept. */
export async function recordOf(
  root: string,
  id: string,
): Promise<KnownContainer & { readonly record: ContainerRecord }> {
  const known = await knownContainer(root, checkName(id));
  if (known?.record !== undefined) return { ...known, record: known.record };
  throw notKnown(id);
}

export function notKnown(id: string): Failure {
  return new Failure(`There is no container "${id}"`, {
    code: 'ERR_HC_NO_CONTAINER',
    remedy: 'List those that there are by "hostcompute ps -a".',
  });
}

export function hasEnded(id: string): Failure {
  return new Failure(`"${id}" has ended`, {
    code: 'ERR_HC_CONTAINER_ENDED',
    remedy: `Remove it by "hostcompute rm ${id}", and run another one.`,
  });
}
