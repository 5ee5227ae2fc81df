// Leaves the process in the state that its argument names, and lets it end by itself.
import { ComputeSystem, Host } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';

const simulator = await Simulator.open();
const { host } = simulator;
const create = (id = 'system') => ComputeSystem.create(id, containerDocument(), { host });

const states: Readonly<Record<string, () => Promise<void>>> = {
  async 'open-systems'() {
    for (let i = 0; i < 10; i++) await (await create(`system-${i}`)).start();
  },

  async listening() {
    const system = await create();
    await system.start();
    system.on('exit', () => console.log('exit')).on('notification', () => undefined);
    void system.exited.then(() => console.log('exited'));
    void (async () => {
      for await (const { type } of system.notifications()) console.log(type);
    })();
  },

  async 'call-in-flight'() {
    const system = await create();
    await simulator.inject({ function: 'HcsStartComputeSystem', delayMs: 30 });
    void system.start().then(() => console.log('started'));
  },

  async 'hung-call-given-up'() {
    const system = await create();
    await simulator.inject({ function: 'HcsStartComputeSystem', block: true });
    const started = system.start({ timeoutMs: 300 });
    await simulator.reached({ blockedCalls: 1 });
    await started.catch((error: unknown) => console.log((error as Error).name, host.stuckCalls));
  },

  async 'exit-with-hung-call'() {
    const system = await create();
    await simulator.inject({ function: 'HcsStartComputeSystem', block: true });
    void system.start();
    await simulator.reached({ blockedCalls: 1 });
    process.exit(3);
  },

  async 'exit-with-many-hung-calls'() {
    const watched = await Simulator.open();
    await simulator.inject({ function: 'HcsGetServiceProperties', count: 0, block: true });
    for (let i = 0; i < 100; i++) void host.serviceProperties();
    await watched.reached({ blockedCalls: 64 });
    process.exit(4);
  },

  async 'exit-in-a-storm'() {
    const system = await create();
    system.ref().on('notification', ({ data }) => {
      if (data === '1000') process.exit(5);
    });
    await simulator.notify({ system: system.id, type: 0x77, count: 1_000_000, sequence: true });
  },

  async 'throwing-listener'() {
    const system = await create();
    system.on('exit', () => {
      throw new Error('thrown by the listener');
    });
    await system.start();
    system.ref();
    await simulator.exit(system.id);
  },

  async 'ref-until-exit'() {
    const system = await create();
    await system.start();
    system.ref().on('exit', () => console.log('exit'));
    await simulator.inject({ function: 'HcsTerminateComputeSystem', delayMs: 30 });
    const other = await ComputeSystem.open(system.id, { host });
    void other.terminate();
  },

  async 'ref-then-unref'() {
    const system = await create();
    system.ref().unref();
  },

  async 'ref-then-close'() {
    const system = await create();
    system.ref();
    await system.close();
  },

  async 'host-closed'() {
    await create();
    await host.close();
  },

  async 'host-never-closed'() {
    await Host.open('simulated');
  },
};

await states[process.argv[2] ?? '']?.();
console.log('end of program');
