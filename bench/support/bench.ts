// What every section runs its trials with: a fresh process each, the two sides in turn.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { summarise } from './statistics.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const simulator = `${root}native/build/Release/vmcompute.so`;
/** The plain C++ client, and what stands for the programs of a guest outside of one. */
export const clientPath = `${root}build/native-bench/bench-client`;

type Arguments = readonly (string | number)[];

function run(command: string, args: Arguments): string {
  const settings = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args.map(String), settings);
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

export function buildClient(): void {
  if (!existsSync(simulator)) throw new Error('build the simulator first: npm run build:native');
  run('cmake', ['-S', '.', '-B', 'build/native-bench', '-DCMAKE_BUILD_TYPE=Release']);
  run('cmake', ['--build', 'build/native-bench', '--target', 'bench-client']);
}

/** Our side: a file of bench/trials. The heap can be collected on demand in it. */
export const trial = (name: string, ...args: Arguments): string =>
  run(process.execPath, ['--expose-gc', `${root}build/bench/trials/${name}.js`, ...args]);
/** The other side: a mode of bench/native/client.cc. */
export const limit = (...args: Arguments): string => run(clientPath, [simulator, ...args]);

/** How long a command of the shell takes. */
export function shellSeconds(command: string): number {
  const start = performance.now();
  run('bash', ['-o', 'pipefail', '-c', command]);
  return (performance.now() - start) / 1000;
}

/** How often each section repeats its trials, and how many cycles one of them has. */
export interface Effort {
  readonly rounds: number;
  readonly cycles: number;
}

export interface Sides<T, U = T> {
  readonly ours: readonly T[];
  readonly theirs: readonly U[];
}

/** The two sides in turn, so that a machine whose speed drifts treats them alike. */
export function inTurn<T, U = T>(rounds: number, ours: () => T, theirs: () => U): Sides<T, U> {
  const result: { ours: T[]; theirs: U[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    result.ours.push(ours());
    result.theirs.push(theirs());
  }
  return result;
}

export const repeat = <T>(rounds: number, once: () => T): T[] => Array.from({ length: rounds }, once);

export const ratios = ({ ours, theirs }: Sides<number>): number[] =>
  ours.map((value, round) => value / (theirs[round] ?? NaN));

export function spread(samples: readonly number[], digits = 2): string {
  const { min, p50, max } = summarise(samples);
  return `${p50.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}

/** The phases of one side, measured in one run: microseconds by name. */
export type Phases = Readonly<Record<string, readonly number[]>>;

/** Lines of nanoseconds, a column for each phase; of the second half of the cycles. */
export function readPhases(names: readonly string[], output: string): Phases {
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const late = lines.slice(lines.length / 2);
  return Object.fromEntries(names.map((name, column) => [name, late.map((line) => (line[column] ?? NaN) / 1000)]));
}
