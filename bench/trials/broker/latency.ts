// broker/latency SIDE PROFILE CYCLES: a line per cycle, nanoseconds of create, start, process, terminate and the whole. SIDE is
// in-process or broker; PROFILE what the simulated host takes: the name of a profile, or milliseconds for each phase.
import { brokerCycle } from './cycle.js';
import { openSide } from './side.js';

const [name, profile, cycles] = process.argv.slice(2) as [string, string, string];
await using side = await openSide(name, profile);
const lines: string[] = [];
for (let i = 0; i < Number(cycles); i++)
  lines.push((await brokerCycle(side, `latency-${i}`)).map(Math.round).join(' '));
console.log(lines.join('\n'));
