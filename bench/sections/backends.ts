import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { byKoffi, inTurn, ours } from '../support/bench.js';
import type { Phases } from '../support/phases.js';
import { phaseFigures, readPhases } from '../support/phases.js';

const phases = ['create', 'start', 'inspect', 'terminate', 'whole'];
const read = (output: string): Phases => readPhases(phases, output);

export const backends: Section = {
  id: 'l',
  title: 'The addon and koffi',
  about: 'The trials of (a) and (b) with each backend: the same program on the same simulated host.',
  measure({ rounds, cycles, quick }) {
    const [warmup, milliseconds] = quick ? [300, 300] : [2500, 1500];
    const latencies = inTurn(rounds, [ours(read, 'latency', cycles), byKoffi(read, 'latency', cycles)]);
    const rates = inTurn(rounds, [
      ours(Number, 'rate', 64, milliseconds, warmup),
      byKoffi(Number, 'rate', 64, milliseconds, warmup),
    ]);
    const all = rates.map(({ name, rounds: each }) => series(name, each));
    return [
      {
        title: 'One system after the other',
        unit: 'µs',
        better: 'less',
        chart: 'distributions',
        figures: phaseFigures(phases, latencies, {}),
      },
      {
        title: 'Cycles per second',
        unit: 'cycles/s',
        better: 'more',
        chart: 'bars',
        figures: [compared('64 systems at once', all)],
      },
    ];
  },
};
