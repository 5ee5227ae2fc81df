// tracing COUNT: microseconds of a call without and with a subscriber of the channel hostcompute:call; of ten rounds each, turn
// by turn, the least, the median and the most.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/document.js';

const count = Number(process.argv[2]);
await using simulator = await Simulator.open();
await using system = await ComputeSystem.create('traced', containerDocument, { host: simulator.host });
await system.start();

async function round(): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < count; i++) await system.properties();
  return ((performance.now() - begun) / count) * 1000;
}

function row(name: string, rounds: readonly number[]): string {
  const sorted = rounds.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!].map((each) =>
    each.toFixed(1),
  );
  return `${name} ${least} ${median} ${most}`;
}

const noop = (): void => undefined;
const without: number[] = [];
const with_: number[] = [];
await round();
for (let i = 0; i < 10; i++) {
  without.push(await round());
  subscribe('hostcompute:call', noop);
  with_.push(await round());
  unsubscribe('hostcompute:call', noop);
}
console.log(row('without', without));
console.log(row('with', with_));
