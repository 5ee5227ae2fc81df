// layer-import <archive> <folder>: imports a base layer into a store that only keeps folders. Prints JSON: milliseconds of the
// import, its processor time in seconds, the delay of the event loop meanwhile, and the peak of the memory of the whole process in MB.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { importLayer } from 'hostcompute';

import { FolderStore } from '../../test/support/layers/layer-folder.js';

const [archive, folder] = process.argv.slice(2) as [string, string];
const store = new FolderStore(folder);
const resolution = 1;
const monitor = monitorEventLoopDelay({ resolution });
monitor.enable();
await delay(50);
monitor.reset();
const before = process.cpuUsage();
const started = performance.now();
const { diffId } = await importLayer(archive, { store, id: 'base', parents: [] });
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const busy = (user + system) / 1e6;
await delay(5);
monitor.disable();
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
const [loopDelay, longestDelay] = [late(monitor.percentile(99)), late(monitor.max)];
console.log(JSON.stringify({ ms, busy, loopDelay, longestDelay, peak: process.resourceUsage().maxRSS / 1000, diffId }));
