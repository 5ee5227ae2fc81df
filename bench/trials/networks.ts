// networks CYCLES MILLISECONDS FUNCTIONS: a line per cycle, nanoseconds of network, endpoint, namespace, attach, detach, delete and
// the whole. MILLISECONDS is what the simulated host takes in each of the functions, whose names have commas between them.
import { Endpoint, Namespace, Network } from 'hostcompute/network';
import { Simulator } from 'hostcompute/simulator';

import { networkDocument } from './network-document.js';

await using simulator = await Simulator.open();
const { host } = simulator;
const [cycles, milliseconds] = process.argv.slice(2).map(Number) as [number, number];
if (milliseconds > 0) {
  for (const name of process.argv[4]!.split(',')) {
    const function_ = `computenetwork.Hcn${name}` as 'computenetwork.HcnCreateNetwork';
    await simulator.inject({ function: function_, callMs: milliseconds, count: 0 });
  }
}
const lines: string[] = [];
for (let i = 0; i < cycles; i++) {
  const at = [performance.now()];
  const network = await Network.create(networkDocument, { host });
  at.push(performance.now());
  const endpoint = await Endpoint.create(network, { Name: 'bench' });
  at.push(performance.now());
  const namespace = await Namespace.create({}, { host });
  at.push(performance.now());
  await namespace.addEndpoint(endpoint);
  at.push(performance.now());
  await namespace.removeEndpoint(endpoint);
  at.push(performance.now());
  await endpoint.delete();
  await namespace.delete();
  await network.delete();
  at.push(performance.now());
  const phases = at.slice(1).map((time, index) => time - at[index]!);
  lines.push([...phases, at.at(-1)! - at[0]!].map((each) => Math.round(each * 1e6)).join(' '));
}
console.log(lines.join('\n'));
