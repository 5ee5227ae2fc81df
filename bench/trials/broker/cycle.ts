// What is done with each system beside and through the broker: create, start, a process, terminate, close.
import { ComputeSystem } from 'hostcompute';

import type { Side } from './side.js';
import { roundTrip } from '../round-trip.js';

/** Nanoseconds of the phases of one cycle. */
export type BrokerPhases = readonly [create: number, start: number, process: number, terminate: number, whole: number];

export async function brokerCycle({ host, document }: Side, id: string): Promise<BrokerPhases> {
  const begun = performance.now();
  const system = await ComputeSystem.create(id, document, { host });
  const created = performance.now();
  await system.start();
  const started = performance.now();
  await roundTrip(system);
  const ran = performance.now();
  await system.terminate();
  const terminated = performance.now();
  await system.close();
  const closed = performance.now();
  return [created - begun, started - created, ran - started, terminated - ran, closed - begun].map(
    (milliseconds) => milliseconds * 1e6,
  ) as unknown as BrokerPhases;
}
