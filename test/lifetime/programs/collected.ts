// Drops systems without closing them and collects them. Prints the warnings, then what the host still has open.
import type { Notification } from 'hostcompute';
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

// The signal outlives the system.
const { signal } = new AbortController();

function startAnd(system: ComputeSystem): AsyncIterable<Notification> {
  const notifications = system.notifications({ types: ['SystemPauseCompleted'], signal });
  void system.start().then(() => system.pause());
  return notifications;
}

async function drop(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const system = await ComputeSystem.create(`dropped-${i}`, containerDocument(), { host });
    await system.start();
  }
  // One whose notifications somebody has read: an iterator that has returned keeps nothing.
  const read = await ComputeSystem.create('read', containerDocument(), { host });
  for await (const { type } of startAnd(read)) {
    console.log(`read ${type}`);
    break;
  }
  // One whose close timed out, and completes inside the host later: there is nothing left to close.
  const system = await ComputeSystem.create('timed-out', containerDocument(), { host });
  const fault = await simulator.inject({ function: 'HcsCloseComputeSystem', block: true });
  const closed = system.close({ timeoutMs: 100 }).catch((error: unknown) => console.log((error as Error).name));
  await simulator.reached({ blockedCalls: 1 });
  await closed;
  await fault.release();
}

const listened = await ComputeSystem.create('listened-to', containerDocument(), { host });
listened.on('exit', ({ exitType }) => console.log(`exited: ${exitType}`));
const awaited = new WeakRef(listened);

await drop();
await collectUntil(() => warnings > 0);
console.log(`closed: ${await simulator.reached({ handles: { system: 1 } })}`);
await awaited.deref()!.terminate();
await awaited.deref()?.close();
console.log(`left: ${(await simulator.state()).Handles.System}`);
