// What a process takes of the machine at this moment.
import { readdirSync, readFileSync } from 'node:fs';

/** Memory in MiB. */
export interface Footprint {
  readonly rss: number;
  readonly threads: number;
  readonly descriptors: number;
}

export function footprintOf(pid: number): Footprint {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return { rss: field('VmRSS') / 1024, threads: field('Threads'), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
