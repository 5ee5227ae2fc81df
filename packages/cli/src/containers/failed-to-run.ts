/**
 * What the host says when it does not start a program, as the exit codes of shells have it.
 *
 * @module
 */
import { isAccessDenied, isHcsError, isNotFound } from 'hostcompute';

import { exitCodes } from '../exit-codes.js';
import { endWith } from '../failure.js';

// No such file or folder, in both families.
const notFound: ReadonlySet<number> = new Set([0x80070002, 0x80070003]);
// Access denied, no program of this machine, needs elevation.
const notPermitted: ReadonlySet<number> = new Set([0x80070005, 0x800700c1, 0x800702e4]);

/** The error, with the exit code that it leads to. */
export function failedToRun(error: unknown): unknown {
  if (!isHcsError(error)) return error;
  if (notFound.has(error.status)) return endWith(exitCodes.notFound, error);
  if (notPermitted.has(error.status) || isAccessDenied(error)) return endWith(exitCodes.notPermitted, error);
  if (error.code === 'ABORT_ERR' || error.code === 'ERR_HC_TIMEOUT' || isNotFound(error)) return error;
  return endWith(exitCodes.host, error);
}
