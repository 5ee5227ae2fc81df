// Keeps nothing of a process but its stdout, reads that to the end, and collects. Prints the warnings, then whether the
// handle was closed.
import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { collectUntil } from '../../support/gc.js';

const simulator = await Simulator.open();
const { host } = simulator;
let warnings = 0;
process.on('warning', ({ name, message }) => {
  warnings++;
  console.log(`${name}: ${message}`);
});

await using system = await ComputeSystem.create('collected', containerDocument(), { host });
await system.start();

async function readOnly(): Promise<void> {
  const { stdout } = await system.createProcess({ command: 'sim-flood 3000000', stdio: ['ignore', 'pipe', 'ignore'] });
  let count = 0;
  let collections = 0;
  for await (const chunk of stdout) {
    count += (chunk as Buffer).length;
    if (++collections % 10 === 0) (globalThis as { gc?: () => void }).gc?.();
  }
  console.log(`read by way of stdout alone: ${count === 3_000_000 ? 'whole' : count}`);
}

await readOnly();
await collectUntil(() => warnings > 0);
console.log(`closed: ${await simulator.reached({ handles: { process: 0 }, pipes: 0 })}`);
