// latency CYCLES: a line per cycle, nanoseconds of create, start, terminate and the whole.
import { Host } from 'hostcompute';

import { cycle } from './cycle.js';

const host = await Host.open('simulated');
const count = Number(process.argv[2]);
const lines: string[] = [];
for (let i = 0; i < count; i++) lines.push((await cycle(host, `latency-${i}`)).map(Math.round).join(' '));
console.log(lines.join('\n'));
await host.close();
