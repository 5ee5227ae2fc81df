// Serves a simulated host that nothing here refers to, and collects. Prints the warnings, and whether anything was collected.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { Simulator } from 'hostcompute/simulator';

import { collectUntil } from '../../support/gc.js';

const name = `collected-${process.pid}`;
const path = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
process.on('warning', ({ message }) => console.log(message));

let collected = false;
const objects = new FinalizationRegistry<undefined>(() => (collected = true));

async function serve(): Promise<void> {
  const simulator = await Simulator.open();
  await simulator.serve(path);
  objects.register({}, undefined);
}

await serve();
await collectUntil(() => collected);
for (let i = 0; i < 3; i++) {
  gc!();
  await turn();
}
console.log(`collected: ${collected}`);
process.exit();
