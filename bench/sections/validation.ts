import type { Figure, Series } from '../results/figures.js';
import { sampled, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { repeat, trial } from '../support/bench.js';
import { readPhases } from '../support/phases.js';

const target = { most: 4 };
const phases = ['off', 'validated', 'alone'] as const;

export const validation: Section = {
  id: 'i',
  title: 'Validation of documents',
  about:
    'In a loop: a process-isolated container, and a utility VM for Linux with 200 devices. In a create: the same create ' +
    'without validation, with it, and one validation by itself, in turn.',
  measure({ rounds, cycles, quick }) {
    const samples = quick ? 200 : 4000;
    const inLoop = (size: 'small' | 'large', name: string): Figure => {
      const runs = repeat(rounds, () => readPhases(['document'], trial('validation', size, samples)));
      return {
        name,
        series: [
          sampled(
            'hostcompute',
            runs.map((run) => run.document ?? []),
          ),
        ],
      };
    };
    const small = inLoop('small', 'container');
    const large = inLoop('large', 'utility VM with 200 devices');

    const runs = repeat(rounds, () => readPhases(phases, trial('validation-share', 5 * cycles)));
    const of = (phase: (typeof phases)[number], name: string): Series =>
      sampled(
        name,
        runs.map((run) => run[phase] ?? []),
      );
    const without = of('off', 'without validation');
    const validated = of('validated', 'with validation');
    const alone = of('alone', 'one validation');
    const share = (times: readonly number[]): number[] =>
      times.map((time, round) => (time / (without.rounds[round] ?? NaN)) * 100);
    const difference = validated.rounds.map((time, round) => time - (without.rounds[round] ?? NaN));
    const shareOf = (name: string, times: readonly number[]): Figure => ({
      name,
      series: [series('hostcompute', share(times))],
    });
    return [
      { title: 'In a loop', unit: 'µs', better: 'less', chart: 'distributions', figures: [small, large] },
      {
        title: 'In a create of the container',
        unit: 'µs',
        better: 'less',
        chart: 'distributions',
        figures: [without, validated].map((each) => ({
          name: each.name,
          series: [{ ...each, name: 'hostcompute' }],
        })),
      },
      {
        title: 'One validation in its place in a create',
        unit: 'µs',
        better: 'less',
        chart: 'bars',
        figures: [
          { name: 'the difference', series: [series('hostcompute', difference)], target },
          { name: 'by itself, between creates', series: [series('hostcompute', alone.rounds)], target },
        ],
      },
      {
        title: 'Share of a create without validation',
        unit: '%',
        better: 'less',
        chart: 'bars',
        figures: [
          shareOf('the difference', difference),
          shareOf('one validation between creates', alone.rounds),
          shareOf('one of many in a loop', small.series[0]!.rounds),
        ],
      },
    ];
  },
};
