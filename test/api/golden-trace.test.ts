import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

import { ComputeSystem, HcsError } from 'hostcompute';
import type { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/documents.js';
import { useSimulator } from '../support/host.js';

// What the library asks of the host, and what the host answers, call by call. A change of it is a change of behaviour:
// look at it, and accept it with UPDATE_GOLDEN=1.
async function matchesGolden(name: string, lines: readonly string[]): Promise<void> {
  const file = `test/golden/${name}.txt`;
  const actual = lines.join('\n') + '\n';
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, actual);
  assert.equal(actual, await readFile(file, 'utf8'));
}

async function advance<T>(simulator: Simulator, pending: Promise<T>, ms: number): Promise<T> {
  assert.ok(await simulator.reached({ scheduled: 1, callsInside: 0 }), 'the host has taken the call');
  await simulator.advance(ms);
  return pending;
}

describe('The trace of the simulated host', () => {
  const bench = useSimulator();

  it('is the same as ever for the life of a container', async () => {
    const { simulator } = bench;
    await simulator.configure({ clock: 'virtual', profile: { create: 350, start: 900, terminate: 250 } });
    await simulator.inject({ function: 'HcsPauseComputeSystem', completionStatus: 0x80004005, delayMs: 10 });
    await simulator.startTrace();
    const host = simulator.host;
    const system = await advance(simulator, ComputeSystem.create('web', containerDocument(), { host }), 1000);
    await advance(simulator, system.start(), 2000);
    const process = await system.createProcess({ command: 'cmd /c sim-sleep 500 & exit 3' });
    assert.equal(
      await advance(
        simulator,
        process.exited.then((exit) => exit.exitCode),
        500,
      ),
      3,
    );
    await process.close();
    await assert.rejects(advance(simulator, system.pause(), 10), HcsError);
    await advance(simulator, system.terminate(), 1000);
    await system.close();
    await matchesGolden('container', await simulator.trace());
  });

  it('tells the sources of the latencies it simulates', async () => {
    for (const { Name, Simulated, Source } of await bench.simulator.profiles()) {
      assert.ok(Simulated);
      assert.match(Source, Name === 'none' ? /^$/ : /^https:/);
    }
  });

  it('refuses to move real time', async () => {
    await assert.rejects(bench.simulator.advance(1), /time is real/);
    await assert.rejects(bench.simulator.drain({ tasks: 5 }), /time is real/);
  });
});
