// Bytes through the streams of a process, and how fast they are.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import type { ComputeSystem } from 'hostcompute';

import { median } from '../support/statistics.js';

const block = 64 * 1024;
const period = 251; // of the bytes, as sim-flood writes them
const pattern = Buffer.from(Array.from({ length: block + period }, (_, index) => index % period));

/** Counts the bytes and checks those at the edges of each chunk. */
async function read(stdout: Readable, bytes: number): Promise<void> {
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
async function write(stdin: Writable, bytes: number): Promise<void> {
  for (let place = 0; place < bytes; place += block) {
    const begin = place % period;
    if (!stdin.write(pattern.subarray(begin, begin + Math.min(block, bytes - place)))) await once(stdin, 'drain');
  }
  stdin.end();
}

export interface Running {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Resolves to the exit code, when nothing of it is left. */
  readonly end: () => Promise<number | null>;
}

async function rate(bytes: number, start: () => Promise<Running>): Promise<number> {
  const { stdin, stdout, end } = await start();
  const begun = performance.now();
  await Promise.all([read(stdout!, bytes), stdin === null ? undefined : write(stdin, bytes)]);
  const seconds = (performance.now() - begun) / 1000;
  assert.equal(await end(), 0);
  return bytes / 2 ** 20 / seconds;
}

/** MiB per second: the median of several passes after a warm-up. */
export async function throughput(bytes: number, start: () => Promise<Running>): Promise<number> {
  await rate(bytes, start);
  const rates: number[] = [];
  for (let pass = 0; pass < 5; pass++) rates.push(await rate(bytes, start));
  return median(rates);
}

/** `flood`: a process of a system that writes so many bytes; `cat`: one that writes what it reads. */
export function systemThroughput(system: ComputeSystem, way: string, bytes: number): Promise<number> {
  const stdio = [way === 'cat' ? 'pipe' : 'ignore', 'pipe', 'ignore'] as const;
  const command = way === 'cat' ? 'sim-cat' : `sim-flood ${bytes}`;
  return throughput(bytes, async () => {
    const process = await system.createProcess({ command, stdio });
    const end = async (): Promise<number | null> => {
      const { exitCode } = await process.exited;
      await process.close();
      return exitCode;
    };
    return { stdin: process.stdin, stdout: process.stdout, end };
  });
}
