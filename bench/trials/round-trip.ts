// What every trial does with a process: create, read its output to the end, hear of its exit, close.
import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';

import type { Host } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

import { containerDocument } from '../support/document.js';

const echo = { command: 'cmd /c echo x', stdio: ['ignore', 'pipe', 'ignore'] } as const;

/** Nanoseconds of the phases of one round trip. */
export type RoundTrip = readonly [create: number, output: number, exit: number, close: number, whole: number];

const nanoseconds = (from: number, to: number): number => (to - from) * 1e6;

function readAll(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    stream.on('end', () => resolve(text));
    stream.on('error', reject);
  });
}

export async function roundTrip(system: ComputeSystem): Promise<RoundTrip> {
  const begun = performance.now();
  const process = await system.createProcess(echo);
  const created = performance.now();
  const output = await readAll(process.stdout);
  const read = performance.now();
  const { exitCode } = await process.exited;
  const exited = performance.now();
  await process.close();
  const closed = performance.now();
  assert.equal(output, 'x\r\n');
  assert.equal(exitCode, 0);
  return [
    nanoseconds(begun, created),
    nanoseconds(created, read),
    nanoseconds(read, exited),
    nanoseconds(exited, closed),
    nanoseconds(begun, closed),
  ];
}

/** A system that runs. */
export async function startSystem(host: Host, id: string): Promise<ComputeSystem> {
  const system = await ComputeSystem.create(id, containerDocument, { host });
  await system.start();
  return system;
}
