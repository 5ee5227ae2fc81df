import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';

// Windows Server 2022 was seen to refuse the result of an operation whose process it had made before there was one.
describe('A process whose operation computecore.dll refuses', () => {
  let simulator: Simulator;
  let system: ComputeSystem;

  beforeEach(async () => {
    simulator = await Simulator.open({ api: 'computecore' });
    await simulator.reset();
    const { host } = simulator;
    system = await ComputeSystem.create(`created-at-once-${process.pid}`, containerDocument(), { host });
    await system.start();
    await simulator.inject({ function: 'computecore.HcsCreateProcess', completionStatus: 0x80070057 });
  });
  afterEach(async () => {
    await system.terminate();
    await system.close();
    await simulator.close();
  });

  it('is asked for its streams', async () => {
    await using child = await system.createProcess({ command: 'sim-cat', stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.end('hello');
    assert.deepEqual(await child.stdout.toArray(), [Buffer.from('hello')]);
    assert.equal((await child.exited).exitCode, 0);
  });

  it('is reported with that refusal when it has exited meanwhile, and leaves nothing', async () => {
    await simulator.inject({ function: 'computecore.HcsGetProcessInfo', status: 0x8037011f });
    const created = system.createProcess({ command: 'sim-cat', stdio: ['pipe', 'pipe', 'ignore'] });
    await assert.rejects(created, { code: 'E_INVALIDARG', operation: 'HcsCreateProcess' });
    assert.ok(await simulator.reached({ handles: { process: 0 }, pipes: 0, programs: 0 }));
  });
});
