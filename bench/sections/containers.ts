import type { Figure, Group, Series } from '../results/figures.js';
import { sampled, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { repeat, trial } from '../support/bench.js';
import type { Isolation, Phase } from '../support/container-run.js';
import { phases } from '../support/container-run.js';
import type { ContainerSettings, ContainerTrial } from '../trials/containers.js';

const names: Readonly<Record<Isolation, string>> = { process: 'process-isolated', hyperv: 'Hyper-V isolated' };

export const containers: Section = {
  id: 'm',
  title: 'Containers upon the layers of an image',
  about:
    'A scratch layer, the container, a command in it until its first byte and its exit, and the end of all. Cold: the first ' +
    'container of a process; what Windows has in its caches stays there. Warm: the others. Stuck: what was given up after its time.',
  hosts: ['simulated', 'windows'],
  measure({ rounds, quick, host, layers, command }) {
    const count = quick ? 5 : 50;
    const isolations: readonly Isolation[] = ['process', 'hyperv'];
    const runs = isolations.map((isolation) => {
      const settings: ContainerSettings = { host, isolation, layers, command, count };
      return {
        name: names[isolation],
        trials: repeat(rounds, () => JSON.parse(trial('containers', JSON.stringify(settings))) as ContainerTrial),
      };
    });
    const stuck: Figure[] = runs.map(({ name, trials }) => ({
      name,
      series: [
        series(
          'stuck',
          trials.map((each) => each.stuck),
        ),
      ],
    }));
    return [
      ...runs.flatMap(({ name, trials }) => groupsOf(name, trials)),
      {
        title: `Phases that were given up, of ${count + 1} containers`,
        unit: 'count',
        better: 'less',
        chart: 'none',
        figures: stuck,
      },
    ];
  },
};

function groupsOf(name: string, trials: readonly ContainerTrial[]): Group[] {
  // Without a host that mounts it, a phase has no samples.
  const measured = phases.filter((phase) =>
    trials.every(({ cold, warm }) => cold[phase].length > 0 && warm[phase].length > 0),
  );
  const figures = (of: (phase: Phase) => Series): Figure[] =>
    measured.map((phase) => ({ name: phase, series: [of(phase)] }));
  return [
    {
      title: `Warm, ${name}`,
      unit: 'ms',
      better: 'less',
      chart: 'distributions',
      figures: figures((phase) =>
        sampled(
          'hostcompute',
          trials.map(({ warm }) => warm[phase]),
        ),
      ),
    },
    {
      title: `Cold, ${name}`,
      unit: 'ms',
      better: 'less',
      chart: 'bars',
      figures: figures((phase) =>
        series(
          'hostcompute',
          trials.map(({ cold }) => cold[phase][0] ?? NaN),
        ),
      ),
    },
  ];
}
