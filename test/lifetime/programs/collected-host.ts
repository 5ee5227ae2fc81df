// Drops hosts without closing them, and collects. Prints the warnings, then what is left of the hosts.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ComputeSystem, Host } from 'hostcompute';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { collectUntil } from '../../support/gc.js';

const simulator = await Simulator.open();
let warnings = 0;
process.on('warning', ({ name, message, detail }: Error & { detail?: string }) => {
  warnings++;
  console.log(`${name}: ${message}`);
  console.log(detail?.includes('collected-host') === true ? 'it says where' : detail);
});

// Where the system does not say, there is nothing to see.
const threads = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0);

let open = 0;
const hosts = new FinalizationRegistry<undefined>(() => open--);
const count = (host: Host): void => {
  hosts.register(host, undefined);
  open++;
};
const file = join(tmpdir(), `collected-${process.pid}.jsonl`);

async function dropClosed(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const host = await Host.open('simulated', { debug: true });
    await host.close();
    count(host);
  }
}

async function drop(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const host = await Host.open('simulated', { debug: true });
    await Promise.all([host.serviceProperties(), host.serviceProperties()]);
    count(host);
  }
}

async function dropMore(): Promise<void> {
  const recorded = await record(file, { host: 'simulated' });
  await recorded.serviceProperties();
  count(recorded);
  // A system that nobody has goes with its host.
  const host = await Host.open('simulated', { debug: true });
  await ComputeSystem.create('dropped-with-its-host', containerDocument(), { host });
  count(host);
}

/** The threads of the system that is listened to: for its calls, two when they meet, which a later call may, and for its notifications. */
let listening = 0;

/** A system that is listened to keeps what it needs of its host. */
async function listen(): Promise<{ exitType?: string }> {
  const host = await Host.open('simulated', { debug: true });
  const system = await ComputeSystem.create('listened-to', containerDocument(), { host });
  await system.start();
  listening = Math.max(2, host.threads) + 1;
  count(host);
  const heard: { exitType?: string } = {};
  system.on('exit', ({ exitType = 'none' }) => (heard.exitType = exitType));
  return heard;
}

await dropClosed();
await collectUntil(() => open === 0);
let more = 0;
await collectUntil(() => ++more > 3); // for the finalizers of what they were made of
console.log(`warnings of hosts that were closed: ${warnings}`);
await simulator.host.serviceProperties();
const before = threads();
await drop();
await collectUntil(() => warnings > 0); // one that was opened with `debug`: only the first is reported
await dropMore();
const exit = await listen();
await collectUntil(() => open === 0 && threads() <= before + listening);
console.log(
  `hosts: ${open}, more threads than those of the system that is listened to: ${Math.max(0, threads() - before - listening)}`,
);
console.log(`closed: ${await simulator.reached({ handles: { system: 1 } })}`);
await simulator.exit('listened-to');
await collectUntil(() => exit.exitType !== undefined);
console.log(`exit of the system that is listened to: ${exit.exitType}`);
const lastLine = (): string => readFileSync(file, 'utf8').trim().split('\n').at(-1)!;
await collectUntil(() => lastLine().includes('"end"'));
console.log(`the recording ends with ${(JSON.parse(lastLine()) as { kind: string }).kind}`);
rmSync(file);
