// process-growth PROCESSES MARKS ATONCE: JSON, what there is in this process at each mark, from none to all processes; memory in MiB.
// Fails when what can be counted has grown.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

import { Simulator } from 'hostcompute/simulator';

import { roundTrip, startSystem } from './round-trip.js';

const [processCount, marks, atOnce] = process.argv.slice(2).map(Number) as [number, number, number];
await using simulator = await Simulator.open();
await using system = await startSystem(simulator.host, 'growth');

async function runMany(count: number): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await roundTrip(system);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

async function look(processes: number) {
  assert(await simulator.reached({ programs: 0, undelivered: 0 }));
  // Finalizers of what is collected run in turns of their own.
  for (let i = 0; i < 3; i++) {
    gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { Handles, Pipes, Programs } = await simulator.state();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    processes,
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    handles: Handles.System + Handles.Process + Handles.Registration,
    pipes: Pipes,
    programs: Programs,
    rss: mebibytes(rss),
    heap: mebibytes(heapUsed),
  };
}

await runMany(500); // threads and code that come with the first ones
const kept = [await look(0)];
for (let mark = 1; mark <= marks; mark++) {
  await runMany(processCount / marks);
  kept.push(await look((processCount * mark) / marks));
}
const counts = kept.map(({ descriptors, handles, pipes, programs }) => ({ descriptors, handles, pipes, programs }));
for (const count of counts) assert.deepEqual(count, counts[0]);
console.log(JSON.stringify(kept));
