// Drops systems that somebody has listened to, and collects. Prints which are kept while they run, and which once they have
// ended.
import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { collectUntil } from '../../support/gc.js';

type Use = (system: ComputeSystem) => unknown;

const simulator = await Simulator.open();
const { host } = simulator;
const nothing = (): void => undefined;
const { signal } = new AbortController();

const over: Readonly<Record<string, Use>> = {
  'on and off': (system) => system.on('exit', nothing).off('exit', nothing),
  'once, which was called': async (system) => {
    const paused = new Promise((resolve) => system.once('notification', resolve));
    await system.pause();
    await paused;
  },
  'two listeners that were removed': (system) => {
    system.on('exit', nothing).prependListener('notification', nothing);
    system.off('exit', nothing).removeListener('notification', nothing);
  },
  'removeAllListeners()': (system) => system.on('exit', nothing).on('notification', nothing).removeAllListeners(),
  'a listener added after removeAllListeners(), and removed': (system) => {
    system.removeAllListeners().on('crash', nothing).off('crash', nothing);
  },
  'an iterator that has returned': (system) => system.notifications({ signal }).return?.(),
  'an iterator that has returned while it was read': async (system) => {
    const iterator = system.notifications();
    const read = iterator.next();
    await iterator.return?.();
    await read;
  },
  'an iterator whose signal has fired': async (system) => {
    const controller = new AbortController();
    const read = system.notifications({ signal: controller.signal }).next();
    controller.abort();
    await read.catch(nothing);
  },
  'ref() and unref()': (system) => system.ref().unref(),
  'a start that was aborted': async (system) => {
    const controller = new AbortController();
    const paused = system.pause({ signal: controller.signal });
    controller.abort();
    await paused.catch(nothing);
  },
  'a stop that timed out': async (system) => {
    const refused = { status: 0x800706bf } as const;
    await simulator.inject({ function: 'vmcompute.HcsShutdownComputeSystem', ...refused });
    await simulator.inject({ function: 'vmcompute.HcsTerminateComputeSystem', ...refused });
    console.log(`stop: ${await system.stop({ forceMs: 20 })}`);
  },
};
const lasting: Readonly<Record<string, Use>> = {
  'a listener': (system) => system.on('exit', nothing),
  'one of two listeners': (system) => system.on('exit', nothing).once('crash', nothing).off('exit', nothing),
  'a listener added after removeAllListeners()': (system) => system.removeAllListeners().on('exit', nothing),
  'exited, which was read': (system) => void system.exited,
  'an iterator': (system) => system.notifications(),
  'ref()': (system) => system.ref(),
};

const collected = new Set<string>();
const systems = new FinalizationRegistry<string>((name) => collected.add(name));
const ids = new Map<string, string>();

async function use(uses: Readonly<Record<string, Use>>): Promise<void> {
  for (const [name, used] of Object.entries(uses)) {
    const id = `${name} of ${process.pid}`.replaceAll(/[^a-z0-9]/gi, '-');
    const system = await ComputeSystem.create(id, containerDocument(), { host });
    await system.start();
    await used(system);
    systems.register(system, name);
    ids.set(name, id);
  }
}

const kept = (uses: object): string[] => Object.keys(uses).filter((name) => !collected.has(name));

// Once the later ones have been collected, those that are left of the earlier ones are kept.
await use(lasting);
await use(over);
await collectUntil(() => kept(over).length === 0);
console.log(`kept in vain: ${kept(over).join(', ') || 'none'}`);
console.log(
  `not kept: ${
    Object.keys(lasting)
      .filter((name) => !kept(lasting).includes(name))
      .join(', ') || 'none'
  }`,
);

for (const name of Object.keys(lasting)) await simulator.exit(ids.get(name)!);
await collectUntil(() => kept(lasting).length === 0);
console.log(`kept after the end: ${kept(lasting).join(', ') || 'none'}`);
