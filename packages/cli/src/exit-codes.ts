/**
 * What the command ends with. `run`, `exec` and `attach` end with the code of the guest's process instead.
 *
 * @module
 */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** `doctor` could not ask. */
  notAsked: 3,
  /** The deadline of `--timeout` passed. */
  deadline: 124,
  /** The host, or a library of it, would not do it. */
  host: 125,
  /** The program is not permitted in the system. */
  notPermitted: 126,
  /** The program is not in the system. */
  notFound: 127,
} as const;

/** Ended by a signal of our own. */
export function signalled(number: number): number {
  return 128 + number;
}
