/**
 * `bench`: how long containers take on this host.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { SystemDocument } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import type { Action } from '../command-line/declare.js';
import { usageFailure } from '../failure.js';
import type { Context } from '../host/context.js';
import { openContext } from '../host/context.js';
import { readJsonObject } from '../input/read-json.js';
import { Output } from '../output/output.js';
import { tableLines } from '../output/table.js';

interface BenchOptions {
  readonly count: number;
  readonly document?: string;
}

const phases = ['create', 'start', 'terminate', 'close'] as const;
type Times = Readonly<Record<(typeof phases)[number], number>>;

/** Creates, starts and ends containers, one after another. */
export const bench: Action<BenchOptions> = async ({ options: { count, document }, globals }) => {
  const given = document === undefined ? undefined : ((await readJsonObject(document)) as SystemDocument);
  await using context = await openContext(globals, { lasting: false });
  const { kind } = context.host;
  if (given === undefined && kind !== 'simulated' && kind !== 'replayed')
    throw usageFailure(`A ${kind} host needs the document of a container`, 'Pass it by --document.');
  const used = given ?? simulatedDocument(context.owner);
  // The first one pays for what is loaded.
  await measure(used, context);
  const times: Times[] = [];
  for (let done = 0; done < count; done++) times.push(await measure(used, context));
  const summary = Object.fromEntries(phases.map((phase) => [phase, spread(times.map((each) => each[phase]))]));
  const rows = Object.entries(summary);
  new Output(globals).one({ kind: 'bench', host: kind, simulated: kind === 'simulated', count, phases: summary }, [
    `${count} containers, one after another, on a ${kind} host`,
    ...tableLines(
      rows,
      {
        PHASE: ([phase]) => phase,
        MEDIAN: ([, { medianMs }]) => `${medianMs} ms`,
        P90: ([, { p90Ms }]) => `${p90Ms} ms`,
        MAX: ([, { maxMs }]) => `${maxMs} ms`,
      },
      undefined,
    ),
  ]);
};

async function measure(document: SystemDocument, { host, signal }: Context): Promise<Times> {
  const begun = performance.now();
  const system = await ComputeSystem.create(`bench-${randomUUID()}`, document, { host, signal });
  const created = performance.now();
  try {
    await system.start({ signal });
    const started = performance.now();
    await system.terminate({ signal });
    const terminated = performance.now();
    await system.close();
    const closed = performance.now();
    return {
      create: created - begun,
      start: started - created,
      terminate: terminated - started,
      close: closed - terminated,
    };
  } catch (error) {
    // Whatever ended the measurement, this one is not left behind.
    await system.stop({ graceMs: 0, forceMs: 5000 }).catch(() => undefined);
    await system.close().catch(() => undefined);
    throw error;
  }
}

function simulatedDocument(owner: string): SystemDocument {
  return documents.processIsolated({
    id: 'bench',
    owner,
    layers: [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'C:\\layers\\base' }],
    scratchVolume: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
  });
}

interface Spread {
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly maxMs: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { medianMs: at(0.5), p90Ms: at(0.9), maxMs: at(1) };
}

// To microseconds.
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;
