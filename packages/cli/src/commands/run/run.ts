/**
 * `run`: a container from an image, from layers or from a document.
 *
 * @module
 */
import { isHcsError } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import { exitCodes } from '../../exit-codes.js';
import { endWith, givenExitCode } from '../../failure.js';
import { openContext } from '../../host/context.js';
import { printDocument } from './print-document.js';
import type { RunOptions } from './options.js';
import { planOf } from './options.js';

export const run: Action<RunOptions> = async ({ words, options, globals }) => {
  const plan = await planOf(words, options, globals);
  if (options.printDocument === true) return printDocument(plan, globals);
  if (plan.detached) return (await import('./detached.js')).runDetached();
  await using context = await openContext(globals, { lasting: false, signals: false });
  try {
    return await (await import('./foreground.js')).runForeground(plan, context, globals);
  } catch (error) {
    throw ofHost(error);
  }
};

/** What the host would not do, as Docker's clients know it from their daemon. */
export function ofHost(error: unknown): unknown {
  if (!isHcsError(error) || givenExitCode(error) !== undefined) return error;
  return endWith(error.code === 'ERR_HC_ARGUMENT' ? exitCodes.usage : exitCodes.host, error);
}
