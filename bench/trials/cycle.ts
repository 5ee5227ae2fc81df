// What every trial does with a system: create, start, terminate, close; and ask for its properties, where that is measured.
import type { Host } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

import { containerDocument } from '../support/document.js';

/** Nanoseconds of the phases of one cycle. */
export type Phases = readonly [create: number, start: number, inspect: number, terminate: number, whole: number];

const nanoseconds = (from: number, to: number): number => (to - from) * 1e6;

export async function cycle(host: Host, id: string, inspect = false): Promise<Phases> {
  const begun = performance.now();
  const system = await ComputeSystem.create(id, containerDocument, { host });
  const created = performance.now();
  await system.start();
  const started = performance.now();
  if (inspect) await system.properties();
  const inspected = performance.now();
  await system.terminate();
  const terminated = performance.now();
  await system.close();
  const closed = performance.now();
  return [
    nanoseconds(begun, created),
    nanoseconds(created, started),
    nanoseconds(started, inspected),
    nanoseconds(inspected, terminated),
    nanoseconds(begun, closed),
  ];
}
