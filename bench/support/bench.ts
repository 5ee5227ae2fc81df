// What every section runs its trials with: a fresh process each, the sides in turn.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Group } from '../results/figures.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const simulator = `${root}build/Release/hostcompute-simulator.so`;
/** The plain C++ client, and what stands for the programs of a guest outside of one. */
export const clientPath = `${root}out/native-bench/bench-client`;

export type Arguments = readonly (string | number)[];

/** What it prints. It has to end with 0. */
export function run(command: string, args: Arguments, variables: Readonly<Record<string, string>> = {}): string {
  const env = { ...process.env, ...variables };
  const settings = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, env } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args.map(String), settings);
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

export function buildClient(): void {
  if (!existsSync(simulator)) throw new Error('build the simulator first: npm run build:native');
  run('cmake', ['-S', '.', '-B', 'out/native-bench', '-DCMAKE_BUILD_TYPE=Release']);
  run('cmake', ['--build', 'out/native-bench', '--target', 'bench-client']);
}

const trialOf = (name: string): Arguments => ['--expose-gc', `${root}out/bench/trials/${name}.js`];

/** Our side: a file of bench/trials. The heap can be collected on demand in it. */
export const trial = (name: string, ...args: Arguments): string => run(process.execPath, [...trialOf(name), ...args]);
/** A program for a benchmark, of the tests of a package. */
export const packageProgram = (name: string, program: string, ...args: Arguments): string =>
  run(process.execPath, [`${root}packages/${name}/dist/test/programs/${program}.js`, ...args]);
/** The other side: a mode of bench/native/client.cc. */
export const limit = (...args: Arguments): string =>
  run(clientPath, [simulator.replace('.so', '-vmcompute.so'), simulator, ...args]);

/** How long a command of the shell takes. */
export function shellSeconds(command: string): number {
  const start = performance.now();
  run('bash', ['-o', 'pipefail', '-c', command]);
  return (performance.now() - start) / 1000;
}

/** What is measured. */
export type HostName = 'simulated' | 'windows';

/** What is done, and how much: how often each section repeats its trials, and how many cycles one of them has. */
export interface Effort {
  readonly rounds: number;
  readonly cycles: number;
  /** Little of everything, to see that it works. */
  readonly quick: boolean;
  readonly host: HostName;
  /** The folders of the layers of an image, the nearest first; none: small ones that are made, for a simulated host. */
  readonly layers: readonly string[];
  /** What is run in a container upon them. */
  readonly command: string;
}

/** One part of the benchmarks. */
export interface Section {
  /** What `--only` names it by. */
  readonly id: string;
  readonly title: string;
  /** What is done, and what it is compared with. */
  readonly about: string;
  /** What it can measure; only the simulated host, unless it says so. */
  readonly hosts?: readonly HostName[];
  readonly measure: (effort: Effort) => readonly Group[];
}

/** One side of a comparison. */
export interface Trial<T> {
  readonly name: string;
  readonly run: () => T;
}

/** A trial of bench/trials. */
export const ours = <T>(read: (output: string) => T, program: string, ...args: Arguments): Trial<T> => ({
  name: 'hostcompute',
  run: () => read(trial(program, ...args)),
});

/** The same by way of koffi, which has as many threads for calls as the addon may have. */
export const byKoffi = <T>(read: (output: string) => T, program: string, ...args: Arguments): Trial<T> => ({
  name: 'koffi',
  run: () => {
    const variables = { HOSTCOMPUTE_BACKEND: 'koffi', UV_THREADPOOL_SIZE: '65' };
    return read(run(process.execPath, [...trialOf(program), ...args], variables));
  },
});

/** The same where computecore.dll drives the systems. */
export const byComputecore = <T>(read: (output: string) => T, program: string, ...args: Arguments): Trial<T> => ({
  name: 'computecore',
  run: () => read(run(process.execPath, [...trialOf(program), ...args], { HOSTCOMPUTE_API: 'computecore' })),
});

/** The same by the plain C++ client. */
export const client = <T>(read: (output: string) => T, ...args: Arguments): Trial<T> => ({
  name: 'C++ client',
  run: () => read(limit(...args)),
});

export interface Measured<T> {
  readonly name: string;
  readonly rounds: readonly T[];
}

/** The sides in turn, so that a machine whose speed drifts treats them alike. */
export function inTurn<T>(rounds: number, trials: readonly Trial<T>[]): readonly Measured<T>[] {
  const all = trials.map(({ name }) => ({ name, rounds: [] as T[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [side, { run: once }] of trials.entries()) all[side]!.rounds.push(once());
  }
  return all;
}

export const repeat = <T>(rounds: number, once: () => T): T[] => Array.from({ length: rounds }, once);
