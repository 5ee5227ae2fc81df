/**
 * The host that takes the place of the one a command would open: `record` and `replay` run another command with theirs.
 *
 * @module
 */
import type { Host, HostChoice } from 'hostcompute';

import { Failure } from '../failure.js';

/** @param choice - the host that the command would open; undefined for that of `HOSTCOMPUTE_HOST` */
export type OpenInPlace = (choice: HostChoice | undefined) => Promise<Host>;

let inPlace: OpenInPlace | undefined;

/** Until what is returned is called. It is asked once: a recording, and a replay, is of one host. */
export function takePlace(open: OpenInPlace): () => void {
  let isAsked = false;
  inPlace = (choice) => {
    if (isAsked) throw new Failure('The command opens a second host, and one is recorded', { code: 'ERR_HC_USAGE' });
    isAsked = true;
    return open(choice);
  };
  return () => {
    inPlace = undefined;
  };
}

export function hostInPlace(): OpenInPlace | undefined {
  return inPlace;
}
