// In a worker thread: creates, starts and terminates systems, with a process in each, until it is told to stop, or for `count` cycles.
import { parentPort, workerData } from 'node:worker_threads';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { textOf } from '../../support/text.js';

const { name, count } = workerData as { name: string; count: number };
const simulator = await Simulator.open();
const { host } = simulator;
for (let i = 0; i < count; i++) {
  const system = await ComputeSystem.create(`${name}-${i}`, containerDocument(), { host });
  const exited = system.exited;
  await system.start();
  const child = await system.createProcess({ command: `cmd /c echo ${i}`, stdio: ['ignore', 'pipe', 'ignore'] });
  const text = await textOf(child.stdout);
  if (text !== `${i}\r\n`) throw new Error(`process ${i} printed ${JSON.stringify(text)}`);
  await child.exited;
  await child.close();
  await system.terminate();
  await exited;
  await system.close();
  if (i === 0) parentPort?.postMessage('under way');
}
await simulator.close();
parentPort?.postMessage('done');
