import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

import type { Figure } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { packageProgram } from '../support/bench.js';
import { makeLayers } from '../support/layer-archives.js';

/** What bench of packages/images prints for each round. */
interface PullRound {
  readonly own: { readonly whole: number; readonly ms: number; readonly busy: number; readonly peak: number };
  readonly others: number;
}

const mostRounds = 5;
/** Where there is a file system in memory, on Linux. */
const memory = '/dev/shm';

export const imagePull: Section = {
  id: 's',
  title: 'Images from a registry',
  about:
    "An image of three layers of 300 MB from Debian's docker-registry on this machine, into a store that is new: the whole process, with blobs " +
    'kept. In turn with it `skopeo copy` into a folder, and then `tar -xz` of each layer. Files are counted on both sides, and digests checked.',
  measure({ rounds, quick }) {
    const missing = ['docker-registry', 'skopeo'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
    if (missing.length > 0)
      throw new Error(`section s needs ${missing.join(' and ')} in PATH (Debian: apt-get install)`);
    const media = existsSync(memory)
      ? ([
          ['memory', memory],
          ['disk', tmpdir()],
        ] as const)
      : ([['disk', tmpdir()]] as const);
    const all = media.map(([medium, folder]) => pulled(medium, folder, Math.min(rounds, mostRounds), quick));
    return [
      {
        title: 'Pull and unpack',
        unit: 'MB/s',
        better: 'more',
        chart: 'bars',
        note: 'Of what the layers have when they are unpacked.',
        figures: all.map(({ speed }) => speed),
      },
      {
        title: 'Processor time of a pull',
        unit: 's',
        better: 'less',
        chart: 'none',
        figures: all.map(({ busy }) => busy),
      },
      {
        title: 'Most memory of the process that pulls',
        unit: 'MB',
        better: 'less',
        chart: 'none',
        figures: all.map(({ peak }) => peak),
      },
    ];
  },
};

function pulled(
  name: string,
  below: string,
  rounds: number,
  quick: boolean,
): Record<'speed' | 'busy' | 'peak', Figure> {
  using archives = makeLayers(quick, below);
  const bytes = archives.all.reduce((sum, archive) => sum + archive.bytes, 0);
  const tars = archives.all.map(({ plain }) => plain);
  const all = JSON.parse(packageProgram('images', 'pull-bench', archives.folder, rounds, ...tars)) as PullRound[];
  const speed = (side: string, times: readonly number[]) =>
    series(
      side,
      times.map((ms) => bytes / 1e3 / ms),
    );
  const sides = [
    speed(
      'hostcompute',
      all.map(({ own }) => own.whole),
    ),
    speed(
      'skopeo and tar',
      all.map(({ others }) => others),
    ),
  ];
  const single = (value: (round: PullRound) => number): Figure => ({
    name,
    series: [series('hostcompute', all.map(value))],
  });
  return {
    speed: compared(name, sides, { least: 1 }),
    busy: single(({ own }) => own.busy),
    peak: single(({ own }) => own.peak),
  };
}
