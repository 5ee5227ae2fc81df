/**
 * `stats`.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { ComputeSystem, isHcsError } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { openSystem, runningIds } from './open-system.js';
import type { Usage } from './usage.js';
import { usageOf } from './usage.js';

interface StatsOptions {
  readonly stream: boolean;
  readonly interval: number;
}

/** Prints what systems use, a table or a line of JSON each, until it is ended or all have gone. */
export const stats: Action<StatsOptions> = async ({ words, options, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const output = new Output(globals);
  const samples = new Map<string, Usage>();
  // Those that are named have to be there once.
  for (const id of words) await (await openSystem(id, context)).close();
  for (let round = 0; ; round++) {
    const ids = words.length > 0 ? words : await runningIds(context);
    const usages = await Promise.all(ids.map(async (id) => sample(id, samples.get(id), context)));
    const there = usages.filter((usage) => usage !== undefined);
    for (const usage of there) samples.set(usage.id, usage);
    if (round > 0 && !output.isJson && process.stdout.isTTY) process.stdout.write('\x1b[H\x1b[J');
    output.list(there, columns);
    if (!options.stream || (words.length > 0 && there.length === 0)) return;
    await sleep(options.interval, undefined, { signal: context.signal }).catch(() => undefined);
    context.signal.throwIfAborted();
  }
};

/** Undefined for one that has gone. It is open for no longer than the question takes. */
async function sample(id: string, before: Usage | undefined, { host, signal }: Context): Promise<Usage | undefined> {
  try {
    await using system = await ComputeSystem.open(id, { host, signal });
    const { Statistics } = await system.properties(['Statistics'], { signal });
    return usageOf(id, Statistics ?? {}, new Date(), before);
  } catch (error) {
    if (!isHcsError(error) || signal.aborted) throw error;
    return undefined;
  }
}

const bytes = (value: number | null): string => (value === null ? '-' : byteSize(value));
const columns = {
  CONTAINER: ({ id }: Usage) => id,
  CPU: ({ cpuPercent }: Usage) => (cpuPercent === null ? '-' : `${cpuPercent} %`),
  MEMORY: ({ memoryBytes }: Usage) => bytes(memoryBytes),
  PEAK: ({ memoryPeakBytes }: Usage) => bytes(memoryPeakBytes),
  READ: ({ readBytes }: Usage) => bytes(readBytes),
  WRITTEN: ({ writeBytes }: Usage) => bytes(writeBytes),
};
