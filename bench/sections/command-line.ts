import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Group } from '../results/figures.js';
import { sampled, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { repeat, root, run, trial } from '../support/bench.js';

/** Milliseconds, by what was started. */
type Times = Readonly<Record<'node' | 'ps', readonly number[]>>;

const target = { most: 60 };

/** The command as it is published, in a place where it finds its dependencies. */
function packed(): string {
  run(process.execPath, ['scripts/package.mjs']);
  const modules = join(root, 'out', 'bench-cli', 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  cpSync(join(root, 'out', 'package'), join(modules, 'hostcompute'), { recursive: true });
  for (const name of ['cli', 'images'])
    cpSync(join(root, 'out', 'packages', name), join(modules, `hostcompute-${name}`), { recursive: true });
  return join(modules, 'hostcompute-cli', 'dist', 'src', 'program.js');
}

export const commandLine: Section = {
  id: 't',
  title: 'The command line',
  about:
    'The packed command hostcompute ps, on a simulated host that another process serves, and node -e 0, in turn: how long each takes ' +
    'from its start to its end.',
  measure({ rounds, quick }): Group[] {
    const program = packed();
    const runs = repeat(rounds, () => JSON.parse(trial('command-line', program, quick ? 3 : 30)) as Times);
    const all = (['ps', 'node'] as const).map((name) =>
      sampled(
        name === 'ps' ? 'hostcompute ps' : 'node -e 0',
        runs.map((each) => each[name]),
      ),
    );
    const [ps, node] = all;
    const more = ps!.rounds.map((median, round) => median - node!.rounds[round]!);
    return [
      {
        title: 'From start to end',
        unit: 'ms',
        better: 'less',
        chart: 'distributions',
        figures: all.map((each) => ({ name: each.name, series: [{ ...each, name: 'hostcompute' }] })),
      },
      {
        title: 'What the command takes more than Node itself',
        unit: 'ms',
        better: 'less',
        chart: 'bars',
        figures: [{ name: 'hostcompute ps', series: [series('hostcompute', more)], target }],
      },
    ];
  },
};
