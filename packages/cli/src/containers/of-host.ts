/**
 * Failures of hosts and images as `run` reports them.
 *
 * @module
 */
import { isHcsError } from 'hostcompute';

import { exitCodes } from '../exit-codes.js';
import { endWith, Failure, givenExitCode } from '../failure.js';

/** What the host would not do, or has no image for, ends with a code that no guest is likely to have. */
export function ofHost(error: unknown): unknown {
  if (error instanceof Failure || givenExitCode(error) !== undefined) return error;
  const { code } = error as { readonly code?: unknown };
  if (isHcsError(error)) return endWith(code === 'ERR_HC_ARGUMENT' ? exitCodes.usage : exitCodes.host, error);
  const isImage = typeof code === 'string' && code.startsWith('ERR_HC_IMAGE_');
  return isImage ? endWith(code === 'ERR_HC_IMAGE_REFERENCE' ? exitCodes.usage : exitCodes.host, error) : error;
}
