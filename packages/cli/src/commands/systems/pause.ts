/**
 * `pause`, `resume` and `save`.
 *
 * @module
 */
import { resolve } from 'node:path';

import type { ComputeSystem } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import type { Printed } from '../../output/output.js';
import { Output } from '../../output/output.js';
import { openSystem } from './open-system.js';

/** Pauses systems. */
export const pause: Action<object> = toEach(async (system, { signal }) => {
  await system.pause({ signal });
  return { kind: 'paused', id: system.id };
});

/** Lets them go on. */
export const resume: Action<object> = toEach(async (system, { signal }) => {
  await system.resume({ signal });
  return { kind: 'resumed', id: system.id };
});

/** Saves the state of a paused virtual machine. */
export const save: Action<{ readonly output: string }> = async ({ words, options, globals }) => {
  const file = resolve(options.output);
  const saveIt = toEach(async (system, { signal }) => {
    await system.save({ signal, options: { SaveType: 'ToFile', SaveStateFilePath: file } });
    return { kind: 'saved', id: system.id, file };
  });
  await saveIt({ words, options, globals });
};

function toEach(
  act: (system: ComputeSystem, context: Context) => Promise<Printed & { readonly id: string }>,
): Action<object> {
  return async ({ words, globals }) => {
    await using context = await openContext(globals, { lasting: true });
    const output = new Output(globals);
    for (const id of words) {
      await using system = await openSystem(id, context);
      const printed = await act(system, context);
      output.one(printed, [printed.id]);
    }
  };
}
