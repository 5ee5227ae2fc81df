// The main job: the layers of an image are imported; containers get a scratch layer each, are created and started, run a
// command, and are ended and deleted; each phase is timed.
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { parseArgs } from 'node:util';

import type { ApiChoice } from 'hostcompute';
import { Host, isTimeout } from 'hostcompute';

import { libraryOf, phases, runOnLayers, runSystem, Stopwatch } from './support/container-run.js';
import { containerDocument } from './support/document.js';
import { importLayers } from './support/start-layers.js';
import { summarise, table } from './support/statistics.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    warmup: { type: 'string', default: '5' },
    host: { type: 'string', default: process.platform === 'win32' ? 'windows' : 'simulated' },
    api: { type: 'string' },
    document: { type: 'string' },
    command: { type: 'string', default: 'cmd /c ver' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm start -- [options]

  --count N         containers to measure (default 50)
  --warmup N        containers to start before measuring (default 5)
  --host HOST       windows, simulated, or the absolute path of a library
                    (default: windows on Windows, simulated elsewhere)
  --api API         the library that drives the systems: vmcompute, computecore or auto (default vmcompute)
  --document FILE   the container's document, whose layers must have been prepared; else layers are imported, which
                    needs the simulated host
  --command TEXT    what to run in each container; it has to print something (default "cmd /c ver")`);
  process.exit();
}

function wholeNumber(name: 'count' | 'warmup', least: number): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= least) return number;
  console.error(`--${name} is "${values[name]}": pass a whole number from ${least}`);
  process.exit(2);
}

const watch = new Stopwatch();

async function cycle(id: string): Promise<void> {
  const run = { host, watch, command: values.command, byStorage };
  if (layers !== undefined) await runOnLayers(run, id, layers, 'process');
  else await runSystem(run, id, document ?? containerDocument);
}

// What was stuck is counted and does not end the run; the system is ended, so that nothing is left behind.
async function measured(id: string): Promise<void> {
  try {
    await watch.time('whole', () => cycle(id));
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
}

const count = wholeNumber('count', 1);
const warmup = wholeNumber('warmup', 0);
const choice =
  values.host === 'windows' || values.host === 'simulated' ? values.host : { libraries: { vmcompute: values.host } };
if (values.api !== undefined && !['vmcompute', 'computecore', 'auto'].includes(values.api)) {
  console.error(`--api is "${values.api}": pass vmcompute, computecore or auto`);
  process.exit(2);
}
const host = await Host.open(choice, values.api === undefined ? {} : { api: values.api as ApiChoice });
const described = {
  windows: `Windows ${release()}`,
  simulated: `simulated (this is ${process.platform} ${process.arch}; no container runs)`,
  brokered: 'the host of a broker',
  custom: `library ${values.host}`,
  replayed: 'a recording',
};
console.log(`Host: ${described[host.kind]}`);
const byStorage = host.api === 'computecore';
const document = values.document === undefined ? undefined : readFileSync(values.document, 'utf8');
// Layers cannot be imported on Windows yet.
using layers = document === undefined && host.kind === 'simulated' ? await importLayers(host, byStorage) : undefined;
if (layers !== undefined) {
  const each = Object.entries(layers.imported).map(([layer, ms]) => `${layer} in ${ms.toFixed(1)} ms`);
  console.log(`Imported from tars${byStorage ? ' by vmcompute.dll' : ''}: ${each.join(', ')}`);
  if (byStorage) console.log('The disks of the base layer by computestorage.dll and virtdisk.dll');
}
console.log(`${count} process-isolated containers, each running "${values.command}", after ${warmup} to warm up\n`);

for (let i = 0; i < warmup; i++) await cycle(`warmup-${process.pid}-${i}`);
watch.take();
for (let i = 0; i < count; i++) await measured(`start-${process.pid}-${i}`);
const samples = watch.take();
const measuredPhases = phases.filter((phase) => samples[phase].length > 0 || watch.stuck[phase] > 0);

const milliseconds = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3));
console.log(
  table([
    ['ms', 'min', 'p50', 'p90', 'p99', 'max', 'stuck', ...(byStorage ? ['by'] : [])],
    ...measuredPhases.map((phase) => {
      const { min, p50, p90, p99, max } = summarise(samples[phase]);
      const figures = [min, p50, p90, p99, max].map(milliseconds);
      return [phase, ...figures, String(watch.stuck[phase]), ...(byStorage ? [libraryOf(phase)] : [])];
    }),
  ]),
);
console.log(
  host.kind === 'windows'
    ? '\nMeasured on this Windows host, from the call to the notification that completes it.'
    : "\nNo Windows was involved: the host answers at once, so these figures are the binding's own cost per phase.",
);
await host.close();
