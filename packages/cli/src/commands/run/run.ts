/**
 * `run`: a container from an image, from layers or from a document.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { ofHost } from '../../containers/of-host.js';
import { openContext } from '../../host/context.js';
import { printDocument } from './print-document.js';
import type { RunOptions } from './options.js';
import { planOf } from './options.js';

export const run: Action<RunOptions> = async ({ words, options, globals }) => {
  const plan = await planOf(words, options, globals);
  try {
    if (options.printDocument === true) return await printDocument(plan, globals);
    if (plan.detached) return await (await import('./detached.js')).runDetached(plan, options, globals);
    await using context = await openContext(globals, { lasting: false, signals: false });
    const { runForeground } = await import('./foreground.js');
    return await runForeground(plan, options, context, globals);
  } catch (error) {
    throw ofHost(error);
  }
};
