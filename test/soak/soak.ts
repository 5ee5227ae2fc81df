// Chaos in rounds, and what it leaves: npm run soak -- [--minutes N] [--seed N] [--steps N]. Prints a line per round, and
// the growth per hour; fails on any handle, pipe, program or thread that is left, and on memory that grows.
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Simulator } from 'hostcompute/simulator';

import { collectUntil } from '../support/gc.js';
import { Chaos } from './chaos.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    steps: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const steps = Number(values.steps);
const until = performance.now() + Number(values.minutes) * 60_000;

interface Round {
  readonly at: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly heap: number;
  readonly rss: number;
}

const count = (folder: string): number => (process.platform === 'linux' ? readdirSync(folder).length : 0);

await using simulator = await Simulator.open();
console.log(`Host: simulated. ${steps} steps a round, seeds from ${values.seed}\n`);
console.log('seed      steps/s  descriptors  threads  heap, MiB  rss, MiB  errors met');

async function round(seed: number): Promise<Round> {
  const begun = performance.now();
  const { errors } = await new Chaos(simulator, seed).run(steps);
  const rate = (steps / (performance.now() - begun)) * 1000;
  const none = { system: 0, process: 0, registration: 0 };
  if (!(await simulator.reached({ handles: none, callsInside: 0, pipes: 0, programs: 0 }))) {
    throw new Error(`seed ${seed} left: ${JSON.stringify({ ...(await simulator.state()), Calls: undefined })}`);
  }
  // Node tells of the end of a stream some turns after it is destroyed.
  for (let turn = 0; turn < 1000 && simulator.host.ledger().streams > 0; turn++) await simulator.state();
  const { systems, processes, streams, callsInFlight, stuckCalls } = simulator.host.ledger();
  if (systems + processes + streams + callsInFlight + stuckCalls !== 0) {
    throw new Error(`seed ${seed} left in the ledger: ${JSON.stringify(simulator.host.ledger())}`);
  }
  await simulator.reset();
  let collections = 0;
  await collectUntil(() => ++collections > 5);
  const { heapUsed, rss } = process.memoryUsage();
  const now = {
    at: performance.now(),
    descriptors: count('/proc/self/fd'),
    threads: count('/proc/self/task'),
    heap: heapUsed / 2 ** 20,
    rss: rss / 2 ** 20,
  };
  const met = Object.values(errors).reduce((sum, each) => sum + each, 0);
  const cells = [rate.toFixed(0), now.descriptors, now.threads, now.heap.toFixed(1), now.rss.toFixed(0), met];
  const widths = [8, 11, 7, 9, 8, 10];
  console.log([String(seed).padEnd(8), ...cells.map((cell, i) => String(cell).padStart(widths[i]!))].join('  '));
  return now;
}

const rounds: Round[] = [];
for (let seed = Number(values.seed); rounds.length < 3 || performance.now() < until; seed++)
  rounds.push(await round(seed));

// The first third warms up. What the rest grows by is the slope between the means of its halves.
const settled = rounds.slice(Math.floor(rounds.length / 3));
const half = Math.floor(settled.length / 2);
const mean = (part: readonly Round[], of: keyof Round): number =>
  part.reduce((sum, each) => sum + each[of], 0) / part.length;
const growth = (of: keyof Round): number => {
  const [early, late] = [settled.slice(0, half), settled.slice(half)];
  return ((mean(late, of) - mean(early, of)) / (mean(late, 'at') - mean(early, 'at'))) * 3_600_000;
};
console.log('\nper hour:');
for (const of of ['descriptors', 'threads', 'heap', 'rss'] as const)
  console.log(`${of.padEnd(12)} ${growth(of).toFixed(1)}`);
// A leak of a hundred bytes per step would be some ten MiB over a round of 100,000.
const grown = mean(settled.slice(half), 'heap') - mean(settled.slice(0, half), 'heap');
if (grown > 2 || mean(settled.slice(half), 'descriptors') > mean(settled.slice(0, half), 'descriptors') + 2) {
  console.error('it grows');
  process.exitCode = 1;
}
