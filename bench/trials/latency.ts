// latency CYCLES [MILLISECONDS]: a line per cycle, nanoseconds of create, start, inspect, terminate and the whole. MILLISECONDS is
// what the simulated host takes for each phase; default nothing.
import { Simulator } from 'hostcompute/simulator';

import { cycle } from './cycle.js';

const simulator = await Simulator.open();
const { host } = simulator;
const phase = Number(process.argv[3] ?? 0);
if (phase > 0) await simulator.configure({ profile: { create: phase, start: phase, terminate: phase } });
const count = Number(process.argv[2]);
const lines: string[] = [];
for (let i = 0; i < count; i++) lines.push((await cycle(host, `latency-${i}`, true)).map(Math.round).join(' '));
console.log(lines.join('\n'));
await host.close();
