import assert from 'node:assert/strict';

import { limited } from '../support/backend.js';
import { openDescriptors } from '../support/descriptors.js';
import { useSimulator } from '../support/host.js';
import { runProgram } from '../support/child.js';

const mebibyte = 1024 * 1024;

interface InUse {
  readonly Handles: { readonly Process: number };
  readonly Pipes: number;
  readonly Programs: number;
  readonly descriptors?: number;
  readonly heap: number;
}

describe('Thousands of processes', () => {
  const bench = useSimulator();

  // It keeps JavaScript busy until the host has made them all.
  if (!limited('busyLoop')) {
    it('do not block the event loop while they are delivered', async () => {
      const system = await bench.running();
      await system.properties();
      const before = openDescriptors();
      const turnOf: number[] = [];
      let turn = 0;
      const count = (): void => {
        turn++;
        if (turnOf.length < 200) setImmediate(count);
      };
      setImmediate(count);
      const made = Array.from({ length: 200 }, async () => {
        const process = await system.createProcess({ command: 'sim-sleep' });
        turnOf.push(turn);
        return process;
      });
      // In a microtask: the calls have been begun. Where the system tells, wait until the host has made them all: then
      // all that they bring is there at once.
      await Promise.resolve();
      setImmediate(() => {
        while (process.platform === 'linux' && openDescriptors() < before + 200 * 6);
      });
      for (const process of await Promise.all(made)) await process.close();
      const perTurn = [...new Set(turnOf)].map((each) => turnOf.filter((other) => other === each).length);
      // Two batches of 16 fit into a turn of the loop, and a third where the counting is between them.
      assert.ok(Math.max(...perTurn) <= 48, String(perTurn));
    });
  }

  it('leave nothing behind: 10,000 processes', async function () {
    this.timeout(600_000);
    const { code, stdout, stderr } = await runProgram('many-processes', ['10000'], ['--expose-gc']);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const [early, late] = JSON.parse(stdout) as [InUse, InUse];
    const { heap: earlyHeap, ...inUse } = early;
    const { heap: lateHeap, ...inUseLater } = late;
    assert.deepEqual(inUseLater, inUse);
    assert.deepEqual([inUse.Handles.Process, inUse.Pipes, inUse.Programs], [0, 0, 0]);
    // 8,000 processes that each left a kilobyte would be 8 MiB.
    assert.ok(lateHeap - earlyHeap < 2 * mebibyte, `the heap has grown by ${lateHeap - earlyHeap}`);
  });

  it('stream 1 GiB to a slow reader in constant memory', async function () {
    this.timeout(600_000);
    const { code, stdout, stderr } = await runProgram('slow-reader', [String(1024 * mebibyte)]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const { read, exitCode, most } = JSON.parse(stdout) as { read: number; exitCode: number; most: number };
    assert.deepEqual([read, exitCode], [1024 * mebibyte, 0]);
    assert.ok(most < 64 * mebibyte, `memory has grown by ${most}`);
  });
});
