// A client of a served host: makes systems and processes and ends them, over and over, until it is killed; or, asked to
// watch, tells what it hears of the end of its host.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { ComputeSystem, isServiceGone, LayerStore } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { writeTree } from '../../support/layers/layers.js';
import { eventually } from '../../support/eventually.js';

const [path, what, folder] = process.argv.slice(2) as [
  string,
  'churn' | 'watch' | 'mount' | 'list' | 'oversized',
  string,
];
const simulator = await Simulator.connect(path === 'default' ? undefined : path);
const { host } = simulator;

async function running(id: string, last: boolean): Promise<ComputeSystem> {
  const document = { ...containerDocument('killed'), ShouldTerminateOnLastHandleClosed: last };
  const system = await ComputeSystem.create(id, document, { host });
  await system.start();
  return system;
}

// Never ends by itself: the next call is always under way.
async function churn(name: string): Promise<void> {
  for (let i = 0; ; i++) {
    await using system = await running(`${name}-${i}`, true);
    await using child = await system.createProcess({ command: 'cmd /c sim-flood 100000' });
    child.stdout.resume();
    await child.exited;
    await system.terminate();
  }
}

// Mounts a layer, starts a system on it, and does nothing more.
async function mount(): Promise<void> {
  await mkdir(folder);
  const store = await LayerStore.open(folder, { host });
  await mkdir(join(folder, 'base'));
  await writeTree(join(folder, 'base'), { Files: null });
  await store.processBaseImage(join(folder, 'base'));
  await store.createScratch('scratch', ['base']);
  const { storage } = await store.mount('scratch', ['base']);
  const document = {
    ...containerDocument('killed'),
    Container: { Storage: storage },
    ShouldTerminateOnLastHandleClosed: false,
  };
  const system = await ComputeSystem.create('on-the-layer', document, { host });
  await system.start();
  system.ref();
}

if (what === 'list') {
  await ComputeSystem.list({}, { host });
  await simulator.close();
} else if (what === 'mount') {
  await mount();
  process.send!('under way');
} else if (what === 'oversized') {
  const system = await running('oversized', true);
  const gone = new Promise((resolve) => system.once('disconnect', resolve));
  system.ref();
  await simulator.inject({ function: 'vmcompute.HcsGetComputeSystemProperties', block: true, count: 0 });
  const query = `{"PropertyTypes":[]}${' '.repeat(25 * 2 ** 20)}`;
  const refused = await Promise.allSettled([query, query, query].map((each) => system.properties(each)));
  await gone;
  await system.close();
  await simulator.close();
  if (refused.every(({ status }) => status === 'rejected')) process.send!('disconnected');
  process.disconnect();
} else if (what === 'churn') {
  for (const id of ['left-1', 'left-2']) await (await running(id, false)).createProcess({ command: 'cmd' });
  await running('ends-with-its-last-handle', true);
  for (const name of ['a', 'b', 'c', 'd']) void churn(name);
  process.send!('under way');
} else {
  const system = await running('watched', true);
  const child = await system.createProcess({ command: 'cmd' });
  const gone = new Promise((resolve) => system.once('disconnect', resolve));
  system.ref(); // the process alone may hear of the end first, and keeps Node running no longer than that
  process.send!('under way');
  await gone;
  const isGone = (error: unknown): boolean => isServiceGone(error);
  const told = [await system.exited.then(() => false, isGone), await child.exited.then(() => false, isGone)];
  const refused = [await system.properties().then(() => false, isGone), await simulator.state().catch(() => true)];
  await child.close();
  await system.close();
  // The sockets of its streams close in their own time.
  await eventually(
    () => turn(),
    () => host.ledger().streams === 0,
  );
  const { systems, processes, registrations, streams, stuckCalls } = host.ledger();
  await simulator.close();
  process.send!({ told, refused, left: [systems, processes, registrations, streams, stuckCalls] });
  process.disconnect();
}
