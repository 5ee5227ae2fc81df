/**
 * The host of a command that is of use without one, too.
 *
 * @module
 */
import type { Host } from 'hostcompute';

import type { GlobalOptions } from '../command-line/global-options.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { chooseHost } from './choose-host.js';

/** A host, or why there is none. */
export type HostIfThere =
  { readonly host: Host; readonly failure?: never } | { readonly failure: string; readonly host?: never };

/** Opens it. What was typed wrong is still wrong. */
export async function openHostIfThere({ host: given }: GlobalOptions): Promise<HostIfThere> {
  try {
    return { host: (await chooseHost(given, { lasting: false })).host };
  } catch (error) {
    if (error instanceof Failure && error.exitCode === exitCodes.usage) throw error;
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
