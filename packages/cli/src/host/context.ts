/**
 * What a command works with: the host, the owner of what is made there, the folder of images and containers, and what ends it early.
 *
 * @module
 */
import type { Host } from 'hostcompute';

import type { GlobalOptions } from '../command-line/global-options.js';
import type { Failure } from '../failure.js';
import { chooseHost } from './choose-host.js';
import type { HostNeeds } from './choose-host.js';
import type { EndingSignal, LimitsOptions } from './limits.js';
import { openLimits } from './limits.js';
import { rootFolder } from './root-folder.js';

/** A call that hangs inside the host is waited for no longer. */
const closeMs = 2000;

export const defaultOwner = 'hostcompute-cli';

/** Where a call goes, and what cancels it. */
export interface HostAndSignal {
  readonly host: Host;
  readonly signal: AbortSignal;
}

export interface Context extends AsyncDisposable {
  readonly host: Host;
  /** Of what is created, and of what is looked at. */
  readonly owner: string;
  /** The folder of images and containers, absolute; it may not be there yet. */
  readonly root: string;
  /** Aborted by `--timeout` and by signals, with a `Failure` as its reason. Pass it to everything that waits. */
  readonly signal: AbortSignal;
  /** Host and signal, as the options of a call. */
  readonly limits: HostAndSignal;
  /** Cancels what is under way, as a signal does that has come. */
  readonly end: (name: EndingSignal) => void;
  /** Cancels it for another reason. */
  readonly abort: (reason: Failure) => void;
}

/**
 * Opens the host of a command, and says on stderr when none runs there.
 *
 * @example
 * await using context = await openContext(globals, { lasting: true });
 * const systems = await ComputeSystem.list({}, context.limits);
 */
export async function openContext(globals: GlobalOptions, needs: HostNeeds & LimitsOptions): Promise<Context> {
  const limits = openLimits(globals, needs);
  try {
    const { host, notice } = await chooseHost(globals.host, needs);
    if (notice !== undefined) process.stderr.write(`${notice}\n`);
    return {
      host,
      owner: ownerOf(globals),
      root: rootFolder(globals),
      signal: limits.signal,
      limits: { host, signal: limits.signal },
      end: limits.end,
      abort: limits.abort,
      async [Symbol.asyncDispose]() {
        limits[Symbol.dispose]();
        await host.close({ timeoutMs: closeMs });
      },
    };
  } catch (error) {
    limits[Symbol.dispose]();
    throw error;
  }
}

export function ownerOf({ owner }: Pick<GlobalOptions, 'owner'>): string {
  return owner ?? defaultOwner;
}
