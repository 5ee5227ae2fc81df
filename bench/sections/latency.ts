import type { Group } from '../results/figures.js';
import { series } from '../results/figures.js';
import type { Effort, Section } from '../support/bench.js';
import { client, inTurn, ours, repeat, trial } from '../support/bench.js';
import { summarise } from '../support/statistics.js';
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

/** Once V8 has compiled what a cycle needs. */
function tail({ rounds, quick }: Effort): Group {
  const cycles = quick ? 200 : 8000;
  const whole = (): number => {
    const { p50, p99 } = summarise(read(trial('latency', cycles, 0)).whole ?? []);
    return p99 / p50;
  };
  const title = 'The tail of a cycle, once the program is warm';
  const figure = { name: 'p99 by p50', series: [series('hostcompute', repeat(rounds, whole))], target: { most: 3 } };
  return {
    title,
    unit: 'times',
    better: 'less',
    chart: 'none',
    note: `After ${cycles / 2} cycles.`,
    figures: [figure],
  };
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
    tail(effort),
  ],
};
