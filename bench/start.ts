// The main job: the layers of an image are imported; containers get a scratch layer each, are created and started, run a
// command, and are ended and deleted; each phase is timed.
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { parseArgs } from 'node:util';

import type { Process, SystemDocument } from 'hostcompute';
import { ComputeSystem, Host, isTimeout } from 'hostcompute';

import { containerDocument } from './support/document.js';
import type { StartLayers } from './support/start-layers.js';
import { importLayers } from './support/start-layers.js';
import { summarise, table } from './support/statistics.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    warmup: { type: 'string', default: '5' },
    host: { type: 'string', default: process.platform === 'win32' ? 'windows' : 'simulated' },
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

// From the end of one to the end of the next; the whole has the closing of handles besides.
const ofLayers = ['create scratch', 'mount', 'unmount', 'destroy'] as const;
const ofSystem = ['create', 'start', 'process start', 'first byte', 'exit', 'terminate'] as const;
const phases = [...ofLayers.slice(0, 2), ...ofSystem, ...ofLayers.slice(2), 'whole'] as const;
type Phase = (typeof phases)[number];
const samples = Object.fromEntries(phases.map((phase) => [phase, []])) as unknown as Record<Phase, number[]>;
const stuck = Object.fromEntries(phases.map((phase) => [phase, 0])) as Record<Phase, number>;

async function timed<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  try {
    const result = await work();
    samples[phase].push(performance.now() - begun);
    return result;
  } catch (error) {
    if (isTimeout(error)) stuck[phase]++;
    throw error;
  }
}

/** What containers are made from. */
type Source = SystemDocument | string | StartLayers;

async function cycle(host: Host, id: string, source: Source): Promise<void> {
  if (typeof source === 'object' && 'store' in source) await cycleOnLayers(host, id, source);
  else await cycleOfSystem(host, id, source);
}

async function cycleOnLayers(host: Host, id: string, { store, parents }: StartLayers): Promise<void> {
  await timed('create scratch', () => store.createScratch(id, parents));
  try {
    const mounted = await timed('mount', () => store.mount(id, parents));
    try {
      const { Container, ...rest } = containerDocument;
      await cycleOfSystem(host, id, { ...rest, Container: { ...Container, Storage: mounted.storage } });
    } finally {
      await timed('unmount', () => mounted.close());
    }
  } finally {
    await timed('destroy', () => store.destroy(id));
  }
}

async function cycleOfSystem(host: Host, id: string, document: SystemDocument | string): Promise<void> {
  const system = await timed('create', () => ComputeSystem.create(id, document, { host }));
  try {
    await timed('start', () => system.start());
    await runCommand(system);
    await timed('terminate', () => system.terminate());
  } finally {
    await system.close();
  }
}

async function runCommand(system: ComputeSystem): Promise<void> {
  const { command } = values;
  const child = await timed('process start', () =>
    system.createProcess({ command, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  try {
    await timed('first byte', () => firstByte(child));
    const { exitCode, error } = await timed('exit', () => child.exited);
    if (exitCode !== 0) throw new Error(`"${command}" ended with ${exitCode ?? error?.message}`);
  } finally {
    await child.close();
  }
}

// Reads on, so that the command can end.
function firstByte({ stdout }: Process): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout!.once('data', () => resolve());
    stdout!.once('end', () => reject(new Error(`"${values.command}" printed nothing`)));
    stdout!.once('error', reject);
    stdout!.resume();
  });
}

// What was stuck is counted and does not end the run; the system is ended, so that nothing is left behind.
async function measured(host: Host, id: string, source: Source): Promise<void> {
  try {
    await timed('whole', () => cycle(host, id, source));
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
}

const count = wholeNumber('count', 1);
const warmup = wholeNumber('warmup', 0);
const choice = values.host === 'windows' || values.host === 'simulated' ? values.host : { vmcompute: values.host };
const host = await Host.open(choice);
const described = {
  windows: `Windows ${release()}`,
  simulated: `simulated (this is ${process.platform} ${process.arch}; no container runs)`,
  custom: `library ${values.host}`,
  replayed: 'a recording',
};
console.log(`Host: ${described[host.kind]}`);
const document = values.document === undefined ? undefined : readFileSync(values.document, 'utf8');
// Layers cannot be imported on Windows yet.
using layers = document === undefined && host.kind === 'simulated' ? await importLayers(host) : undefined;
const source = layers ?? document ?? containerDocument;
if (layers !== undefined) {
  const each = Object.entries(layers.imported).map(([layer, ms]) => `${layer} in ${ms.toFixed(1)} ms`);
  console.log(`Imported from tars: ${each.join(', ')}`);
}
console.log(`${count} process-isolated containers, each running "${values.command}", after ${warmup} to warm up\n`);

for (let i = 0; i < warmup; i++) await cycle(host, `warmup-${process.pid}-${i}`, source);
for (const phase of phases) samples[phase].length = 0;
for (let i = 0; i < count; i++) await measured(host, `start-${process.pid}-${i}`, source);
const measuredPhases = phases.filter((phase) => samples[phase].length > 0 || stuck[phase] > 0);

const milliseconds = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3));
console.log(
  table([
    ['ms', 'min', 'p50', 'p90', 'p99', 'max', 'stuck'],
    ...measuredPhases.map((phase) => {
      const { min, p50, p90, p99, max } = summarise(samples[phase]);
      return [phase, ...[min, p50, p90, p99, max].map(milliseconds), String(stuck[phase])];
    }),
  ]),
);
console.log(
  host.kind === 'windows'
    ? '\nMeasured on this Windows host, from the call to the notification that completes it.'
    : "\nNo Windows was involved: the host answers at once, so these figures are the binding's own cost per phase.",
);
await host.close();
