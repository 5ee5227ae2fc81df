// The benchmarks: what the binding adds to a plain C++ client that makes the same calls to the same simulated host. Each
// trial runs in a process of its own, both sides in turn, several rounds; figures are medians over the rounds.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { median, summarise, table } from './support/statistics.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, cycles: { type: 'string', default: '2000' } },
});
const rounds = Number(values.rounds);
const cycles = Number(values.cycles);

const root = fileURLToPath(new URL('../..', import.meta.url));
const simulator = `${root}native/build/Release/vmcompute.so`;
const client = `${root}build/native-bench/bench-client`;

function run(command: string, args: readonly string[], show = false): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  if (show) process.stdout.write(stdout);
  return stdout;
}

const trial = (name: string, ...args: (string | number)[]): string =>
  run(process.execPath, [`${root}build/bench/trials/${name}.js`, ...args.map(String)]);
const limit = (...args: (string | number)[]): string => run(client, [simulator, ...args.map(String)]);

/** The two sides in turn, so that a machine whose speed drifts treats them alike. */
function inTurn<T>(ours: () => T, theirs: () => T): { ours: T[]; theirs: T[] } {
  const result: { ours: T[]; theirs: T[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    result.ours.push(ours());
    result.theirs.push(theirs());
  }
  return result;
}

const ratios = (ours: readonly number[], theirs: readonly number[]): number[] =>
  ours.map((value, round) => value / (theirs[round] ?? NaN));
const spread = (samples: readonly number[], digits = 2): string => {
  const { min, p50, max } = summarise(samples);
  return `${p50.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
};

if (!existsSync(simulator)) throw new Error('build the simulator first: npm run build:native');
run('cmake', ['-S', '.', '-B', 'build/native-bench', '-DCMAKE_BUILD_TYPE=Release']);
run('cmake', ['--build', 'build/native-bench', '--target', 'bench-client']);

console.log(`Node ${process.version} on ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
console.log(`Simulated host, no latency. ${rounds} rounds, each side in turn, a process per trial.\n`);

// (a) latency, the second half of the cycles of each run
const phases = ['create', 'start', 'terminate', 'whole'];
const columns = (output: string): number[][] => {
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  return phases.map((_, column) => lines.slice(lines.length / 2).map((line) => (line[column] ?? NaN) / 1000));
};
function compareLatency(title: string, count: number, milliseconds: number): void {
  const settings = { Profile: { Create: milliseconds, Start: milliseconds, Terminate: milliseconds } };
  const latency = inTurn(
    () => columns(trial('latency', count, milliseconds)),
    () => columns(limit('latency', count, ...(milliseconds > 0 ? [JSON.stringify(settings)] : []))),
  );
  const rows = phases.map((phase, column) => {
    const at = (side: readonly number[][][], share: 'p50' | 'p99'): number[] =>
      side.map((round) => summarise(round[column] ?? [])[share]);
    const [ours, theirs] = [at(latency.ours, 'p50'), at(latency.theirs, 'p50')];
    return [
      phase,
      median(ours).toFixed(1),
      median(at(latency.ours, 'p99')).toFixed(1),
      median(theirs).toFixed(1),
      median(at(latency.theirs, 'p99')).toFixed(1),
      spread(ratios(ours, theirs)),
    ];
  });
  console.log(title);
  console.log(table([['phase', 'p50', 'p99', 'limit p50', 'limit p99', 'p50 / limit p50'], ...rows]));
}
compareLatency('(a) One system after the other, microseconds', cycles, 0);
compareLatency('\n(a2) The same on a host that takes 1 ms for each phase, microseconds', Math.min(cycles, 1000), 1);

// (b) rate
const threads = [2, 4, 8, 64];
const rate = inTurn(
  () => Number(trial('rate', 64, 1500)),
  () => Math.max(...threads.map((count) => Number(limit('rate', count, 800)))),
);
console.log(`\n(b) 64 systems at once, cycles per second (limit: the best of ${threads.join(', ')} blocking threads)`);
console.log(
  table([
    ['', 'hostcompute', 'limit', 'hostcompute / limit'],
    ['cycles/s', median(rate.ours).toFixed(0), median(rate.theirs).toFixed(0), spread(ratios(rate.ours, rate.theirs))],
  ]),
);

// (c) notifications
const notifications = Array.from({ length: rounds }, () =>
  trial('notifications', 1_000_000).trim().split(' ').map(Number),
);
const perSecond = (column: number): string => spread(notifications.map((round) => (round[column] ?? NaN) / 1e6));
console.log('\n(c) Notifications delivered to one listener, millions per second');
console.log(`without data ${perSecond(0)}, with data ${perSecond(1)}`);

// (d) event loop
interface Delays {
  readonly starts: { readonly p99: number; readonly max: number };
  readonly hang: { readonly p99: number; readonly max: number; readonly slowest: number };
}
const delays = Array.from({ length: rounds }, () => JSON.parse(trial('loop-delay')) as Delays);
const cell = (pick: (delays: Delays) => number): string => spread(delays.map(pick));
console.log('\n(d) Event-loop delay, milliseconds');
console.log(
  table([
    ['', 'p99', 'max', 'slowest cycle of another system'],
    ['1,000 starts in flight', cell(({ starts }) => starts.p99), cell(({ starts }) => starts.max), ''],
    [
      'one call hangs for 3 s',
      cell(({ hang }) => hang.p99),
      cell(({ hang }) => hang.max),
      cell(({ hang }) => hang.slowest),
    ],
  ]),
);
