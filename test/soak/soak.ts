// Chaos in rounds, and what it leaves:
//
//   npm run soak -- [--minutes N | --rounds N] [--steps N] [--seed N]
//
// Prints a line per round and the growth per hour; fails on a handle, pipe, program or call that is left after a round, and
// on anything that grows from round to round. Round by round the seed goes up by one; `--rounds 1 --seed N` makes the
// choices of one again.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Simulator } from 'hostcompute/simulator';

import { eventually } from '../support/eventually.js';
import { collectUntil } from '../support/gc.js';
import { Chaos } from './chaos.js';
import { growthOf } from './growth.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '0' },
    steps: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [minutes, rounds, steps, firstSeed] = [values.minutes, values.rounds, values.steps, values.seed].map(
  (text, i) => {
    const number = Number(text);
    if (!Number.isFinite(number) || number < 0 || (i > 0 && !Number.isInteger(number)))
      throw new TypeError(`--${['minutes', 'rounds', 'steps', 'seed'][i]} must be a number from 0, not ${text}`);
    return number;
  },
) as [number, number, number, number];

// The C library of Linux gives threads heaps of their own, which fragment: what is free in them hides for hours whether
// anything grows. With one heap, whose end goes back to the system, RSS is what is in use. It has to be said before Node
// starts.
if (process.platform === 'linux' && process.env.MALLOC_ARENA_MAX === undefined) {
  const env = { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env,
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

// What a round may leave behind and still not be called growth. Each is what is certain at 95% to have been added from the
// end of the warm-up, a third of the rounds, to the last one. Descriptors and threads are counted when all is at rest: one
// that is left is a leak. The heap is measured after collecting it, and still breathes with what V8 compiles and forgets.
// RSS has the code that Node compiles in it as well, and pages that are free and not returned: it moves by some MiB of
// itself. What native code loses is found to the byte by ASan (scripts/test-sanitized.mjs), here when it comes to that.
const measured = {
  descriptors: { unit: '', allowed: 0.5 },
  threads: { unit: '', allowed: 0.5 },
  heap: { unit: ' MiB', allowed: 1 },
  rss: { unit: ' MiB', allowed: 8 },
} as const;
type Measured = keyof typeof measured;
type Round = Readonly<Record<Measured | 'hours', number>>;

const count = (folder: string): number => (process.platform === 'linux' ? readdirSync(folder).length : 0);

await using simulator = await Simulator.open();
console.log(`Host: simulated. ${steps} steps a round, seeds from ${firstSeed}\n`);
console.log('seed      steps/s  descriptors  threads  heap, MiB  rss, MiB  errors met');

/** Fails when anything is left in the host, or in the ledger of the library. */
async function nothingLeft(seed: number): Promise<void> {
  const none = { system: 0, process: 0, registration: 0 };
  if (!(await simulator.reached({ handles: none, callsInside: 0, pipes: 0, programs: 0 }))) {
    throw new Error(`seed ${seed} left: ${JSON.stringify({ ...(await simulator.state()), Calls: undefined })}`);
  }
  const left = (): number => {
    const { systems, processes, streams, callsInFlight, stuckCalls } = simulator.host.ledger();
    return systems + processes + streams + callsInFlight + stuckCalls;
  };
  // Node tells of the end of a stream some turns after it is destroyed.
  const nothingIsLeft = await eventually(
    () => simulator.state(),
    () => left() === 0,
  );
  if (!nothingIsLeft) throw new Error(`seed ${seed} left in the ledger: ${JSON.stringify(simulator.host.ledger())}`);
}

async function round(seed: number): Promise<Round> {
  const begun = performance.now();
  const { errors } = await new Chaos(simulator, seed).run(steps);
  const rate = (steps / (performance.now() - begun)) * 1000;
  await nothingLeft(seed);
  await simulator.reset();
  let collections = 0;
  await collectUntil(() => ++collections > 5);
  const { heapUsed, rss } = process.memoryUsage();
  const now = {
    hours: performance.now() / 3_600_000,
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

const done: Round[] = [];
const until = performance.now() + minutes * 60_000;
while (rounds > 0 ? done.length < rounds : performance.now() < until) done.push(await round(firstSeed + done.length));

const settled = done.slice(Math.floor(done.length / 3));
if (settled.length < 6) {
  console.log(`\n${done.length} rounds: nothing was left, and nothing is said of growth, which takes nine rounds`);
} else {
  const hours = settled.at(-1)!.hours - settled[0]!.hours;
  console.log(`\ngrowth per hour, over the last ${settled.length} rounds (${(hours * 60).toFixed(1)} minutes):`);
  for (const [of, { unit, allowed }] of Object.entries(measured) as [Measured, { unit: string; allowed: number }][]) {
    const { perHour, margin, certain } = growthOf(settled.map((each) => ({ hours: each.hours, value: each[of] })));
    const grows = certain > allowed;
    const least = (allowed / hours + margin).toFixed(1);
    const verdict = grows ? 'it grows' : `a growth of ${least}${unit} would be seen`;
    console.log(`${of.padEnd(12)} ${perHour.toFixed(1)} +- ${margin.toFixed(1)}${unit}; ${verdict}`);
    if (grows) process.exitCode = 1;
  }
}
