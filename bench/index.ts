// The benchmarks: what the binding adds to a plain C++ client that makes the same calls to the same simulated host. Each
// trial runs in a process of its own, both sides in turn, several rounds; figures are medians over the rounds.
//
// npm run bench -- [--only e,f] [--rounds 5] [--cycles 2000]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { latency } from './sections/latency.js';
import { layerExport } from './sections/layer-export.js';
import { layerImport } from './sections/layer-import.js';
import { loopDelay } from './sections/loop-delay.js';
import { manyProcesses } from './sections/many-processes.js';
import { notifications } from './sections/notifications.js';
import { processGrowth } from './sections/process-growth.js';
import { processLatency } from './sections/process-latency.js';
import { rate } from './sections/rate.js';
import { throughput } from './sections/throughput.js';
import { validation } from './sections/validation.js';
import type { Effort } from './support/bench.js';
import { buildClient } from './support/bench.js';

const sections: Readonly<Record<string, (effort: Effort) => void>> = {
  a: latency,
  b: rate,
  c: notifications,
  d: loopDelay,
  e: processLatency,
  f: throughput,
  g: manyProcesses,
  h: processGrowth,
  i: validation,
  j: layerImport,
  k: layerExport,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(sections).join(',') },
    rounds: { type: 'string', default: '5' },
    cycles: { type: 'string', default: '2000' },
  },
});
const effort = { rounds: Number(values.rounds), cycles: Number(values.cycles) };
const chosen = values.only.split(',').map((name) => {
  const section = sections[name];
  if (section === undefined) throw new Error(`there is no section "${name}": ${Object.keys(sections).join(', ')}`);
  return section;
});

buildClient();
console.log(`Node ${process.version} on ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
console.log(`Simulated host, no latency. ${effort.rounds} rounds, each side in turn, a process per trial.`);
for (const section of chosen) section(effort);
