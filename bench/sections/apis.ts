import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { byComputecore, client, inTurn, limit, ours } from '../support/bench.js';
import type { Phases } from '../support/phases.js';
import { phaseFigures, readPhases } from '../support/phases.js';

const phases = ['create', 'start', 'inspect', 'terminate', 'whole'];
const read = (output: string): Phases => readPhases(phases, output);
const threads = [2, 4, 8, 64];
const target = { most: 1.1 };

export const apis: Section = {
  id: 'q',
  title: 'computecore.dll beside vmcompute.dll',
  about:
    'The trials of (a) and (b) through each library, and by a plain C++ client of each. That of computecore.dll waits for one ' +
    `operation after the other; at 64 at once a client is the best of ${threads.join(', ')} blocking threads.`,
  measure({ rounds, cycles, quick }) {
    const [warmup, milliseconds] = quick ? [300, 300] : [2500, 1500];
    const best = (mode: string) => (): number =>
      Math.max(...threads.map((count) => Number(limit(mode, count, milliseconds / 2))));
    const latencies = inTurn(rounds, [
      byComputecore(read, 'latency', cycles),
      { ...ours(read, 'latency', cycles), name: 'vmcompute' },
      { ...client(read, 'latency-computecore', cycles), name: 'C++, computecore' },
      { ...client(read, 'latency', cycles), name: 'C++, vmcompute' },
    ]);
    // A cycle takes as many times as long as there are fewer of them in a second.
    const spans = inTurn(rounds, [
      byComputecore(Number, 'rate', 64, milliseconds, warmup),
      { ...ours(Number, 'rate', 64, milliseconds, warmup), name: 'vmcompute' },
      { name: 'C++, computecore', run: best('rate-computecore') },
      { name: 'C++, vmcompute', run: best('rate') },
    ]).map(({ name, rounds: each }) =>
      series(
        name,
        each.map((rate) => 1e6 / rate),
      ),
    );
    return [
      {
        title: 'One system after the other',
        unit: 'µs',
        better: 'less',
        chart: 'distributions',
        figures: phaseFigures(phases, latencies, { start: target, whole: target }),
      },
      {
        title: '64 systems at once',
        unit: 'µs a cycle',
        better: 'less',
        chart: 'bars',
        figures: [compared('a cycle', spans, target)],
      },
    ];
  },
};
