// (j) import of layers
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Effort } from '../support/bench.js';
import { inTurn, ratios, spread, trial } from '../support/bench.js';
import type { Archive } from '../support/layer-archives.js';
import { makeArchives } from '../support/layer-archives.js';
import { table } from '../support/statistics.js';

interface Import {
  readonly ms: number;
  readonly loopDelay: number;
  readonly peak: number;
}

const mostRounds = 3;
const extract = 'tar -x --warning=no-unknown-keyword -C "$2"';

export function layerImport({ rounds }: Effort): void {
  using archives = makeArchives();
  const rows = archives.all.flatMap((archive) => [
    row(archive, 'plain', archive.plain, `${extract} -f "$1"`, 'cold', rounds, archives.folder),
    row(archive, 'plain', archive.plain, `${extract} -f "$1"`, 'warm', rounds, archives.folder),
    row(archive, 'gzip', archive.gzip, `gzip -dc "$1" | ${extract}`, 'cold', rounds, archives.folder),
    row(archive, 'gzip', archive.gzip, `gzip -dc "$1" | ${extract}`, 'warm', rounds, archives.folder),
  ]);
  console.log('\n(j) Import of a layer against GNU tar extracting the same archive, on the same disk, in turn');
  console.log(
    table([
      ['', 'MB/s', 'files/s', 'tar MB/s', 'speed against tar', 'against tar and sha256sum', 'peak MB', 'loop delay ms'],
      ...rows,
    ]),
  );
}

function row(
  { what, files, bytes }: Archive,
  format: string,
  path: string,
  command: string,
  cache: 'cold' | 'warm',
  rounds: number,
  folder: string,
): string[] {
  const digests: number[] = [];
  const imports: Import[] = [];
  const { ours, theirs } = inTurn(
    Math.min(rounds, mostRounds),
    () =>
      inFreshFolder(folder, path, cache, (place) => {
        imports.push(JSON.parse(trial('layer-import', path, place)) as Import);
        return imports.at(-1)!.ms;
      }),
    () => {
      digests.push(inFreshFolder(folder, path, cache, () => timed('sha256sum "$1" > /dev/null', path, folder)));
      return inFreshFolder(folder, path, cache, (place) => timed(command, path, place));
    },
  );
  const speeds = ratios({ ours: theirs, theirs: ours });
  const withDigest = ratios({ ours: theirs.map((ms, round) => ms + digests[round]!), theirs: ours });
  return [
    `${what}, ${format}, ${cache}`,
    spread(
      ours.map((ms) => bytes / 1000 / ms),
      0,
    ),
    spread(
      ours.map((ms) => (files * 1000) / ms),
      0,
    ),
    spread(
      theirs.map((ms) => bytes / 1000 / ms),
      0,
    ),
    spread(speeds),
    spread(withDigest),
    spread(
      imports.map(({ peak }) => peak),
      0,
    ),
    spread(
      imports.map(({ loopDelay }) => loopDelay),
      1,
    ),
  ];
}

/** Writes into a folder that is removed, after the disk has what was written before. */
function inFreshFolder(parent: string, path: string, cache: 'cold' | 'warm', work: (place: string) => number): number {
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
