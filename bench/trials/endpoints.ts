// endpoints COUNT: JSON, the microseconds for each endpoint of creating, listing and deleting so many of one network, one after the
// other, and the KiB of resident memory of each.
import { Endpoint, Network } from 'hostcompute/network';
import { Simulator } from 'hostcompute/simulator';

import { networkDocument } from './network-document.js';

await using simulator = await Simulator.open();
const { host } = simulator;
const count = Number(process.argv[2]);
const network = await Network.create(networkDocument, { host });
const document = { Name: 'bench' };

// Threads and code that come with the first ones.
for (let i = 0; i < 50; i++) await (await Endpoint.create(network, document)).delete();

function resident(): number {
  gc!();
  return process.memoryUsage().rss;
}

async function each(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return ((performance.now() - started) * 1000) / count;
}

const before = resident();
const endpoints: Endpoint[] = [];
const create = await each(async () => {
  for (let i = 0; i < count; i++) endpoints.push(await Endpoint.create(network, document));
});
const memory = (resident() - before) / 1024 / count;
const list = await each(async () => {
  const { length } = await Endpoint.list({}, { host });
  if (length !== count) throw new Error(`${length} endpoints are listed`);
});
const deleted = await each(async () => {
  for (const endpoint of endpoints) await endpoint.delete();
});
console.log(JSON.stringify({ create, list, delete: deleted, memory }));
