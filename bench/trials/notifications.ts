// notifications COUNT: how many per second reach one listener, in order, without and with data.
import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/document.js';

const count = Number(process.argv[2]);
await using simulator = await Simulator.open();
await using system = await ComputeSystem.create('notified', containerDocument, { host: simulator.host });
system.ref(); // nothing else is in flight

async function rate(sequence: boolean): Promise<number> {
  let seen = 0;
  const all = new Promise<void>((resolve) => {
    system.on('notification', function listener({ number, data }) {
      if (number !== 0x77) return;
      if (sequence) assert.equal(data, String(seen));
      if (++seen < count) return;
      system.off('notification', listener);
      resolve();
    });
  });
  const begun = performance.now();
  await simulator.notify({ system: system.id, type: 0x77, count, sequence });
  await all;
  return (count / (performance.now() - begun)) * 1000;
}

await rate(false);
await rate(true);
console.log(`${(await rate(false)).toFixed(0)} ${(await rate(true)).toFixed(0)}`);
