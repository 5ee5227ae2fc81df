import type { Group } from '../results/figures.js';
import type { Effort, Section } from '../support/bench.js';
import { client, inTurn, ours } from '../support/bench.js';
import type { Phases } from '../support/phases.js';
import { phaseFigures, readPhases } from '../support/phases.js';

const phases = ['create', 'start', 'inspect', 'terminate', 'whole'];
const read = (output: string): Phases => readPhases(phases, output);

type Targets = Parameters<typeof phaseFigures>[2];

function compare(title: string, { rounds, cycles }: Effort, milliseconds: number, targets: Targets): Group {
  const settings = { Profile: { Create: milliseconds, Start: milliseconds, Terminate: milliseconds } };
  const sides = inTurn(rounds, [
    ours(read, 'latency', cycles, milliseconds),
    client(read, 'latency', cycles, ...(milliseconds > 0 ? [JSON.stringify(settings)] : [])),
  ]);
  const figures = phaseFigures(phases, sides, targets);
  return { title, unit: 'µs', better: 'less', chart: 'distributions', figures };
}

export const latency: Section = {
  id: 'a',
  title: 'Latency of systems by phase',
  about:
    'One system after the other is created, started, asked for its properties, terminated and closed. ' +
    'The second half of the cycles of each run counts.',
  measure: (effort) => [
    compare('On a host that answers at once', effort, 0, { start: { most: 1.95 }, whole: { most: 3 } }),
    compare('On a host that takes 1 ms for each phase', { ...effort, cycles: Math.min(effort.cycles, 1000) }, 1, {
      start: { most: 1.08 },
    }),
  ],
};
