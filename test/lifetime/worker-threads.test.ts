import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { HcsLibraryError } from 'hostcompute';
import { koffiLimits } from 'hostcompute';

import { limited } from '../support/backend.js';
import { openDescriptors, settledDescriptors } from '../support/descriptors.js';
import { useSimulator } from '../support/host.js';

function startWorker(name: string, count: number): Worker {
  return new Worker(new URL('./programs/cycles.js', import.meta.url), { workerData: { name, count } });
}

function startStorm(name: string, told: number): Worker {
  return new Worker(new URL('./programs/process-storm.js', import.meta.url), { workerData: { name, told } });
}

if (limited('workerThreads')) {
  describe('Worker threads', () => {
    it('get an error that names the reason and the alternative', async () => {
      const worker = startWorker('refused', 1);
      const [error] = (await once(worker, 'error')) as [HcsLibraryError];
      assert.equal(error.code, 'ERR_HC_LIBRARY');
      assert.ok(error.message.includes(koffiLimits.workerThreads), error.message);
      assert.equal(error.remedy, 'Open the host on the main thread');
    });
  });
} else {
  describe('Worker threads', () => {
    const bench = useSimulator();

    it('each run their own systems concurrently', async () => {
      const workers = Array.from({ length: 4 }, (_, i) => startWorker(`${bench.id()}-${i}`, 50));
      const endings = workers.map((worker) => once(worker, 'exit'));
      const main = Array.from({ length: 20 }, async () => (await bench.running()).terminate());
      await Promise.all(main);
      assert.deepEqual(
        await Promise.all(endings),
        workers.map(() => [0]),
      );
    });

    it('can be terminated during calls, and leave nothing open', async () => {
      const mine = await bench.running();
      for (let round = 0; round < 5; round++) {
        const worker = startWorker(bench.id(), 1_000_000);
        await once(worker, 'message');
        await worker.terminate();
      }
      assert.ok(
        await bench.simulator.reached({
          handles: { system: 1, registration: 1 },
          callsInside: 0,
          pipes: 0,
          programs: 0,
        }),
      );
      assert.equal((await mine.properties()).State, 'Running');
    });

    it('can be terminated while a call hangs, whose handle is closed when it returns', async () => {
      const worker = startWorker(bench.id(), 1_000_000);
      await once(worker, 'message');
      const fault = await bench.simulator.inject({ function: 'HcsCreateComputeSystem', block: true });
      await bench.simulator.reached({ blockedCalls: 1 });
      await worker.terminate();
      await fault.release();
      assert.ok(await bench.simulator.reached({ handles: { system: 0, registration: 0 }, callsInside: 0 }));
    });

    // Each round ends at another moment of the delivery. On Windows, which does not say what is open, it shows that nothing
    // crashes.
    it('can be terminated during process delivery, and leave no descriptor open', async function () {
      this.timeout(600_000);
      const nothing = { handles: { system: 0, process: 0, registration: 0 }, callsInside: 0, pipes: 0, programs: 0 };
      const before = openDescriptors();
      for (let round = 0; round < 16; round++) {
        const worker = startStorm(bench.id(), 1 + round * 33);
        await once(worker, 'message');
        await worker.terminate();
        assert.ok(await bench.simulator.reached(nothing));
        // The thread is gone, and with it what it alone had open.
        assert.ok((await settledDescriptors(before)) <= before, `round ${round}`);
      }
    });
  });
}
