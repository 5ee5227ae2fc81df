import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

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
  /** Of the event loop, milliseconds: p99, and the longest. */
  readonly loopDelay: number;
  readonly longestDelay: number;
  readonly peak: number;
  readonly diffId: string;
}

type Medium = 'memory' | 'disk';
type Format = 'plain' | 'gzip';

const mostRounds = 3;
const extract = 'tar -x --warning=no-unknown-keyword -C "$2"';
const commands = { plain: `${extract} -f "$1"`, gzip: `gzip -dc "$1" | ${extract}` };
/** Where there is a file system in memory, on Linux. */
const memory = '/dev/shm';
/** The least of GNU tar's speed: in memory, where no disk hides processor time, for large files and for small ones. */
const least: Readonly<Record<Format, readonly [large: number, small: number]>> = { plain: [0.9, 0.9], gzip: [1.2, 1] };

export const layerImport: Section = {
  id: 'j',
  title: 'Layers from tars',
  about:
    'Import of a layer, with its digests, and in turn with it GNU tar extracting the same archive, from the page cache into a fresh ' +
    'folder: in memory, and on the disk of the temporary folder. Digests and the whole tree are compared with the other side.',
  measure({ rounds, quick }) {
    const media: readonly Medium[] = existsSync(memory) ? ['memory', 'disk'] : ['disk'];
    const all = media.flatMap((medium) => {
      using archives = makeArchives(quick, medium === 'memory' ? memory : tmpdir());
      return archives.all.flatMap((archive) =>
        (['plain', 'gzip'] as const).map((format) =>
          imported(archive, format, medium, Math.min(rounds, mostRounds), archives.folder),
        ),
      );
    });
    const group = (
      title: string,
      unit: string,
      better: 'more' | 'less',
      chart: 'bars' | 'none',
      figures: Figure[],
    ) => ({
      title,
      unit,
      better,
      chart,
      figures,
    });
    return [
      group(
        'Speed of an import',
        'MB/s',
        'more',
        'bars',
        all.map(({ speed }) => speed),
      ),
      group(
        'Files per second',
        'files/s',
        'more',
        'none',
        all.map(({ files }) => files),
      ),
      group(
        'Processor time of an import',
        's',
        'less',
        'none',
        all.map(({ busy }) => busy),
      ),
      group(
        'Most memory of the process that imports',
        'MB',
        'less',
        'bars',
        all.map(({ memory: most }) => most),
      ),
      group(
        'Delay of the event loop in an import, p99',
        'ms',
        'less',
        'bars',
        all.map(({ delay }) => delay),
      ),
      group(
        'Longest delay of the event loop in an import',
        'ms',
        'less',
        'none',
        all.map(({ longest }) => longest),
      ),
    ];
  },
};

function imported(
  { what, files, bytes, ...paths }: Archive,
  format: Format,
  medium: Medium,
  rounds: number,
  folder: string,
): Record<'speed' | 'files' | 'busy' | 'memory' | 'delay' | 'longest', Figure> {
  const name = `${what}, ${format}, ${medium}`;
  const path = paths[format];
  const imports: Import[] = [];
  const extracts: Command[] = [];
  const written: string[] = [];
  const sides = inTurn(rounds, [
    {
      name: 'hostcompute',
      run: () =>
        inFreshFolder(folder, path, (place) => {
          imports.push(JSON.parse(trial('layer-import', path, place)) as Import);
          written.push(place);
          return imports.at(-1)!.ms;
        }),
    },
    {
      name: 'GNU tar',
      run: () => {
        return inFreshFolder(folder, path, (place) => {
          extracts.push(timed(commands[format], path, place));
          compare(written.at(-1)!, place, imports.at(-1)!.diffId, paths.plain);
          return extracts.at(-1)!.ms;
        });
      },
    },
  ]);
  const [own, tar] = sides.map((side) => side.rounds);
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
  const speeds = [per('hostcompute', bytes / 1e6, own!), per('GNU tar', bytes / 1e6, tar!)];
  const target = medium === 'disk' ? 1 : least[format][files > 10_000 ? 1 : 0];
  return {
    speed: compared(name, speeds, { least: target }),
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
      120,
    ),
    delay: single(
      imports.map(({ loopDelay }) => loopDelay),
      10,
    ),
    longest: single(
      imports.map(({ longestDelay }) => longestDelay),
      20,
    ),
  };
}

/**
 * Writes into a new folder, after the disk has what was written before. All of them are removed with the archives: ext4 passes
 * over the inodes of what was removed in the last minutes, which took more time than the files themselves.
 */
function inFreshFolder(parent: string, path: string, work: (place: string) => number): number {
  execFileSync('sync');
  const place = mkdtempSync(join(parent, 'layer-'));
  execFileSync('sh', ['-c', 'cat "$1" > /dev/null', 'sh', path]);
  return work(place);
}

/** Throws when the layer is not what GNU tar has extracted: each file ends with its content. */
function compare(own: string, other: string, diffId: string, archive: string): void {
  const [digest] = execFileSync('sha256sum', [archive], { encoding: 'utf8' }).split(' ');
  if (diffId !== `sha256:${digest}`) throw new Error(`the digest of ${archive} is ${digest}, and not ${diffId}`);
  const entries = readdirSync(other, { recursive: true, withFileTypes: true });
  const layer = join(own, 'base');
  for (const entry of entries) {
    const expected = join(entry.parentPath, entry.name);
    const found = join(layer, relative(other, expected));
    const isRight = entry.isDirectory() ? statSync(found).isDirectory() : endsWith(found, expected);
    if (!isRight) throw new Error(`${found} is not what ${expected} is`);
  }
  // Beside each directory there is its metadata, and in the root the table of times.
  const directories = entries.filter((entry) => entry.isDirectory()).length;
  const count = readdirSync(layer, { recursive: true }).length;
  if (count !== entries.length + directories + 1) throw new Error(`${layer} has ${count} files and folders`);
}

function endsWith(found: string, expected: string): boolean {
  const [bytes, content] = [readFileSync(found), readFileSync(expected)];
  return bytes.subarray(bytes.length - content.length).equals(content);
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
