// Leaves the process in the state that its argument names, and lets it end by itself.
import { ComputeSystem, Host } from 'hostcompute';
import { Network, networkEvents } from 'hostcompute/network';
import { Simulator } from 'hostcompute/simulator';

import { limited } from '../../support/backend.js';
import { containerDocument } from '../../support/documents.js';

const simulator = await Simulator.open();
const { host } = simulator;

// What is open here stays referenced: the warning about what is collected has tests of its own.
const kept: unknown[] = [];
process.once('exit', () => kept.length);
const keep = <T>(opened: T): T => {
  kept.push(opened);
  return opened;
};
const create = async (id = 'system') => keep(await ComputeSystem.create(id, containerDocument(), { host }));

const running = async () => {
  const system = await create();
  await system.start();
  return system;
};

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

  async 'hung-call-timed-out'() {
    const system = await create();
    await simulator.inject({ function: 'HcsStartComputeSystem', block: true });
    const started = system
      .start({ timeoutMs: 300 })
      .catch((error: unknown) => console.log((error as Error).name, host.stuckCalls));
    await simulator.reached({ blockedCalls: 1 });
    await started;
    // Nothing holds this timer: it comes to nothing where the call does not hold the process.
    const still = (): void => {
      console.log('still there');
      void simulator.clear();
    };
    if (limited('givenUpCalls')) setTimeout(still, 100).unref();
  },

  async 'close-timed-out-and-awaited-again'() {
    const system = await create();
    await simulator.inject({ function: 'HcsCloseComputeSystem', block: true });
    await system.close({ timeoutMs: 10 }).catch((error: unknown) => console.log((error as Error).name));
    void system.close().then(() => console.log('closed'));
    setTimeout(() => void simulator.clear(), 10).unref();
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
    await watched.reached({ blockedCalls: limited('hungCalls') ? 3 : 64 });
    process.exit(4);
  },

  async 'exit-in-a-storm'() {
    const system = await create();
    system.ref().on('notification', ({ data }) => {
      if (data === '1000') process.exit(5);
    });
    // The storm is not awaited: the program ends before its first notification, whoever is faster.
    void simulator.notify({ system: system.id, type: 0x77, count: 1_000_000, sequence: true });
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
    const other = keep(await ComputeSystem.open(system.id, { host }));
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

  async 'network-events'() {
    const events = keep(networkEvents({ host }));
    await events.ready;
    void events.next();
  },

  async 'network-events-ref'() {
    const events = keep(networkEvents({ host })).ref();
    await events.ready;
    await simulator.inject({ function: 'computenetwork.HcnCreateNetwork', callMs: 30 });
    void events.next().then(({ value }) => {
      console.log((value as { type: string }).type);
      events.unref();
    });
    void Network.create({ Name: 'web', Type: 'NAT' }, { host });
  },

  async 'process-until-exit'() {
    const system = await running();
    const child = keep(await system.createProcess({ command: 'sim-sleep 30', stdio: 'ignore' }));
    child.on('exit', ({ exitCode }) => console.log('exit', exitCode)).on('close', () => console.log('close'));
  },

  async 'process-with-output'() {
    const system = await running();
    const child = keep(
      await system.createProcess({ command: 'sim-flood 1000000', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    let count = 0;
    child.stdout.on('data', (chunk: Buffer) => (count += chunk.length)).on('end', () => console.log(count));
  },

  async 'process-unrefed'() {
    const child = keep(await (await running()).createProcess({ command: 'sim-sleep', stdio: 'ignore' }));
    child.unref().on('exit', () => console.log('exit'));
  },

  async 'process-closed'() {
    const child = keep(await (await running()).createProcess({ command: 'sim-sleep' }));
    child.stdout.resume();
    await child.close();
  },

  async 'process-host-closed'() {
    const child = keep(await (await running()).createProcess({ command: 'sim-flood 100000000' }));
    child.stdout.once('data', () => undefined);
    await host.close();
    console.log(child.stdout.destroyed);
  },

  async 'exit-with-processes'() {
    const system = await running();
    for (let i = 0; i < 5; i++) {
      const child = keep(await system.createProcess({ command: 'sim-flood 100000000' }));
      child.stdout.resume();
      child.stdin.on('error', () => undefined).write(Buffer.alloc(1_000_000));
    }
    process.exit(6);
  },

  async 'host-closed'() {
    await create();
    await host.close();
  },

  async 'host-never-closed'() {
    keep(await Host.open('simulated'));
  },
};

await states[process.argv[2] ?? '']?.();
console.log('end of program');
