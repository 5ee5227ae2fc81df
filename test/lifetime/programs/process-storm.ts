// In a worker thread: makes processes by the hundred, without end, and says when `told` of the first ones are there.
import { parentPort, workerData } from 'node:worker_threads';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';

const { name, told } = workerData as { name: string; told: number };
const { host } = await Simulator.open();
const system = await ComputeSystem.create(name, containerDocument(), { host });
await system.start();
let made = 0;
for (;;) {
  const all = Array.from({ length: 300 }, async () => {
    const process = await system.createProcess({ command: 'cmd /c rem' });
    if (++made === told) parentPort?.postMessage('under way');
    return process;
  });
  for (const process of await Promise.all(all)) await process.close();
}
