import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Figure } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { inTurn, trial } from '../support/bench.js';
import type { Archive } from '../support/layer-archives.js';
import { makeArchives } from '../support/layer-archives.js';

interface Import {
  readonly ms: number;
  readonly loopDelay: number;
  readonly peak: number;
}

type Cache = 'cold' | 'warm';
type Format = 'plain' | 'gzip';

const mostRounds = 3;
const extract = 'tar -x --warning=no-unknown-keyword -C "$2"';
const commands = { plain: `${extract} -f "$1"`, gzip: `gzip -dc "$1" | ${extract}` };

export const layerImport: Section = {
  id: 'j',
  title: 'Layers from tars',
  about:
    'Import of a layer, and in turn with it GNU tar extracting the same archive into the same folder, and sha256sum reading ' +
    'it: an import has the digests as well. Cold: the archive is out of the page cache.',
  measure({ rounds, quick }) {
    using archives = makeArchives(quick);
    const all = archives.all.flatMap((archive) =>
      (['plain', 'gzip'] as const).flatMap((format) =>
        (['cold', 'warm'] as const).map((cache) =>
          imported(archive, format, cache, Math.min(rounds, mostRounds), archives.folder),
        ),
      ),
    );
    return [
      {
        title: 'Speed of an import',
        unit: 'MB/s',
        better: 'more',
        chart: 'bars',
        figures: all.map(({ speed }) => speed),
      },
      {
        title: 'Files per second',
        unit: 'files/s',
        better: 'more',
        chart: 'none',
        figures: all.map(({ files }) => files),
      },
      {
        title: 'Most memory of the process that imports',
        unit: 'MB',
        better: 'less',
        chart: 'bars',
        figures: all.map(({ memory }) => memory),
      },
      {
        title: 'Longest delay of the event loop in an import',
        unit: 'ms',
        better: 'less',
        chart: 'bars',
        figures: all.map(({ delay }) => delay),
      },
    ];
  },
};

function imported(
  { what, files, bytes, ...paths }: Archive,
  format: Format,
  cache: Cache,
  rounds: number,
  folder: string,
): Record<'speed' | 'files' | 'memory' | 'delay', Figure> {
  const name = `${what}, ${format}, ${cache}`;
  const path = paths[format];
  const digests: number[] = [];
  const imports: Import[] = [];
  const sides = inTurn(rounds, [
    {
      name: 'hostcompute',
      run: () =>
        inFreshFolder(folder, path, cache, (place) => {
          imports.push(JSON.parse(trial('layer-import', path, place)) as Import);
          return imports.at(-1)!.ms;
        }),
    },
    {
      name: 'GNU tar',
      run: () => {
        digests.push(inFreshFolder(folder, path, cache, () => timed('sha256sum "$1" > /dev/null', path, folder)));
        return inFreshFolder(folder, path, cache, (place) => timed(commands[format], path, place));
      },
    },
  ]);
  const [own, tar] = sides.map((side) => side.rounds);
  const withDigest = tar!.map((ms, round) => ms + digests[round]!);
  const per = (side: string, amount: number, times: readonly number[]) =>
    series(
      side,
      times.map((ms) => (amount * 1000) / ms),
    );
  const single = (values: readonly number[], most: number): Figure => ({
    name,
    series: [series('hostcompute', values)],
    target: { most },
  });
  const speeds = [
    per('hostcompute', bytes / 1e6, own!),
    per('GNU tar', bytes / 1e6, tar!),
    per('GNU tar and sha256sum', bytes / 1e6, withDigest),
  ];
  return {
    speed: compared(name, speeds, { least: format === 'plain' ? 1 : 0.9 }),
    files: { name, series: [per('hostcompute', files, own!), per('GNU tar', files, tar!)] },
    memory: single(
      imports.map(({ peak }) => peak),
      150,
    ),
    delay: single(
      imports.map(({ loopDelay }) => loopDelay),
      20,
    ),
  };
}

/** Writes into a folder that is removed, after the disk has what was written before. */
function inFreshFolder(parent: string, path: string, cache: Cache, work: (place: string) => number): number {
  execFileSync('sync');
  const place = mkdtempSync(join(parent, 'layer-'));
  try {
    if (cache === 'cold') execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
    else execFileSync('sh', ['-c', 'cat "$1" > /dev/null', 'sh', path]);
    return work(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

function timed(command: string, path: string, place: string): number {
  const started = performance.now();
  execFileSync('sh', ['-c', command, 'sh', path, place]);
  return performance.now() - started;
}
