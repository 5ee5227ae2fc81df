// slow-reader BYTES: reads so much from a process, slowly, and checks it. Prints JSON: bytes read and by how much the
// resident memory has grown at most.
import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';

const bytes = Number(process.argv[2]);
await using simulator = await Simulator.open();
await using system = await ComputeSystem.create('slow', containerDocument(), { host: simulator.host });
await system.start();
const command = `sim-flood ${bytes}`;
await using child = await system.createProcess({ command, stdio: ['ignore', 'pipe', 'ignore'] });
let read = 0;
let before = 0;
let most = 0;
for await (const data of child.stdout) {
  const chunk = data as Buffer;
  for (const at of [0, chunk.length >> 1, chunk.length - 1]) {
    if (chunk[at] !== (read + at) % 251) throw new Error(`byte ${read + at} is ${chunk[at]}`);
  }
  read += chunk.length;
  // The event loop has its turn, and the pipe its time to fill.
  await new Promise((resolve) => setImmediate(resolve));
  if (before === 0 && read > bytes / 64) before = process.memoryUsage.rss();
  if (before !== 0) most = Math.max(most, process.memoryUsage.rss() - before);
}
const { exitCode } = await child.exited;
console.log(JSON.stringify({ read, exitCode, most }));
