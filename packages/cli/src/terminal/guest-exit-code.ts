/**
 * The exit code of a guest's process as that of this command.
 *
 * @module
 */
import { exitCodes } from '../exit-codes.js';
import type { EndingSignal } from '../host/limits.js';
import { exitCodeOfSignal } from '../host/limits.js';
import type { GuestExit } from './guest-streams.js';

/** What Windows leaves of a process that Ctrl+C has ended. */
const endedByCtrlC = 0xc000013a;

export interface EndedBy {
  /** The signal that the guest got last. */
  readonly last: EndingSignal | undefined;
  /** Whether it was ended by force for it. */
  readonly byForce: boolean;
}

/**
 * The whole code on Windows; elsewhere what shells make of it: 128 and the number of a signal of ours that has ended the guest, else the
 * low eight bits.
 */
export function guestExitCode(
  { exitCode }: GuestExit,
  { last, byForce }: EndedBy,
  platform = process.platform,
): number {
  if (exitCode === null) return exitCodes.host;
  if (platform === 'win32') return exitCode >>> 0;
  if (last !== undefined && (byForce || exitCode >>> 0 === endedByCtrlC)) return exitCodeOfSignal(last);
  // A failure whose low bits are zero must not look like success.
  return exitCode & 0xff || (exitCode === 0 ? 0 : 0xff);
}
