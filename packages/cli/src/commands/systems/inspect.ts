/**
 * `inspect`.
 *
 * @module
 */
import type { ComputeSystem, SystemPropertyType } from 'hostcompute';
import { isHcsError } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import { Output } from '../../output/output.js';
import { openSystem } from './open-system.js';

/** Prints all that is known of systems. */
export const inspect: Action<{ readonly property?: readonly string[] }> = async ({ words, options, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const output = new Output(globals);
  for (const id of words) {
    await using system = await openSystem(id, context);
    const printed = await inspected(system, options.property ?? [], context);
    output.one(printed, [JSON.stringify(printed, null, 2)]);
  }
};

async function inspected(system: ComputeSystem, more: readonly string[], { signal }: Context) {
  const basic = await system.properties([], { signal });
  const wanted = ['Statistics', 'ProcessList', ...more];
  const properties: Record<string, unknown> = { ...basic };
  const refused: { readonly property: string; readonly code: string; readonly message: string }[] = [];
  for (const property of wanted) {
    try {
      Object.assign(properties, await system.properties([property as SystemPropertyType], { signal }));
    } catch (error) {
      // Not every system has every property: what it is not asked for by name may be missing.
      if (!isHcsError(error) || signal.aborted || more.includes(property)) throw error;
      refused.push({ property, code: error.code, message: error.message });
    }
  }
  const { Owner: owner, State: state, SystemType: type, RuntimeOsType: os } = basic;
  const known = { owner: owner ?? null, state: state ?? null, type: type ?? null, os: os ?? null };
  return { kind: 'container', id: system.id, ...known, properties, refused };
}
