// A program that pulls, for the benchmark: node timed-pull.js FOLDER REFERENCE
// It prints JSON: milliseconds of the pull, processor time in seconds, and the most memory of the process in MB.
import { Simulator } from 'hostcompute/simulator';

import { ImageStore } from '../../src/image-store.js';

const [folder, reference] = process.argv.slice(2) as [string, string];
const simulator = await Simulator.open();
const images = await ImageStore.open(folder, { host: simulator.host });
const before = process.cpuUsage();
const started = performance.now();
const { layers } = await images.pull(reference);
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(before);
await images.close();
await simulator.close();
const peak = process.resourceUsage().maxRSS / 1000;
process.stdout.write(`${JSON.stringify({ ms, busy: (user + system) / 1e6, peak, layers })}\n`);
