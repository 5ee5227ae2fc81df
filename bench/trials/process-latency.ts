// process-latency CYCLES: a line per cycle, nanoseconds of create, output, exit, close and the whole.
import { Simulator } from 'hostcompute/simulator';

import { roundTrip, startSystem } from './round-trip.js';

await using simulator = await Simulator.open();
await using system = await startSystem(simulator.host, 'processes');
const lines: string[] = [];
for (let i = Number(process.argv[2]); i > 0; i--) lines.push((await roundTrip(system)).map(Math.round).join(' '));
console.log(lines.join('\n'));
