// scale/systems COUNT SAMPLES: JSON, what so many systems cost that are alive on a host in another process, each with a process
// that waits. Times in milliseconds, memory in MiB, starts in microseconds.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Process, SystemDocument } from 'hostcompute';
import { ComputeSystem, reap } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/document.js';
import { footprintOf } from './footprint.js';
import { serveHost } from './served-host.js';

const [count, samples] = process.argv.slice(2).map(Number) as [number, number];
await using served = await serveHost();
const simulator = await Simulator.connect(served.socket);
const { host } = simulator;

const machineDocument = documents.linuxUtilityVm({ bootFolder: 'C:\\LinuxBootFiles', memoryMiB: 1024 });
// Ended with the machine, all at once.
const { Owner, SchemaVersion, ShouldTerminateOnLastHandleClosed, Container } = containerDocument;
const inMachine = {
  ...{ Owner, SchemaVersion, ShouldTerminateOnLastHandleClosed, HostingSystemId: 'machine' },
  HostedSystem: { SchemaVersion, Container },
};
const leftBehind = { ...containerDocument, Owner: 'left-behind', ShouldTerminateOnLastHandleClosed: false };

interface Started {
  readonly system: ComputeSystem;
  readonly waiting: Process;
}

async function start(id: string, document: SystemDocument): Promise<Started> {
  const system = await ComputeSystem.create(id, document, { host });
  await system.start();
  const waiting = await system.createProcess({ command: 'sim-sleep', stdio: 'ignore' });
  return { system, waiting };
}

async function close({ system, waiting }: Started): Promise<void> {
  await waiting.close();
  await system.close();
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** How late the event loop runs meanwhile. */
async function delayOf(work: () => Promise<unknown>): Promise<number> {
  const resolution = 1;
  const monitor = monitorEventLoopDelay({ resolution });
  monitor.enable();
  await delay(20);
  monitor.reset();
  await work();
  await delay(5);
  monitor.disable();
  return Math.max(0, monitor.percentile(99) / 1e6 - resolution);
}

async function look() {
  // Finalizers of what is collected run in turns of their own.
  for (let i = 0; i < 3; i++) {
    gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, heapTotal } = process.memoryUsage();
  const client = footprintOf(process.pid);
  return {
    client: { ...client, heap: heapUsed / 2 ** 20, native: client.rss - heapTotal / 2 ** 20 },
    host: footprintOf(served.pid),
  };
}

/** Microseconds of each start of one more system, among those that are there. */
async function starts(label: string, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    const system = await ComputeSystem.create(`${label}-${i}`, containerDocument, { host });
    await system.start();
    taken.push(Math.round((performance.now() - begun) * 1000));
    await system.close();
  }
  return taken;
}

// What comes with the first ones and does not grow with those that are alive: threads, code, and the young generation of the heap.
await starts('warmup', 1000);
for (let i = 0; i < 2000; i++) await close(await start(`warmup-${i}`, containerDocument));

await using machine = await ComputeSystem.create('machine', machineDocument, { host });
await machine.start();
const before = await look();
const alive: Started[] = [];
const open = async (upTo: number): Promise<void> => {
  while (alive.length < upTo) alive.push(await start(`system-${alive.length}`, inMachine));
};
// To see whether the later ones cost as much as the first.
const early = Math.ceil(count / 5);
await open(early);
const first = await look();
await open(count);
const held = await look();

let among: number[] = [];
const startDelay = await delayOf(async () => void (among = await starts('among', samples)));

const list = await milliseconds(async () => assert.equal((await ComputeSystem.list({}, { host })).length, count + 1));

let exits = 0;
const exitDelay = await delayOf(async () => {
  const all = alive.flatMap(({ system, waiting }) => [system.exited, waiting.exited]);
  exits = await milliseconds(async () => {
    await machine.terminate();
    await Promise.all(all);
  });
});
for (const each of alive.splice(0)) await close(each);

for (let i = 0; i < count; i++) await close(await start(`left-${i}`, leftBehind));
let reaped = 0;
const reapDelay = await delayOf(async () => {
  reaped = await milliseconds(async () => {
    const all = await reap({ owner: 'left-behind', host });
    assert.equal(all.filter(({ outcome }) => outcome === 'terminated').length, count);
  });
});
await simulator.close();
console.log(
  JSON.stringify({
    ...{ count, early, before, first, held, starts: among, list, exits, reaped },
    delays: { start: startDelay, exit: exitDelay, reap: reapDelay },
  }),
);
