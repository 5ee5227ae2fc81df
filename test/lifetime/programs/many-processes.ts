// many-processes COUNT: runs so many short processes, 20 at a time, and prints what was in use after a fifth of them and
// at the end, as JSON: two objects.
import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { openDescriptors } from '../../support/descriptors.js';
import { collectUntil } from '../../support/gc.js';
import { textOf } from '../../support/text.js';

const count = Number(process.argv[2]);
const simulator = await Simulator.open();
const { host } = simulator;
const system = await ComputeSystem.create('many', containerDocument(), { host });
await system.start();

async function roundTrip(number: number): Promise<void> {
  await using child = await system.createProcess({ command: `cmd /c echo ${number}& exit ${number % 7}` });
  const text = textOf(child.stdout);
  child.stderr.resume();
  if ((await text).trimEnd() !== String(number)) throw new Error(`${number} printed ${JSON.stringify(await text)}`);
  const { exitCode } = await child.exited;
  if (exitCode !== number % 7) throw new Error(`${number} ended with ${exitCode}`);
}

async function run(from: number, to: number): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) await roundTrip(next++);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

async function inUse(): Promise<object> {
  await simulator.reached({ handles: { process: 0 }, callsInside: 0, pipes: 0, programs: 0 });
  let collections = 0;
  await collectUntil(() => ++collections > 5);
  const { Handles, Pipes, Programs } = await simulator.state();
  return { Handles, Pipes, Programs, descriptors: openDescriptors(), heap: process.memoryUsage().heapUsed };
}

await run(0, count / 5);
const early = await inUse();
await run(count / 5, count);
console.log(JSON.stringify([early, await inUse()]));
await system.close();
await host.close();
