import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import type { Figure } from '../results/figures.js';
import { compared, series } from '../results/figures.js';
import type { Section } from '../support/bench.js';
import { inTurn, trial } from '../support/bench.js';
import type { Archive } from '../support/layer-archives.js';
import { makeArchives } from '../support/layer-archives.js';

interface Import {
  readonly ms: number;
  /** Of the processor, seconds. */
  readonly busy: number;
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
        title: 'Processor time of an import',
        unit: 's',
        better: 'less',
        chart: 'none',
        figures: all.map(({ busy }) => busy),
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
): Record<'speed' | 'files' | 'busy' | 'memory' | 'delay', Figure> {
  const name = `${what}, ${format}, ${cache}`;
  const path = paths[format];
  const digests: number[] = [];
  const imports: Import[] = [];
  const extracts: Command[] = [];
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
        digests.push(inFreshFolder(folder, path, cache, () => timed('sha256sum "$1" > /dev/null', path, folder).ms));
        return inFreshFolder(folder, path, cache, (place) => {
          extracts.push(timed(commands[format], path, place));
          return extracts.at(-1)!.ms;
        });
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
    busy: {
      name,
      series: [
        series(
          'hostcompute',
          imports.map(({ busy }) => busy),
        ),
        series(
          'GNU tar',
          extracts.map(({ busy }) => busy),
        ),
      ],
    },
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

/**
 * Writes into a new folder, after the disk has what was written before. All of them are removed with the archives: ext4 passes
 * over the inodes of what was removed in the last minutes, which took more time than the files themselves.
 */
function inFreshFolder(parent: string, path: string, cache: Cache, work: (place: string) => number): number {
  execFileSync('sync');
  const place = mkdtempSync(join(parent, 'layer-'));
  if (cache === 'cold') execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
  else execFileSync('sh', ['-c', 'cat "$1" > /dev/null', 'sh', path]);
  return work(place);
}

interface Command {
  readonly ms: number;
  /** Processor time, seconds. */
  readonly busy: number;
}

function timed(command: string, path: string, place: string): Command {
  const started = performance.now();
  const output = execFileSync('bash', ['-c', `${command}; times`, 'bash', path, place], { encoding: 'utf8' });
  const ms = performance.now() - started;
  // The last line is of what the shell has started: `0m0.123s 0m0.456s`.
  const [m1, s1, m2, s2] = output
    .trim()
    .split('\n')
    .at(-1)!
    .match(/[\d.]+/g)!
    .map(Number);
  return { ms, busy: 60 * (m1! + m2!) + s1! + s2! };
}
