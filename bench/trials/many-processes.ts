// many-processes SYSTEMS PROCESSES REPETITIONS: JSON, { times, threads }: how many milliseconds each repetition took from
// the first create to the last close of so many processes at once, and the most threads that there were for calls.
import { Simulator } from 'hostcompute/simulator';

import { roundTrip, startSystem } from './round-trip.js';

const [systemCount, processCount, repetitions] = process.argv.slice(2).map(Number) as [number, number, number];
await using simulator = await Simulator.open();
const { host } = simulator;
const systems = await Promise.all(Array.from({ length: systemCount }, (_, i) => startSystem(host, `many-${i}`)));

const times: number[] = [];
let threads = 0;
for (let repetition = 0; repetition < repetitions; repetition++) {
  const begun = performance.now();
  const all = Array.from({ length: processCount }, async (_, i) => {
    await roundTrip(systems[i % systemCount]!);
    threads = Math.max(threads, host.threads);
  });
  await Promise.all(all);
  times.push(performance.now() - begun);
}
console.log(JSON.stringify({ times, threads }));
