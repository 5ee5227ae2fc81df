// memory SYSTEMS MARKS: JSON, what this process holds at each mark, from none to all systems that run: MiB of resident
// memory and of heap. The simulated host is in the same process.
import { Simulator } from 'hostcompute/simulator';

import { startSystem } from './round-trip.js';

const [systemCount, marks] = process.argv.slice(2).map(Number) as [number, number];
await using simulator = await Simulator.open();
const { host } = simulator;

async function look(systems: number) {
  // Finalizers of what is collected run in turns of their own.
  for (let i = 0; i < 3; i++) {
    gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { systems, rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 };
}

// What comes with the first ones and does not grow with those that are open: threads, code, and the young generation of the heap.
for (let i = 0; i < 3000; i++) await (await startSystem(host, `first-${i}`)).close();
const open: AsyncDisposable[] = [];
const held = [await look(0)];
for (let mark = 1; mark <= marks; mark++) {
  const upTo = (systemCount * mark) / marks;
  while (open.length < upTo) open.push(await startSystem(host, `system-${open.length}`));
  held.push(await look(open.length));
}
for (const system of open) await system[Symbol.asyncDispose]();
console.log(JSON.stringify(held));
