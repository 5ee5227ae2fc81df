// loop-delay STARTS MILLISECONDS: how late the event loop runs while so many starts are in flight, and while one call hangs
// for so long. Prints JSON: { starts: { p99, max }, hang: { p99, max, slowest } }, milliseconds; `slowest` is the longest cycle of another
// system meanwhile.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/document.js';
import { cycle } from './cycle.js';

const [startCount, hangs] = process.argv.slice(2).map(Number) as [number, number];
await using simulator = await Simulator.open();
const { host } = simulator;
const resolution = 1;

async function delayOf(work: () => Promise<void>): Promise<{ p99: number; max: number }> {
  const monitor = monitorEventLoopDelay({ resolution });
  monitor.enable();
  await delay(50);
  monitor.reset();
  await work();
  await delay(5);
  monitor.disable();
  // The histogram counts the interval between its own timers: what exceeds the resolution is delay.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  return { p99: late(monitor.percentile(99)), max: late(monitor.max) };
}

for (let i = 0; i < 300; i++) await cycle(host, `warmup-${i}`);

const systems: ComputeSystem[] = [];
for (let i = 0; i < startCount; i++) {
  systems.push(await ComputeSystem.create(`start-${i}`, containerDocument, { host }));
}
const starts = await delayOf(async () => {
  await Promise.all(systems.map((system) => system.start()));
});
for (const system of systems) await system.close();

await using hanging = await ComputeSystem.create('hanging', containerDocument, { host });
const fault = await simulator.inject({ function: 'HcsStartComputeSystem', system: 'hanging', block: true });
let slowest = 0;
const hang = await delayOf(async () => {
  const hung = hanging.start();
  const until = performance.now() + hangs;
  for (let i = 0; performance.now() < until; i++) {
    slowest = Math.max(slowest, (await cycle(host, `other-${i}`))[4] / 1e6);
    await delay(1);
  }
  await fault.release();
  await hung;
});
console.log(JSON.stringify({ starts, hang: { ...hang, slowest } }));
