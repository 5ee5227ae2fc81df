// throughput flood|cat MEBIBYTES [PROGRAM ARGUMENT...]: MiB per second out of a process, or into and out of one. Without a
// program a process of a simulated system, with one a child of this process. The median of several passes after a warm-up.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { Simulator } from 'hostcompute/simulator';

import { median } from '../support/statistics.js';
import { startSystem } from './round-trip.js';

const [way, mebibytes, program, ...rest] = process.argv.slice(2);
const bytes = Number(mebibytes) * 2 ** 20;

const block = 64 * 1024;
const period = 251; // of the bytes, as sim-flood writes them
const pattern = Buffer.from(Array.from({ length: block + period }, (_, index) => index % period));

/** Counts the bytes and checks those at the edges of each chunk. */
async function read(stdout: Readable): Promise<void> {
  let place = 0;
  stdout.on('data', (chunk: Buffer) => {
    assert.equal(chunk[0], place % period);
    place += chunk.length;
    assert.equal(chunk[chunk.length - 1], (place - 1) % period);
  });
  await once(stdout, 'end');
  assert.equal(place, bytes);
}

/** Writes as fast as the other end takes it. */
async function write(stdin: Writable): Promise<void> {
  for (let place = 0; place < bytes; place += block) {
    const begin = place % period;
    if (!stdin.write(pattern.subarray(begin, begin + Math.min(block, bytes - place)))) await once(stdin, 'drain');
  }
  stdin.end();
}

interface Running {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Resolves to the exit code, when nothing of it is left. */
  readonly end: () => Promise<number | null>;
}

async function rate(start: () => Promise<Running>): Promise<number> {
  const { stdin, stdout, end } = await start();
  const begun = performance.now();
  await Promise.all([read(stdout!), stdin === null ? undefined : write(stdin)]);
  const seconds = (performance.now() - begun) / 1000;
  assert.equal(await end(), 0);
  return bytes / 2 ** 20 / seconds;
}

const stdio = [way === 'cat' ? 'pipe' : 'ignore', 'pipe', 'ignore'] as const;

// eslint-disable-next-line @typescript-eslint/require-await -- as the other way to start one
async function startChild(): Promise<Running> {
  const child = spawn(program!, rest, { stdio: [...stdio] });
  const exited = once(child, 'close') as Promise<[number | null]>;
  return { stdin: child.stdin, stdout: child.stdout, end: async () => (await exited)[0] };
}

async function measure(start: () => Promise<Running>): Promise<void> {
  await rate(start);
  const rates: number[] = [];
  for (let pass = 0; pass < 5; pass++) rates.push(await rate(start));
  console.log(median(rates).toFixed(1));
}

if (program !== undefined) {
  await measure(startChild);
} else {
  await using simulator = await Simulator.open();
  await using system = await startSystem(simulator.host, 'streams');
  const command = way === 'cat' ? 'sim-cat' : `sim-flood ${bytes}`;
  await measure(async () => {
    const process = await system.createProcess({ command, stdio });
    const end = async (): Promise<number | null> => {
      const { exitCode } = await process.exited;
      await process.close();
      return exitCode;
    };
    return { stdin: process.stdin, stdout: process.stdout, end };
  });
}
