// throughput flood|cat MEBIBYTES [PROGRAM ARGUMENT...]: MiB per second out of a process, or into and out of one. Without a
// program a process of a simulated system, with one a child of this process. The median of several passes after a warm-up.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { Simulator } from 'hostcompute/simulator';

import { startSystem } from './round-trip.js';
import type { Running } from './streams.js';
import { systemThroughput, throughput } from './streams.js';

const [way, mebibytes, program, ...rest] = process.argv.slice(2) as [string, string, ...string[]];
const bytes = Number(mebibytes) * 2 ** 20;
const stdio = [way === 'cat' ? 'pipe' : 'ignore', 'pipe', 'ignore'] as const;

// eslint-disable-next-line @typescript-eslint/require-await -- as the other way to start one
async function startChild(): Promise<Running> {
  const child = spawn(program!, rest, { stdio: [...stdio] });
  const exited = once(child, 'close') as Promise<[number | null]>;
  return { stdin: child.stdin, stdout: child.stdout, end: async () => (await exited)[0] };
}

if (program !== undefined) {
  console.log((await throughput(bytes, startChild)).toFixed(1));
} else {
  await using simulator = await Simulator.open();
  await using system = await startSystem(simulator.host, 'streams');
  console.log((await systemThroughput(system, way, bytes)).toFixed(1));
}
