// The destination of a live migration, in a process with a simulated host of its own: port FAULT. It connects to that port of this
// machine, sends its parent how it ended and what state the machine is in, and waits to be told to end.
import { once } from 'node:events';
import { Socket } from 'node:net';

import { ComputeSystem } from 'hostcompute';
import type { FaultRule } from 'hostcompute/simulator';
import { Simulator } from 'hostcompute/simulator';

import { machineDocument } from '../../support/documents.js';

const [port, failing] = process.argv.slice(2);
const simulator = await Simulator.open({ api: 'computecore' });
const document = machineDocument({ MigrationOptions: { Origin: 'Destination' } });
const system = await ComputeSystem.create('there', document, { host: simulator.host });
if (failing !== undefined) {
  await simulator.inject({ function: failing as FaultRule['function'], status: 0x80004005 });
}

const socket = new Socket().pause();
socket.on('error', () => undefined);
socket.connect(Number(port), '127.0.0.1');
await once(socket, 'connect');
const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
const ended = await system.migration.receive({ socket: fd }).then(
  () => 'received',
  (error: unknown) => (error as Error).name,
);
socket.destroy();
const state = await system.properties().then(
  ({ State }) => State,
  () => 'Stopped',
);
process.send!({ ended, state });
await once(process, 'message');
await system.terminate();
await system.close();
await simulator.close();
process.disconnect();
