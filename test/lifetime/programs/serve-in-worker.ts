// Serves its simulated host from a worker thread, and says whether the socket is there when that has ended.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { isMainThread, Worker } from 'node:worker_threads';

import { Simulator } from 'hostcompute/simulator';

const path = process.argv[2]!;

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: [path] });
  await once(worker, 'exit');
  process.send!(existsSync(path));
  process.disconnect();
} else {
  await using simulator = await Simulator.open();
  await simulator.serve(path);
}
