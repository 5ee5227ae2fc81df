/**
 * Prints what `run` would create, and creates nothing.
 *
 * @module
 */
import type { GlobalOptions } from '../../command-line/global-options.js';
import type { RunPlan } from '../../containers/plan.js';
import { planContainer } from '../../containers/start-container.js';
import { openContext } from '../../host/context.js';
import { Output } from '../../output/output.js';

export async function printDocument(plan: RunPlan, globals: GlobalOptions): Promise<undefined> {
  await using context = await openContext(globals, { lasting: false });
  const { document, process } = await planContainer(plan, context.limits);
  const lines = JSON.stringify(document, bigintAsNumber, 2).split('\n');
  new Output(globals).one({ kind: 'document', id: plan.id, document, process }, lines);
  return undefined;
}

function bigintAsNumber(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
